import { describe, expect, it } from '@jest/globals';
import { follow, type Followed, type News, type Seen } from './follow.ts';
import { followSplit, type Split, type SplitNews } from './follow-split.ts';
import { hasLeft, leftNumbers, stateOf } from './statuses.ts';

const now = '2026-03-02T10:00:00Z';
const line = { row: '1', article: 'TEE', quantity: '2' };
const read = { step: 9, started: 8, now };
const was: Followed = {
  number: '5178-SE',
  channel: 'SE',
  revision: 1,
  state: 'accepted',
  accepted: true,
  pending: false,
  status: 300,
  parcels: [],
  lines: [{ ...line, picked: true }],
  there: [line],
  acceptedAt: 3,
};
const seen: Seen = {
  status: 450,
  statusText: 'Sent',
  state: 'sent',
  shipped: true,
  shippedAt: now,
  carrier: 'Simulated Post',
  parcels: [],
  picked: [line],
  lines: [line],
};
const parcel = (key: string, ...numbers: string[]) => ({
  key,
  numbers: [key, ...numbers],
  trackingNumber: numbers[0] ?? key,
  lines: [],
});

/** What is told over several looks at one order. */
function told(...looks: Partial<Seen>[]): { type: string; data: Record<string, unknown> }[] {
  let followed = was;
  const events: News['events'] = [];
  for (const look of looks) {
    const news = follow(followed, { ...seen, ...look }, read);
    followed = { ...followed, doubted: undefined };
    if (news === undefined || news === 'early') continue;
    events.push(...news.events);
    followed = {
      ...followed,
      status: news.status,
      state: news.state,
      parcels: news.parcels,
      there: news.there,
      doubted: news.doubted,
    };
  }
  return events.map(({ type, data }) => ({ type, data: data as Record<string, unknown> }));
}
const shipments = (...looks: Partial<Seen>[]) =>
  told(...looks)
    .filter(({ type }) => type === 'order.shipped')
    .map(({ data }) => [
      data.parcel,
      data.trackingNumber,
      (data.lines as { quantity: string }[]).map((l) => l.quantity),
    ]);

describe('an order that is followed', () => {
  it('tells a status once, however often it is seen', () => {
    const looks = [{ status: 320, state: 'picking', shipped: false } as const];
    expect(told(...looks, ...looks, ...looks).map(({ data }) => data.state)).toEqual(['picking']);
  });

  it('tells each parcel once, and all pieces once', () => {
    expect(shipments({ parcels: [parcel('A')] }, { parcels: [parcel('A')] })).toEqual([['A', 'A', ['2']]]);
    expect(shipments({ parcels: [parcel('A'), parcel('B')] })).toEqual([
      ['A', 'A', ['2']],
      ['B', 'B', []],
    ]);
  });

  it('tells a parcel that follows late', () => {
    expect(shipments({ parcels: [parcel('A')] }, { parcels: [parcel('A'), parcel('B')] })).toEqual([
      ['A', 'A', ['2']],
      ['B', 'B', []],
    ]);
  });

  it('knows a parcel again that was first seen by its waybill', () => {
    expect(shipments({ parcels: [parcel('UA1')] }, { parcels: [parcel('0037', 'ua1')] })).toEqual([
      ['UA1', 'UA1', ['2']],
    ]);
  });

  it('keeps parcels apart that share a waybill', () => {
    const both = [parcel('0037', 'UA1'), parcel('0038', 'UA1')];
    expect(shipments({ parcels: both.slice(0, 1) }, { parcels: both }).map(([key]) => key)).toEqual([
      '0037',
      '0038',
    ]);
  });

  it('tells which lines lie in which parcel where Ongoing says so', () => {
    const split = [
      { ...parcel('A'), lines: [{ ...line, quantity: '1' }] },
      { ...parcel('B'), lines: [{ ...line, quantity: '1' }] },
    ];
    expect(shipments({ parcels: split })).toEqual([
      ['A', 'A', ['1']],
      ['B', 'B', ['1']],
    ]);
  });

  it('is shipped as a whole where there is no number at all', () => {
    expect(shipments({}, {})).toEqual([['order', undefined, ['2']]]);
  });

  it('found cancelled is cancelled by the warehouse, once, and ships nothing', () => {
    const cancelled = { status: 1000, state: 'cancelled', shipped: false } as const;
    expect(told(cancelled, cancelled).map(({ type, data }) => [type, data.by])).toEqual([
      ['order.status-changed', undefined],
      ['order.cancelled', 'warehouse'],
    ]);
  });

  it('waits for its own write: what it is being asked, nobody else has done', () => {
    const cancelled: Seen = { ...seen, status: 1000, state: 'cancelled', shipped: false };
    expect(follow({ ...was, pending: true }, cancelled, read)).toBe('early');
    expect(follow({ ...was, accepted: false, state: 'queued' }, seen, read)).toBe('early');
    expect(follow({ ...was, accepted: false, state: 'refused' }, seen, read)).toBeUndefined();
  });
});

describe('an order that people of the warehouse change', () => {
  const open: Partial<Seen> = { status: 300, state: 'released', shipped: false, picked: [] };
  const fewer = { ...open, lines: [{ ...line, quantity: '1' }] };
  const edits = (...looks: Partial<Seen>[]) => told(...looks).filter(({ type }) => type === 'order.edited');

  it('is told once per change, with what it was before', () => {
    const more = { ...open, lines: [...fewer.lines, { row: 'H1', article: 'CAP', quantity: '3' }] };
    const looks = [open, fewer, fewer, fewer, more, more, open, open];
    expect(edits(...looks).map(({ data }) => [data.before, data.lines])).toEqual([
      [[line], fewer.lines],
      [fewer.lines, more.lines],
      [more.lines, [line]],
    ]);
  });

  it('is not told by one read alone, nor by two that differ', () => {
    const odd = { ...open, lines: [{ ...line, row: '' }] };
    expect(edits(open, odd, open, odd, fewer, open)).toEqual([]);
    expect(edits(open, odd, fewer, fewer)).toHaveLength(1);
  });

  it('is not changed by another way to write the same lines', () => {
    const same = {
      ...open,
      lines: [
        { ...line, quantity: '2.0' },
        { row: '9', article: 'CAP', quantity: '0' },
      ],
    };
    expect(edits(same)).toEqual([]);
  });

  it('says nothing where nobody knows how it was written', () => {
    expect(follow({ ...was, status: 300, there: null }, { ...seen, ...fewer }, read)).toBeUndefined();
  });

  it('is not judged by a read that may be older than our own write', () => {
    expect(follow({ ...was, status: 300, acceptedAt: 8 }, { ...seen, ...fewer }, read)).toBeUndefined();
    expect(follow({ ...was, status: 300, pending: true }, { ...seen, ...fewer }, read)).toBeUndefined();
  });
});

describe('an order that carries pieces of ours', () => {
  const order = { number: '5178-SE', channel: 'SE', lines: was.lines };
  const first: Split = { wmsOrderId: 61_008, number: '5178-SE-1', lines: null, parcels: [] };
  const part = {
    ...seen,
    lines: [{ ...line, row: '7', quantity: '1' }],
    picked: [{ ...line, row: '7', quantity: '1' }],
  };
  const says = (news: SplitNews | undefined) =>
    news?.events.map(({ type, data }) => {
      const { into, parcel: key, lines } = data as Record<string, unknown>;
      return [type, into ?? key, lines];
    });

  it('is told with what it has, in the rows of our order, and its parcels as ours', () => {
    const news = followSplit(order, first, { ...part, parcels: [parcel('0040', 'UA9')] }, now);
    const lines = [{ ...line, quantity: '1' }];
    expect(says(news)).toEqual([
      ['order.split', '5178-SE-1', lines],
      ['order.shipped', '5178-SE-1/0040', lines],
    ]);
    expect(
      followSplit(order, { ...first, ...news }, { ...part, parcels: [parcel('0040', 'UA9')] }, now),
    ).toBe(undefined);
  });

  it('that is cancelled has nothing any more', () => {
    const known = { ...first, lines: [{ ...line, quantity: '1' }] };
    const cancelled: Seen = { ...part, status: 1000, state: 'cancelled', shipped: false };
    expect(says(followSplit(order, known, cancelled, now))).toEqual([['order.split', '5178-SE-1', []]]);
  });
});

describe('a status number', () => {
  it('says that an order has left by what it is configured to mean, or as a standard number; others say nothing', () => {
    const settings = {
      ORDER_STATUSES: new Map([[425, 'sent'] as const, [460, 'picking'] as const]),
      SHIPPED_FROM: 450,
    };
    const left = [400, 425, 450, 460, 475, 500, 777].filter((number) => hasLeft(number, settings));
    expect(left).toEqual([425, 450, 500]);
    expect(hasLeft(400, { ...settings, SHIPPED_FROM: 400 })).toBe(true);
    expect(hasLeft(450, { ...settings, SHIPPED_FROM: 500 })).toBe(false);
    expect(leftNumbers(settings).toSorted()).toEqual([425, 450, 500, 800]);
  });

  it('is read by the configuration first, then by the standard, and is never fatal', () => {
    const configured = new Map([[451, 'collected'] as const, [300, 'picking'] as const]);
    expect([300, 320, 451, 477].map((number) => stateOf(number, configured))).toEqual([
      'picking',
      'picking',
      'collected',
      'unknown',
    ]);
  });
});

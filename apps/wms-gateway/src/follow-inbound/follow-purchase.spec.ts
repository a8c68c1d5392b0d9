import { describe, expect, it } from '@jest/globals';
import {
  followPurchase,
  type FollowedPurchase,
  type Received,
  type SeenPurchase,
} from './follow-purchase.ts';
import { purchaseStateOf } from './purchase-states.ts';

const now = '2026-03-10T10:00:00Z';
const was: FollowedPurchase = {
  number: 'P1-ERP',
  channel: 'ERP',
  revision: 1,
  state: 'accepted',
  accepted: true,
  pending: false,
  wmsId: 55_001,
  status: 100,
  closed: false,
  told: null,
};
const some = (quantity: string, more: Partial<Received> = {}): Received => ({
  row: '10',
  article: 'TEE',
  quantity,
  ...more,
});
const look = (received: Received[], more: Partial<SeenPurchase> = {}): SeenPurchase => ({
  status: 300,
  statusText: 'Inbound',
  state: 'receiving',
  received,
  lines: [{ row: '10', article: 'TEE', ordered: '20', received: '0' }],
  ...more,
});

/** What is told over several looks at one purchase order. */
function told(...looks: SeenPurchase[]): [string, unknown][] {
  let followed = was;
  return looks.flatMap((seen) => {
    const news = followPurchase(followed, seen, now);
    if (!news) return [];
    const { events, ...next } = news;
    followed = { ...followed, doubted: undefined, ...next };
    return events.map(({ type, data }): [string, unknown] => [type.replace('purchase-order.', ''), data]);
  });
}
const receipts = (...looks: SeenPurchase[]) =>
  told(...looks)
    .filter(([type]) => type === 'received')
    .map(([, data]) => {
      const { receipt, lines } = data as { receipt: string; lines: unknown[] };
      return [receipt, lines];
    });

describe('receipts of a purchase order', () => {
  it('are told once each, with what came since the one before', () => {
    expect(receipts(look([some('8')]), look([some('8')]), look([some('20')]), look([some('20')]))).toEqual([
      ['55001-1', [some('8')]],
      ['55001-2', [some('12')]],
    ]);
  });

  it('are told by batch, date and serial number', () => {
    const first = [some('5', { batch: 'B7', expiresOn: '2027-01-31' }), some('2', { serials: ['S1', 'S2'] })];
    const second = [
      first[0] as Received,
      some('3', { serials: ['S1', 'S2', 'S3'] }),
      some('1', { batch: 'B8' }),
    ];
    expect(receipts(look(first), look(second))).toEqual([
      ['55001-1', first],
      ['55001-2', [some('1', { serials: ['S3'] }), some('1', { batch: 'B8' })]],
    ]);
  });

  it('are less than nothing where the warehouse takes back what it counted too many', () => {
    const looks = ['8', '6', '6', '6'].map((count) => look([some(count)]));
    expect(receipts(...looks, look([]), look([])).map(([, lines]) => lines)).toEqual([
      [some('8')],
      [some('-2')],
      [some('-6')],
    ]);
  });

  it('are not taken back by one read alone, in which a batch or a piece is missing', () => {
    const whole = look([some('8', { batch: 'B7' })]);
    expect(receipts(whole, look([some('8')]), whole, look([some('6')]), whole)).toHaveLength(1);
  });

  it('are told after the end as well', () => {
    const end = look([some('8')], { status: 400, state: 'deviating' });
    expect(told(end, { ...end, received: [some('9')] }).map(([type]) => type)).toEqual([
      'status-changed',
      'received',
      'closed',
      'received',
    ]);
  });
});

describe('the end of a purchase order', () => {
  const lines = (received: string) => [{ row: '10', article: 'TEE', ordered: '20', received }];

  it.each([
    ['in full', '20.0', 500, 'received', false],
    ['too few', '7', 400, 'deviating', true],
    ['too many', '23', 400, 'deviating', true],
    ['declared in full although it is not', '19', 500, 'received', true],
  ] as const)('%s is told once', (_how, received, status, state, deviation) => {
    const end = look([some(received)], { status, state, lines: lines(received) });
    const closed = told(end, end).filter(([type]) => type === 'closed');
    expect(closed).toMatchObject([['closed', { deviation, lines: lines(received) }]]);
  });

  it('found cancelled is cancelled by the warehouse, once', () => {
    const cancelled = look([], { status: 900, state: 'cancelled' });
    expect(told(cancelled, cancelled).map(([type]) => type)).toEqual(['status-changed', 'cancelled']);
  });

  it('is not believed while our own write is open', () => {
    const cancelled = look([], { status: 900, state: 'cancelled' });
    expect(followPurchase({ ...was, pending: true }, cancelled, now)).toBeUndefined();
    expect(followPurchase({ ...was, accepted: false, state: 'queued' }, look([]), now)).toBeUndefined();
  });
});

describe('a status number of purchase orders', () => {
  it('is read by the configuration first, then by the standard, and is never fatal', () => {
    const configured = new Map([[350, 'received' as const]]);
    expect([100, 350, 400, 777].map((number) => purchaseStateOf(number, configured))).toEqual([
      'advised',
      'received',
      'deviating',
      'unknown',
    ]);
  });
});

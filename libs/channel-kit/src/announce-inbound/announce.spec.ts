import { describe, expect, it } from '@jest/globals';
import { announce, type KnownAnnouncement } from './announce.ts';
import type { ShopPurchase, ShopReturn, UnreadableAnnouncement } from './inbound.ts';

const rules = {
  kind: 'purchase-order',
  channel: { code: 'ERP', startAt: '2026-01-01T00:00:00Z' },
} as const;
const purchase: ShopPurchase = {
  id: 'gid-1',
  number: 'PO-1',
  placedAt: '2026-03-01T10:00:00Z',
  changedAt: '2026-03-01T10:00:00Z',
  state: 'placed',
  expectedOn: '2026-03-10',
  lines: [{ id: '10', article: 'TEE', quantity: '20' }],
};
const later = (minute: number, more: Partial<ShopPurchase> = {}): ShopPurchase => ({
  ...purchase,
  changedAt: `2026-03-01T10:${String(minute).padStart(2, '0')}:00Z`,
  ...more,
});

/** What is said over several readings, and what is remembered at the end. */
function read(...readings: (ShopPurchase | UnreadableAnnouncement)[]) {
  let known: KnownAnnouncement | undefined;
  const said = readings.flatMap((one) => {
    const result = announce(known, one, rules);
    known = result.known ?? known;
    return result.event ? [result.event] : [];
  });
  const events = said.map(({ type, data }) => {
    const { revision, expectedOn } = data as { revision: number; expectedOn?: string };
    return [type.replace('purchase-order.', ''), revision, expectedOn];
  });
  return { events, known, said };
}

describe('a purchase order of a system', () => {
  it('is placed once under the number of the WMS, however often it is read', () => {
    const { events, said } = read(purchase, purchase, later(1));
    expect(events).toEqual([['placed', 1, '2026-03-10']]);
    expect(said[0]?.data).toMatchObject({
      number: 'PO-1-ERP',
      shopNumber: 'PO-1',
      shopOrderId: 'gid-1',
      lines: [{ row: '10', article: 'TEE', quantity: '20' }],
    });
  });

  it('is amended when anything of it has changed, and cancelled once', () => {
    const cancelled = later(3, { state: 'cancelled', cancelReason: 'no cloth' });
    expect(
      read(purchase, later(1, { expectedOn: '2026-04-01' }), later(2), cancelled, cancelled).events,
    ).toEqual([
      ['placed', 1, '2026-03-10'],
      ['amended', 2, '2026-04-01'],
      ['amended', 3, '2026-03-10'],
      ['cancel-requested', 4, undefined],
    ]);
  });

  it('is not changed by an older reading, nor after its cancel', () => {
    const changed = later(2, { expectedOn: '2026-04-01' });
    expect(read(changed, later(1)).events).toHaveLength(1);
    const cancelled = later(3, { state: 'cancelled' });
    expect(read(purchase, cancelled, later(4, { expectedOn: '2026-05-01' })).events).toHaveLength(2);
  });

  it('that was placed before the start, or is cancelled already, is never sent on', () => {
    const old = { placedAt: '2025-12-31T23:59:59Z' };
    expect(read(later(1, old), later(2, { ...old, expectedOn: '2026-05-01' })).events).toEqual([]);
    expect(read(later(1, { state: 'cancelled' }), later(2, { state: 'cancelled' })).events).toEqual([]);
  });

  it.each<[string, Partial<ShopPurchase>]>([
    ['quantity', { lines: [{ id: '10', article: 'TEE', quantity: 'many' }] }],
    ['lines', { lines: [] }],
    ['same row', { lines: [purchase.lines[0]!, purchase.lines[0]!] }],
    ['number cannot be used', { number: 'x'.repeat(60) }],
    ['time of change', { changedAt: 'yesterday' }],
  ])('with a faulty %s is listed with the reason, until it is corrected', (what, fault) => {
    const { known, events } = read({ ...purchase, ...fault });
    expect([known?.state, events]).toEqual(['unreadable', []]);
    expect(known?.attention).toContain(what);
    const corrected = announce(known, later(9), rules);
    expect(corrected.event?.type).toBe('purchase-order.placed');
    expect(corrected.known?.attention).toBeUndefined();
  });

  it('keeps what was sent on when a change of it cannot be read', () => {
    const { known, events } = read(purchase, later(1, { lines: [] }), later(2));
    expect(events).toHaveLength(1);
    expect(known).toMatchObject({ state: 'announced', revision: 1 });
  });

  it('is refused under a number that another one of the system has', () => {
    const result = announce(undefined, purchase, { ...rules, isTaken: () => true });
    expect(result.known).toMatchObject({ state: 'unreadable' });
    expect(result.event).toBeUndefined();
  });
});

describe('a return of a shop', () => {
  const goods: ShopReturn = {
    id: 'gid-r1',
    number: 'R1',
    order: '5178',
    placedAt: '2026-03-05T10:00:00Z',
    changedAt: '2026-03-05T10:00:00Z',
    state: 'placed',
    lines: [{ id: '1', orderLine: '7', article: 'TEE', quantity: '1', cause: { code: 'TOO-SMALL' } }],
  };
  const ofReturns = { kind: 'return', channel: { code: 'SE', startAt: '2026-01-01T00:00:00Z' } } as const;

  it('is announced of its order in the words of the WMS, again when it changes, and withdrawn', () => {
    const first = announce(undefined, goods, ofReturns);
    expect(first.event).toMatchObject({
      type: 'return.announced',
      key: 'R1-SE',
      data: {
        order: '5178-SE',
        revision: 1,
        lines: [{ row: '1', orderRow: '7', cause: { code: 'TOO-SMALL' } }],
      },
    });
    const changed = {
      ...goods,
      changedAt: '2026-03-05T10:01:00Z',
      lines: [{ ...goods.lines[0]!, quantity: '2' }],
    };
    const second = announce(first.known, changed, ofReturns);
    expect(second.event).toMatchObject({ type: 'return.announced', data: { revision: 2 } });
    const gone = { ...changed, changedAt: '2026-03-05T10:02:00Z', state: 'cancelled' as const };
    const third = announce(second.known, gone, ofReturns);
    expect(third.event).toMatchObject({ type: 'return.withdrawn', data: { revision: 3 } });
    expect(announce(third.known, gone, ofReturns)).toEqual({});
  });

  it('of an order whose number cannot be one is listed', () => {
    const blank: ShopReturn = { ...goods, order: ' ' };
    const faulty = announce(undefined, blank, ofReturns);
    expect(faulty.known).toMatchObject({ state: 'unreadable', attention: expect.stringContaining('number') });
  });
});

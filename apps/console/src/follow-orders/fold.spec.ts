import { describe, expect, it } from '@jest/globals';
import { assert, property, shuffledSubarray } from 'fast-check';
import { fold, inOrder, type StoredEvent } from './fold.ts';
import type { Kept } from './keep.ts';

const topics: Record<string, string> = {
  'order.placed': 'channel.orders.v1',
  'order.cancel-requested': 'channel.orders.v1',
  'order.reserved': 'stock.orders.v1',
  'order.short': 'stock.orders.v1',
  'order.waiting': 'stock.orders.v1',
  'order.rejected': 'stock.orders.v1',
  'order.released': 'stock.orders.v1',
  'order.cancel-forwarded': 'stock.orders.v1',
};

/** Events a second apart, with offsets per topic that grow. */
function eventsOf(...kept: Kept[]): StoredEvent[] {
  return kept.map((one, index) => ({
    id: `e${index}`,
    topic: topics[one.type] ?? 'wms.orders.v1',
    position: String(index),
    at: new Date(Date.UTC(2026, 10, 24, 9, 0, index)).toISOString(),
    source: 'samlast/test',
    kept: one,
  }));
}

const placed: Kept = {
  type: 'order.placed',
  revision: 1,
  shopOrderId: 'id',
  orderType: 'B2C',
  placedAt: '2026-11-24T09:00:00Z',
  lines: [{ row: '1', article: 'KETTLE', quantity: '2', picked: true }],
};
const held: Kept = {
  type: 'order.short',
  revision: 1,
  outcome: 'held',
  shortages: [{ article: 'KETTLE', reason: 'stock', wanted: '2', missing: '1' }],
};
const reserved: Kept = { type: 'order.reserved', revision: 1 };
const accepted: Kept = { type: 'order.accepted', revision: 1, wmsOrderId: 61007 };
const refused: Kept = { type: 'order.refused', revision: 1, reason: 'wms', text: 'No such way of delivery' };
const cancelAsked: Kept = { type: 'order.cancel-requested', revision: 2 };
const parcel = (name: string, quantity: string): Kept => ({
  type: 'order.shipped',
  parcel: name,
  lines: [{ row: '1', article: 'KETTLE', quantity }],
  shippedAt: '2026-11-24T09:30:00Z',
});

describe('fold', () => {
  it.each<[string, Kept[], string]>([
    ['placed', [placed], 'placed'],
    ['waiting', [placed, { type: 'order.waiting', revision: 1, articles: ['KETTLE'] }], 'waiting'],
    ['held', [placed, held], 'held'],
    ['reserved after it was held', [placed, held, reserved], 'reserved'],
    ['in the warehouse', [placed, reserved, accepted], 'in-warehouse'],
    ['refused', [placed, reserved, refused], 'refused'],
    ['in the warehouse after a refusal', [placed, reserved, refused, accepted], 'in-warehouse'],
    [
      'in the warehouse after its change was refused',
      [placed, reserved, accepted, { ...refused, revision: 2 }],
      'in-warehouse',
    ],
    ['shipped', [placed, reserved, accepted, parcel('P1', '2')], 'shipped'],
    [
      'rejected and released',
      [
        placed,
        held,
        { type: 'order.rejected', revision: 1, by: 'Eva', reason: 'gone' },
        { type: 'order.released', revision: 1, cause: 'rejected' },
      ],
      'rejected',
    ],
    [
      'cancelled before the warehouse had it',
      [placed, held, cancelAsked, { type: 'order.released', revision: 2, cause: 'cancelled-before-wms' }],
      'cancelled',
    ],
    [
      'cancelled in the warehouse',
      [placed, reserved, accepted, cancelAsked, { type: 'order.cancelled', revision: 2, by: 'channel' }],
      'cancelled',
    ],
  ])('says that an order is %s', (_words, kept, state) => {
    expect(fold(eventsOf(...kept)).state).toBe(state);
  });

  it('says what is missing only while the order is held or was rejected', () => {
    expect(fold(eventsOf(placed, held)).shortages).toHaveLength(1);
    expect(fold(eventsOf(placed, held, reserved)).shortages).toEqual([]);
  });

  it('counts the pieces of every parcel once', () => {
    const { lines } = fold(
      eventsOf(placed, reserved, accepted, parcel('P1', '0.5'), parcel('P2', '1'), parcel('P1', '0.5')),
    );
    expect(lines).toMatchObject([{ quantity: '2', shipped: '1.5' }]);
  });

  it('knows that a cancel is asked for until somebody has answered it', () => {
    const asked = [placed, reserved, accepted, cancelAsked];
    expect(fold(eventsOf(...asked)).cancelAsked).toBe(true);
    const answer: Kept = { type: 'order.cancel-refused', revision: 2, reason: 'too-late' };
    expect(fold(eventsOf(...asked, answer)).cancelAsked).toBe(false);
  });

  it('trusts offsets before clocks within a topic', () => {
    const [first, second, third] = eventsOf(placed, held, reserved) as [
      StoredEvent,
      StoredEvent,
      StoredEvent,
    ];
    const backwards = { ...third, at: new Date(Date.parse(second.at) - 500).toISOString() };
    expect(fold([backwards, first, second]).state).toBe('reserved');
  });

  it('puts a cause before its effect where both clocks read the same', () => {
    const [a, b, c] = eventsOf(placed, reserved, accepted) as [StoredEvent, StoredEvent, StoredEvent];
    const same = [c, b, a].map((event) => ({ ...event, at: a.at }));
    expect(inOrder(same).map(({ id }) => id)).toEqual(['e0', 'e1', 'e2']);
  });

  it('says the same in whatever order the events came', () => {
    const events = eventsOf(placed, held, reserved, refused, accepted, cancelAsked, parcel('P1', '2'));
    assert(
      property(shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
        expect(fold(shuffled)).toEqual(fold(events));
      }),
    );
  });
});

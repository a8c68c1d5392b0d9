import { describe, expect, it } from '@jest/globals';
import type { ReadOrder, ShopOrder } from '../shop.ts';
import { rules } from '../testing/one-order.ts';
import { importOrder, type KnownOrder } from './import.ts';
import { unsentNote } from './unsent-note.ts';

const order: ShopOrder = {
  id: 'o-1',
  number: '5178',
  placedAt: '2026-11-24T10:00:00Z',
  changedAt: '2026-11-24T10:00:00Z',
  state: 'placed',
  consignee: { name: 'Kim Buyer' },
  lines: [{ id: '1', article: 'MUG', quantity: '2' }],
};
const at = (minute: number, change: Partial<ShopOrder> = {}): ShopOrder => ({
  ...order,
  changedAt: `2026-11-24T10:0${minute}:00Z`,
  ...change,
});

/** The remarks that these readings leave, one after the other. */
function notesOf(...readings: ReadOrder[]) {
  let known: KnownOrder | undefined;
  return readings.flatMap((read) => {
    const { order: next } = importOrder(known, read, rules);
    const note = next && unsentNote(known, next);
    known = next ?? known;
    return note ?? [];
  });
}

describe('what the staff of a shop reads of an order that is not sent on', () => {
  it('is why the warehouse does not have it, once while it is shown again', () => {
    const long = { number: '9'.repeat(60) };
    const [note, ...more] = notesOf(at(0, long), at(0, long), at(1, long));
    expect(note).toMatchObject({ orderId: 'o-1', key: expect.stringMatching(/^unsent-/) });
    expect(note?.text).toMatch(/does not have this order.*Give it another number/);
    expect([more, note?.change]).toEqual([[], undefined]);
  });

  it('is what an adapter says of one that it cannot translate', () => {
    const { changedAt, id } = order;
    const [note] = notesOf({ id, changedAt, unreadable: 'It has no SKU.' });
    expect(note?.text).toBe('The warehouse does not have this order. It has no SKU.');
  });

  it('names the change that cannot be sent on, and says it of each such change', () => {
    const empty = { lines: [] };
    const notes = notesOf(order, at(1, empty), at(2), at(3, empty));
    expect(notes.map(({ change }) => change)).toEqual([
      { changedAt: '2026-11-24T10:01:00.000Z', outcome: 'refused' },
      { changedAt: '2026-11-24T10:03:00.000Z', outcome: 'refused' },
    ]);
    expect(notes[0]?.text).toContain('the warehouse has it as it was');
    expect(new Set(notes.map(({ key }) => key)).size).toBe(2);
  });

  it('is nothing of an order that was sent on, or was placed before the start', () => {
    expect(notesOf(order, at(1), at(2, { state: 'cancelled' }))).toEqual([]);
    expect(notesOf(at(0, { placedAt: '2025-12-31T00:00:00Z', number: '9'.repeat(60) }))).toEqual([]);
  });
});

import { importOrder, type ImportRules, type KnownOrder } from '../import-orders/import.ts';
import type { ShopOrder } from '../shop.ts';

export const rules: ImportRules = {
  channel: { code: 'SE', orderType: { code: 'B2C' }, startAt: '2026-01-01T00:00:00Z' },
  restocksCancelled: true,
};
export const order: ShopOrder = {
  id: 'o-1',
  number: '5178',
  placedAt: '2026-11-24T10:00:00Z',
  changedAt: '2026-11-24T10:00:00Z',
  state: 'placed',
  consignee: { name: 'Kim Buyer' },
  lines: [
    { id: '1', article: 'MUG', quantity: '2' },
    { id: '2', article: 'FREIGHT', quantity: '1', picked: false },
  ],
};
export const later = (minutes: number, change: Partial<ShopOrder> = {}): ShopOrder => ({
  ...order,
  changedAt: `2026-11-24T10:${String(minutes).padStart(2, '0')}:00Z`,
  ...change,
});

/** What is known after these readings, one after the other, and what was published of them. */
export function read(...readings: ShopOrder[]) {
  let known: KnownOrder | undefined;
  const events = [];
  for (const one of readings) {
    const result = importOrder(known, one, rules);
    known = result.order ?? known;
    if (result.event) events.push(result.event);
  }
  return { known, events, types: events.map((event) => event.type) };
}

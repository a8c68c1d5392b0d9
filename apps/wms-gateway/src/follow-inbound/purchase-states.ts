import type { PurchaseOrderState } from '@samlast/contracts';

/** Ongoing's standard set. Tenants rename, add and remove statuses, so the configuration comes first. */
const STANDARD: ReadonlyMap<number, PurchaseOrderState> = new Map([
  [100, 'advised'],
  [200, 'arrived'],
  [300, 'receiving'],
  [400, 'deviating'],
  [500, 'received'],
  [900, 'cancelled'],
]);

/** A number that nobody knows is `unknown`: shown, never an error. */
export function purchaseStateOf(
  status: number,
  configured: ReadonlyMap<number, PurchaseOrderState>,
): PurchaseOrderState {
  return configured.get(status) ?? STANDARD.get(status) ?? 'unknown';
}

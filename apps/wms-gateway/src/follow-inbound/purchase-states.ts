import type { PurchaseOrderState } from '@samlast/contracts';
import type { Config } from '../config.ts';

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

/** Nothing more comes of it. What is read as open is judged by the same number, so a feed and a sweep say the same. */
export function isOver(
  status: number,
  { PURCHASE_STATUSES, PURCHASE_OPEN_TO }: Pick<Config, 'PURCHASE_STATUSES' | 'PURCHASE_OPEN_TO'>,
): boolean {
  const state = purchaseStateOf(status, PURCHASE_STATUSES);
  return status > PURCHASE_OPEN_TO || state === 'received' || state === 'cancelled';
}

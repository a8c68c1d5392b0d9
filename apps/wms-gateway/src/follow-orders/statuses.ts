import type { OrderState } from '@samlast/contracts';

type State = (typeof OrderState.options)[number];

/** Ongoing's standard set. Tenants rename, add and remove statuses, so the configuration comes first. */
const STANDARD: ReadonlyMap<number, State> = new Map([
  [150, 'error'],
  [200, 'open'],
  [300, 'released'],
  [320, 'picking'],
  [400, 'picked'],
  [450, 'sent'],
  [500, 'collected'],
  [800, 'returned'],
  [1000, 'cancelled'],
]);

/**
 * A number that neither the warehouse's configuration nor the standard knows is `unknown`: shown, never an
 * error.
 */
export function stateOf(status: number, configured: ReadonlyMap<number, State>): State {
  return configured.get(status) ?? STANDARD.get(status) ?? 'unknown';
}

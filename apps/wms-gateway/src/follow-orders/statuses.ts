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

const LEFT: ReadonlySet<State> = new Set(['sent', 'collected', 'returned']);

export interface LeavingSettings {
  readonly ORDER_STATUSES: ReadonlyMap<number, State>;
  readonly SHIPPED_FROM: number;
}

/**
 * Whether it has left the warehouse. What a number is configured to mean counts; of the standard numbers, their size.
 * One that nobody knows says nothing of where the goods are, however large: 460 may be 'Packed'.
 */
export function hasLeft(
  status: number,
  { ORDER_STATUSES: configured, SHIPPED_FROM: from }: LeavingSettings,
): boolean {
  const state = configured.get(status);
  return state === undefined ? STANDARD.has(status) && status >= from : LEFT.has(state);
}

/** All numbers of orders that have left. */
export function leftNumbers(settings: LeavingSettings): number[] {
  const known = new Set([...STANDARD.keys(), ...settings.ORDER_STATUSES.keys()]);
  return [...known].filter(
    (status) => hasLeft(status, settings) && stateOf(status, settings.ORDER_STATUSES) !== 'cancelled',
  );
}

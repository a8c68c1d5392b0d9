import { OrderState, PurchaseOrderState, fitText } from '@samlast/contracts';
import type { Config } from '../config.ts';
import { purchaseStateOf } from '../follow-inbound/purchase-states.ts';
import { stateOf } from '../follow-orders/statuses.ts';

export interface Status {
  readonly number: number;
  readonly text?: string | undefined;
}

/** What the tenant's registers say; undefined is what could not be read yet. */
export interface Registers {
  readonly orderStatuses?: readonly Status[];
  readonly purchaseStatuses?: readonly Status[];
  readonly warehouses?: readonly { id: number; code?: string | undefined; name?: string | undefined }[];
}

type Settings = Pick<Config, 'ORDER_STATUSES' | 'PURCHASE_STATUSES' | 'WAREHOUSES_LISTED'>;

/** What the settings do not answer for, in sentences that say what to do; none where all is well. */
export function advise(registers: Registers, settings: Settings): string[] {
  const { orderStatuses = [], purchaseStatuses = [] } = registers;
  const orders = orderStatuses.filter(({ number }) => stateOf(number, settings.ORDER_STATUSES) === 'unknown');
  const purchases = purchaseStatuses.filter(
    ({ number }) => purchaseStateOf(number, settings.PURCHASE_STATUSES) === 'unknown',
  );
  return [
    ...unmapped(orders, {
      what: 'orders',
      consequence: 'An order there is shown as unknown and never told as shipped.',
      setting: 'ORDER_STATUSES',
      states: OrderState.options,
    }),
    ...unmapped(purchases, {
      what: 'purchase orders',
      consequence: 'A purchase order there is shown as unknown.',
      setting: 'PURCHASE_STATUSES',
      states: PurchaseOrderState.options,
    }),
    ...severalWarehouses(registers, settings),
  ];
}

interface Unmapped {
  what: string;
  consequence: string;
  setting: string;
  states: readonly string[];
}

function unmapped(statuses: readonly Status[], { what, consequence, setting, states }: Unmapped): string[] {
  if (statuses.length === 0) return [];
  const named = statuses.map(({ number, text }) =>
    `${number} ${text ? `"${fitText(text, 50)}"` : ''}`.trim(),
  );
  const known = states.filter((state) => state !== 'unknown').join(', ');
  const example = statuses.map(({ number }) => `${number}=…`).join(',');
  return [
    `The warehouse has statuses of ${what} that nobody has explained: ${named.join(', ')}. ${consequence} Ask what they mean, add ${example} to ${setting} of the gateway (${known}), and start it again.`,
  ];
}

/** Ongoing's register takes no goods owner, so a person has to say whether its goods lie in more than one. */
function severalWarehouses({ warehouses = [] }: Registers, { WAREHOUSES_LISTED: known }: Settings): string[] {
  if (warehouses.length <= known) return [];
  const named = warehouses.map(({ id, name, code }) => `${id} ${name ?? code ?? ''}`.trim()).join(', ');
  return [
    `Ongoing lists ${warehouses.length} warehouses (${named}), and its stock figures are the sum of all of them: a piece in one that does not ship our orders would be sold. Samlast serves one warehouse (decision 0015). Have what lies in the others locked for sale, or learn that none of our goods lie there; then set WAREHOUSES_LISTED=${warehouses.length} of the gateway.`,
  ];
}

import type { PurchaseOrder, Return } from '@samlast/contracts';
import type { Stage } from './stage.ts';

export const row = (one: string, article: string, quantity: string) => ({ row: one, article, quantity });

export function aPurchase(
  shopNumber: string,
  more: Partial<PurchaseOrder> = {},
  channel = 'ERP',
): PurchaseOrder {
  return {
    number: `${shopNumber}-${channel}`,
    channel,
    shopNumber,
    shopOrderId: `gid-${shopNumber}`,
    revision: 1,
    supplier: { number: 'S7', name: 'Textil AB' },
    expectedOn: '2026-03-10',
    lines: [row('10', 'TEE', '20'), row('20', 'CAP', '4')],
    ...more,
  };
}

export const aReturn = (
  shopNumber: string,
  order: string,
  quantity: string,
  more: Partial<Return> = {},
): Return => ({
  number: `${shopNumber}-SE`,
  channel: 'SE',
  revision: 1,
  shopNumber,
  shopOrderId: `gid-${shopNumber}`,
  order,
  announcedAt: '2026-03-05T10:00:00Z',
  lines: [{ row: '1', orderRow: '1', article: 'TEE', quantity }],
  ...more,
});

/** As if somebody at the warehouse had typed it in, or another system had sent it. */
export const putByHand = (stage: Stage, body: object) => write(stage, 'PUT', 'purchaseOrders', body);

export const setPurchaseStatus = (stage: Stage, id: number | undefined, status: number) =>
  write(stage, 'PATCH', `purchaseOrders/${id}/purchaseOrderStatus`, { purchaseOrderStatusNumber: status });

async function write({ simulator }: Stage, method: string, path: string, body: object): Promise<void> {
  const { apiUrl, user, password } = simulator;
  const credential = Buffer.from(`${user}:${password}`).toString('base64');
  const { ok, status } = await fetch(new URL(path, apiUrl), {
    method,
    headers: { authorization: `Basic ${credential}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!ok) throw new Error(`${method} ${path} was answered with ${status}`);
}

import { type OrderRef, ShopRefused } from '@samlast/channel-kit';
import { z } from 'zod';
import type { TrytonRpc } from './tryton-rpc.ts';
import { fieldsOf } from './tryton-values.ts';

const Sale = z.object({
  state: z.string(),
  shipments: z.array(z.object({ id: z.int(), state: z.string() })),
  lines: z.array(
    z.object({
      id: z.int(),
      moves: z.array(z.object({ id: z.int(), state: z.string() })),
      moves_ignored: z.array(z.int()),
      moves_recreated: z.array(z.int()),
    }),
  ),
});

const FIELDS = [
  ...fieldsOf('state shipments.state lines.moves.state lines.moves_ignored lines.moves_recreated'),
];

/**
 * Takes a sale back that cannot be delivered, as staff does it: its shipments are cancelled, and what they were to
 * bring is not asked for again.
 */
export async function cancelSale(rpc: TrytonRpc, { id }: OrderRef): Promise<void> {
  const sale = Number(id);
  const [found] = await rpc.search(Sale, 'sale.sale', { domain: [['id', '=', sale]], fields: FIELDS });
  if (!found) throw new ShopRefused(`Tryton has no sale ${id} any more.`);
  if (found.state === 'cancelled') return;
  const left = found.shipments.filter(({ state }) => state === 'shipped' || state === 'done');
  if (left.length > 0)
    throw new ShopRefused(
      'Goods of this sale have left already, by Tryton. Settle the rest of it there by hand.',
    );
  const open = found.shipments.filter(({ state }) => state !== 'cancelled').map((shipment) => shipment.id);
  if (open.length > 0) await rpc.change('model.stock.shipment.out.cancel', [open]);
  const [now] = await rpc.search(Sale, 'sale.sale', { domain: [['id', '=', sale]], fields: FIELDS });
  const toIgnore = (now?.lines ?? []).flatMap(({ moves, moves_ignored, moves_recreated }) =>
    moves
      .filter((move) => move.state === 'cancelled')
      .map((move) => move.id)
      .filter((move) => ![...moves_ignored, ...moves_recreated].includes(move)),
  );
  if (toIgnore.length === 0) return;
  const filled = { ask: { ignore_moves: toIgnore, recreate_moves: [], domain_moves: toIgnore } };
  await rpc.runWizard('sale.handle.shipment.exception', { model: 'sale.sale', id: sale }, 'handle', filled);
}

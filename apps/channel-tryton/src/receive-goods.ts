import { type InboundNews, type OrderRef, ShopRefused } from '@samlast/channel-kit';
import { z } from 'zod';
import { markOf } from './parcel-mark.ts';
import type { TrytonRpc } from './tryton-rpc.ts';
import { convert, rounding, Unit } from './tryton-units.ts';
import { fieldsOf } from './tryton-values.ts';

type Receipt = Extract<InboundNews, { kind: 'receipt' }>;

const MODEL = 'stock.shipment.in';
const NEXT: Record<string, string> = { draft: 'receive', received: 'do' };

const Line = z.object({
  id: z.int(),
  unit: Unit.extend({ id: z.int() }),
  unit_price: z.unknown(),
  product: z.object({ id: z.int(), default_uom: Unit }),
  moves: z.array(
    z.object({
      id: z.int(),
      state: z.string(),
      shipment: z.string().nullish(),
      quantity: z.number(),
      unit: Unit,
    }),
  ),
});
type Line = z.output<typeof Line>;

const Purchase = z.object({
  company: z.int(),
  currency: z.int(),
  party: z.object({ id: z.int(), supplier_location: z.int() }),
  warehouse: z.object({ id: z.int(), input_location: z.int(), storage_location: z.int() }),
});
type Purchase = z.output<typeof Purchase>;

const LINE_FIELDS = [
  ...fieldsOf('unit.factor unit_price product.default_uom.factor'),
  ...fieldsOf('state shipment quantity unit.factor', 'moves.'),
];

/**
 * Books in Tryton exactly what came: a shipment of the supplier with these pieces, received and done. It bears the
 * receipt's mark from its first moment on, so a crash between any two calls makes no second one.
 */
export async function receiveGoods(
  rpc: TrytonRpc,
  { id, number }: OrderRef,
  receipt: Receipt,
): Promise<void> {
  const reference = `${number} ${markOf(receipt.receipt)}`;
  const Found = z.object({ id: z.int(), state: z.string() });
  for (let created = false; ;) {
    const [found] = await rpc.search(Found, MODEL, {
      domain: [['reference', '=', reference]],
      fields: ['state'],
    });
    if (found?.state === 'done') return;
    if (found) {
      const next = NEXT[found.state];
      if (!next) throw new ShopRefused(`The supplier shipment '${reference}' is ${found.state} in Tryton.`);
      await rpc.change(`model.${MODEL}.${next}`, [[found.id]]);
    } else {
      if (created)
        throw new ShopRefused(`Tryton does not show the supplier shipment '${reference}' that it made.`);
      created = true;
      await create(rpc, Number(id), reference, receipt);
    }
  }
}

async function create(
  rpc: TrytonRpc,
  id: number,
  reference: string,
  { lines: come }: Receipt,
): Promise<void> {
  const [purchase] = await rpc.search(Purchase, 'purchase.purchase', {
    domain: [['id', '=', id]],
    fields: [
      ...fieldsOf('company currency party.supplier_location'),
      ...fieldsOf('warehouse.input_location warehouse.storage_location'),
    ],
  });
  if (!purchase) throw new ShopRefused(`Tryton has no purchase ${id} any more.`);
  const ids = come.map((line) => Number(line.id));
  const known = await rpc.search(Line, 'purchase.line', { domain: [['id', 'in', ids]], fields: LINE_FIELDS });
  const moves = known.flatMap((line) => {
    const pieces = come.filter((one) => one.id === String(line.id)).map(({ quantity }) => Number(quantity));
    return movesFor(
      line,
      pieces.reduce((sum, some) => sum + some, 0),
      purchase,
    );
  });
  const { company, party, warehouse } = purchase;
  const values = {
    company,
    supplier: party.id,
    warehouse: warehouse.id,
    warehouse_input: warehouse.input_location,
    warehouse_storage: warehouse.storage_location,
    reference,
    incoming_moves: moves,
  };
  await rpc.change(`model.${MODEL}.create`, [[values]]);
}

/**
 * What to do with the movements of a line so that just these pieces come: those that Tryton plans are taken, one after
 * another, the last with all that is left, less or more than it had; where none is left, since all that was ordered has
 * come, there is a new one. Tryton plans another one for what still lacks.
 */
function movesFor(line: Line, pieces: number, purchase: Purchase): unknown[] {
  const { product, unit, unit_price, moves } = line;
  const planned = moves.filter(({ state, shipment }) => state === 'draft' && !shipment);
  const inUnit = (some: number, of: Unit) => rounding(convert(some, product.default_uom, of));
  let left = pieces;
  const taken = planned.flatMap((move, index) => {
    if (left <= 0) return [];
    const all = rounding(convert(move.quantity, move.unit, product.default_uom));
    const some = index === planned.length - 1 ? left : Math.min(left, all);
    left = rounding(left - some);
    return [
      ['add', [move.id]],
      ['write', [move.id], { quantity: inUnit(some, move.unit) }],
    ];
  });
  if (left <= 0) return taken;
  const more = {
    product: product.id,
    unit: unit.id,
    quantity: inUnit(left, unit),
    from_location: purchase.party.supplier_location,
    to_location: purchase.warehouse.input_location,
    company: purchase.company,
    currency: purchase.currency,
    unit_price,
    origin: `purchase.line,${line.id}`,
  };
  return [...taken, ['create', [more]]];
}

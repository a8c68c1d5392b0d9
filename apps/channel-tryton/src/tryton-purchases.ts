import { CannotRead, type ShopPurchase } from '@samlast/channel-kit';
import { fitText } from '@samlast/contracts';
import { z } from 'zod';
import { changedAtOf, placedAtOf } from './tryton-times.ts';
import { convert, quantityText, Unit } from './tryton-units.ts';
import { Amount, Day, fieldsOf, Time } from './tryton-values.ts';

const Text = z.string().nullish();

const PurchaseLine = z.object({
  id: z.int(),
  type: z.string(),
  create_date: Time,
  write_date: Time.nullish(),
  quantity: z.number().nullish(),
  unit: Unit.nullish(),
  unit_price: Amount.nullish(),
  delivery_date_store: Day.nullish(),
  product: z.object({ code: Text, type: z.string(), default_uom: Unit }).nullish(),
  moves: z.array(z.object({ id: z.int(), internal_quantity: z.number() })),
  moves_ignored: z.array(z.int()),
});
type PurchaseLine = z.output<typeof PurchaseLine>;
type GoodsLine = PurchaseLine & {
  product: NonNullable<PurchaseLine['product']>;
  quantity: number;
  unit: Unit;
};

/** What of a purchase this channel asks for and reads. */
export const Purchase = z.object({
  id: z.int(),
  number: Text,
  state: z.string(),
  create_date: Time,
  write_date: Time.nullish(),
  purchase_date: Day.nullish(),
  delivery_date: Day.nullish(),
  comment: Text,
  party: z.object({ name: Text, code: Text }),
  lines: z.array(PurchaseLine),
});
export type Purchase = z.output<typeof Purchase>;

export const PURCHASE_FIELDS = [
  ...fieldsOf('number state create_date write_date purchase_date delivery_date comment'),
  ...fieldsOf('party.name party.code'),
  ...fieldsOf('type create_date write_date quantity unit.factor unit_price delivery_date_store', 'lines.'),
  ...fieldsOf('code type default_uom.factor', 'lines.product.'),
  ...fieldsOf('lines.moves.internal_quantity lines.moves_ignored'),
];

/** A purchase in the kit's words. Throws CannotRead with what its keeper has to mend. */
export function toShopPurchase(purchase: Purchase): ShopPurchase {
  const { id, number, state, party, delivery_date: expectedOn, comment } = purchase;
  const lines = purchase.lines.filter(isGoods).map(toLine);
  const wanted = lines.filter(({ quantity }) => quantity !== '0');
  return {
    id: String(id),
    number: number ?? '',
    placedAt: placedAtOf(purchase, purchase.purchase_date),
    changedAt: changedAtOf(purchase),
    state: state === 'cancelled' || wanted.length === 0 ? 'cancelled' : 'placed',
    // A party has a number in Tryton from its first day on.
    supplier: {
      number: party.code || String(party.name),
      ...(party.name && { name: fitText(party.name, 200) }),
    },
    ...(expectedOn && { expectedOn }),
    ...(comment && { note: fitText(comment, 500) }),
    lines: wanted,
  };
}

/** Services are bought as well, and goods are given back to a supplier with a negative quantity. */
function isGoods(line: PurchaseLine): line is GoodsLine {
  const { type, product, unit, quantity } = line;
  return type === 'line' && Boolean(product && unit) && product?.type !== 'service' && (quantity ?? 0) > 0;
}

function toLine(line: GoodsLine): ShopPurchase['lines'][number] {
  const {
    product,
    unit,
    unit_price: unitPrice,
    delivery_date_store: expectedOn,
    moves,
    moves_ignored,
  } = line;
  if (!product.code) {
    throw new CannotRead(
      `The product of line ${line.id} has no code, so the warehouse cannot know what comes. ` +
        'Give the product its article number as code, and save the purchase again.',
    );
  }
  const ignored = moves
    .filter(({ id }) => moves_ignored.includes(id))
    .reduce((total, { internal_quantity: pieces }) => total + pieces, 0);
  return {
    id: String(line.id),
    article: product.code,
    quantity: quantityText(Math.max(0, convert(line.quantity, unit, product.default_uom) - ignored)),
    ...(unitPrice && unit.factor === product.default_uom.factor && { unitPrice }),
    ...(expectedOn && { expectedOn }),
  };
}

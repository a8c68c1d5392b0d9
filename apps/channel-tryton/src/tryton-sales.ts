import { CannotRead, consigneeFrom, type ShopOrder, type ShopOrderLine } from '@samlast/channel-kit';
import { type Consignee, fitText } from '@samlast/contracts';
import { z } from 'zod';
import { isOurs } from './parcel-mark.ts';
import { changedAtOf, placedAtOf } from './tryton-times.ts';
import { convert, quantityText, Unit } from './tryton-units.ts';
import { Amount, Day, fieldsOf, Time } from './tryton-values.ts';

const Text = z.string().nullish();
const Named = z.object({ name: Text, code: Text });

/** A movement of goods that Tryton plans or has carried out. */
const Move = z.object({ id: z.int(), state: z.string(), internal_quantity: z.number(), shipment: Text });

const SaleLine = z.object({
  id: z.int(),
  type: z.string(),
  create_date: Time,
  write_date: Time.nullish(),
  quantity: z.number().nullish(),
  unit: Unit.nullish(),
  unit_price: Amount.nullish(),
  note: Text,
  product: z.object({ code: Text, name: Text, type: z.string(), default_uom: Unit }).nullish(),
  moves: z.array(Move),
  moves_ignored: z.array(z.int()),
});
type SaleLine = z.output<typeof SaleLine>;
/** A line that is more than a heading or a remark. */
type GoodsLine = SaleLine & { product: NonNullable<SaleLine['product']>; quantity: number; unit: Unit };

/** What of a sale this channel asks for and reads. */
export const Sale = z.object({
  id: z.int(),
  number: Text,
  state: z.string(),
  create_date: Time,
  write_date: Time.nullish(),
  sale_date: Day.nullish(),
  shipping_date: Day.nullish(),
  shipment_method: z.string(),
  comment: Text,
  currency: z.object({ code: Text }),
  party: Named.extend({ email: Text, phone: Text, mobile: Text }),
  shipment_party: Named.nullish(),
  shipment_address: z
    .object({
      party_name: Text,
      street: Text,
      postal_code: Text,
      city: Text,
      country: z.object({ code: Text }).nullish(),
      subdivision: z.object({ code: Text }).nullish(),
    })
    .nullish(),
  shipments: z.array(z.object({ id: z.int(), reference: Text })),
  lines: z.array(SaleLine),
});
export type Sale = z.output<typeof Sale>;

export const SALE_FIELDS = [
  ...fieldsOf('number state create_date write_date sale_date shipping_date shipment_method comment'),
  ...fieldsOf('currency.code party.name party.code party.email party.phone party.mobile'),
  ...fieldsOf('shipment_party.name shipment_party.code shipments.reference'),
  ...fieldsOf('party_name street postal_code city country.code subdivision.code', 'shipment_address.'),
  ...fieldsOf('type create_date write_date quantity unit.factor unit_price note', 'lines.'),
  ...fieldsOf('code name type default_uom.factor', 'lines.product.'),
  ...fieldsOf('state internal_quantity shipment', 'lines.moves.'),
  'lines.moves_ignored',
];

/** A sale in the kit's words. Throws CannotRead with what its keeper has to mend. */
export function toShopOrder(sale: Sale): ShopOrder {
  const lines = sale.lines.filter(isGoods).map((line) => toLine(line, sale));
  const wanted = lines.some(({ picked, quantity }) => picked !== false && quantity !== '0');
  return {
    id: String(sale.id),
    number: sale.number ?? '',
    placedAt: placedAtOf(sale, sale.sale_date),
    changedAt: changedAtOf(sale),
    state: stateOf(sale, wanted),
    consignee: consigneeOf(sale),
    lines,
    ...(sale.currency.code && { currency: sale.currency.code }),
    ...(sale.shipping_date && { deliveryDate: sale.shipping_date }),
    ...(sale.comment && { note: fitText(sale.comment, 500) }),
  };
}

/**
 * A sale counts from `processing` on: until then Tryton lets it be taken back. One that wants nothing of the warehouse
 * (any more) is cancelled, once Tryton has planned how its goods leave.
 */
function stateOf({ state, lines }: Sale, wanted: boolean): ShopOrder['state'] {
  if (state === 'cancelled') return 'cancelled';
  if (state !== 'processing' && state !== 'done') return 'not-yet';
  if (wanted) return 'placed';
  return lines.some(({ moves }) => moves.length > 0) ? 'cancelled' : 'not-yet';
}

/** What is sold back has a negative quantity. */
function isGoods(line: SaleLine): line is GoodsLine {
  return line.type === 'line' && Boolean(line.product && line.unit) && (line.quantity ?? 0) > 0;
}

function toLine(line: GoodsLine, sale: Sale): ShopOrderLine {
  const { product, unit, unit_price: price } = line;
  const picked = product.type !== 'service';
  if (!product.code && picked) {
    throw new CannotRead(
      `The product of line ${line.id} has no code, so the warehouse cannot know what to pick. ` +
        'Give the product its article number as code; this sale is read again as soon as it changes, or when you retry it.',
    );
  }
  return {
    id: String(line.id),
    article: product.code || `service-${line.id}`,
    quantity: quantityText(picked ? wantedOf(line, sale) : convert(line.quantity, unit, product.default_uom)),
    picked,
    ...(product.name && { name: fitText(product.name, 300) }),
    ...(price && unit.factor === product.default_uom.factor && { unitPrice: price }),
    ...(line.note && { comment: fitText(line.note, 500) }),
  };
}

/**
 * Pieces of a line that the warehouse is to send. Where Tryton ships what was ordered that is all of it, else what it
 * has planned to send. Less what staff has said will not be sent (a cancelled movement that is ignored), what it has
 * sent by itself, and what goes another way.
 */
function wantedOf({ quantity, unit, product, moves, moves_ignored }: GoodsLine, sale: Sale): number {
  const ours = new Set(
    sale.shipments.filter(({ reference }) => isOurs(reference)).map(({ id }) => `stock.shipment.out,${id}`),
  );
  const sum = (some: readonly z.output<typeof Move>[]) =>
    some.reduce((total, { internal_quantity: pieces }) => total + pieces, 0);
  const planned = moves.filter(({ state }) => state !== 'cancelled');
  const all = sale.shipment_method === 'order' ? convert(quantity, unit, product.default_uom) : sum(planned);
  const ignored = moves.filter(({ id }) => moves_ignored.includes(id));
  const elsewhere = planned.filter(({ state, shipment }) =>
    state === 'done'
      ? !ours.has(shipment ?? '')
      : Boolean(shipment) && !shipment?.startsWith('stock.shipment.out,'),
  );
  return Math.max(0, all - (sale.shipment_method === 'order' ? sum(ignored) : 0) - sum(elsewhere));
}

function consigneeOf({ party, shipment_party: to, shipment_address: address }: Sale): Consignee {
  const [address1, address2, address3] = (address?.street ?? '').split('\n').filter((line) => line.trim());
  const { code, name } = to ?? party;
  return {
    ...consigneeFrom({
      name: address?.party_name || name,
      company: name,
      address1,
      address2: [address2, address3].filter(Boolean).join(', '),
      postCode: address?.postal_code,
      city: address?.city,
      stateCode: address?.subdivision?.code,
      countryCode: address?.country?.code,
      email: party.email,
      phone: party.phone || party.mobile,
    }),
    ...(code && { customerNumber: fitText(code, 50) }),
  };
}

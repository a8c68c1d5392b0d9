import { CannotRead, consigneeFrom, decimal, type ShopOrder, type ShopOrderLine } from '@samlast/channel-kit';
import { type Consignee, fitText } from '@samlast/contracts';
import { z } from 'zod';
import { type Parcel, parcelsOf } from './woo-parcels.ts';

const Text = z.string().nullish();
const Address = z
  .object({
    first_name: Text,
    last_name: Text,
    company: Text,
    address_1: Text,
    address_2: Text,
    city: Text,
    state: Text,
    postcode: Text,
    country: Text,
    phone: Text,
    email: Text,
  })
  .nullish();

const Line = z.object({
  id: z.int(),
  name: Text,
  product_id: z.int(),
  variation_id: z.int(),
  quantity: z.number(),
  price: z.coerce.number().nullish(),
  sku: Text,
  // Of extensions that sell several products as one: the whole stands there beside its parts.
  bundled_items: z.array(z.unknown()).nullish(),
  composite_children: z.array(z.unknown()).nullish(),
});
type Line = z.infer<typeof Line>;

/** In whole seconds. The same without gmt is in the site's zone, and says nothing to anybody who does not know that. */
const GmtTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/, 'is not a time')
  .transform((text) => `${text}Z`);

/** What of a WooCommerce order this channel asks for and reads. */
export const WooOrder = z.object({
  id: z.int(),
  number: z.coerce.string(),
  status: z.string(),
  currency: Text,
  date_created_gmt: GmtTime,
  date_modified_gmt: GmtTime,
  customer_note: Text,
  billing: Address,
  shipping: Address,
  meta_data: z.array(z.object({ key: z.string(), value: z.unknown() })),
  line_items: z.array(Line),
  shipping_lines: z.array(
    z.object({ method_id: Text, instance_id: z.coerce.string().nullish(), method_title: Text }),
  ),
  refunds: z.array(z.object({ id: z.int(), reason: Text })),
});
export type WooOrder = z.infer<typeof WooOrder>;

export const ORDER_FIELDS = Object.keys(WooOrder.shape).join(',');

export const Refunds = z.array(
  z.object({
    line_items: z.array(
      z.object({
        quantity: z.number(),
        meta_data: z.array(z.object({ key: z.string(), value: z.unknown() })),
      }),
    ),
  }),
);

/** What an order does not say itself. */
export interface OrderFacts {
  readonly sendStatuses: readonly string[];
  /** Pieces refunded, by line. */
  readonly refunded: ReadonlyMap<number, number>;
  /** Products and variations that nobody picks. */
  readonly services: ReadonlySet<number>;
}

/** Pieces by line: a refund's line has a number of its own, and names the order's. */
export function refundedPieces(refunds: z.output<typeof Refunds>): Map<number, number> {
  const pieces = new Map<number, number>();
  for (const { quantity, meta_data: meta } of refunds.flatMap(({ line_items: lines }) => lines)) {
    const of = Number(meta.find(({ key }) => key === '_refunded_item_id')?.value);
    pieces.set(of, (pieces.get(of) ?? 0) + Math.abs(quantity));
  }
  return pieces;
}

/** A WooCommerce order in the kit's words. Throws CannotRead with what the shop keeper has to mend. */
export function toShopOrder(order: WooOrder, facts: OrderFacts): ShopOrder {
  const parcels = [...parcelsOf(order.meta_data).values()];
  const lines = order.line_items.flatMap((line) => toLine(line, order, parcels, facts));
  const [shipping] = order.shipping_lines;
  const method = [shipping?.method_id, shipping?.instance_id].filter(Boolean).join(':');
  const cancelReason = order.refunds.find(({ reason }) => reason)?.reason;
  return {
    id: String(order.id),
    number: order.number,
    placedAt: order.date_created_gmt,
    changedAt: order.date_modified_gmt,
    state: stateOf(order, lines, facts.sendStatuses),
    ...(cancelReason && { cancelReason }),
    consignee: consigneeOf(order),
    lines,
    // One that is no ISO code, of points or a currency of the shop's own, says nothing to the warehouse.
    ...(order.currency && /^[A-Z]{3}$/.test(order.currency) && { currency: order.currency }),
    ...(method && {
      shippingMethod: {
        code: fitText(method, 100),
        ...(shipping?.method_title && { name: fitText(shipping.method_title, 200) }),
      },
    }),
    ...(order.customer_note && { note: fitText(order.customer_note, 500) }),
  };
}

/**
 * `on-hold` waits for its payment, and statuses that nobody has told us of for whatever they are named after: the shop
 * has taken their pieces off its stock all the same. `pending` and `failed` may still be paid, and have taken nothing.
 */
function stateOf(
  { status }: WooOrder,
  lines: readonly ShopOrderLine[],
  sendStatuses: readonly string[],
): ShopOrder['state'] {
  if (['cancelled', 'trash'].includes(status)) return 'cancelled';
  if (['pending', 'failed', 'draft', 'auto-draft', 'checkout-draft'].includes(status) || lines.length === 0)
    return 'not-yet';
  const isEmpty = lines.every(({ quantity }) => Number(quantity) === 0);
  if (isEmpty) return 'cancelled';
  return status === 'refunded' || sendStatuses.includes(status) ? 'placed' : 'held';
}

function toLine(line: Line, order: WooOrder, parcels: readonly Parcel[], facts: OrderFacts): ShopOrderLine[] {
  const { bundled_items: bundled, composite_children: components } = line;
  const isWhole = (bundled?.length ?? 0) > 0 || (components?.length ?? 0) > 0;
  const picked = !isWhole && !facts.services.has(line.variation_id || line.product_id);
  if (!line.sku) {
    if (!picked) return [];
    throw new CannotRead(
      `The product of line '${line.name ?? line.id}' has no SKU, so the warehouse cannot know what to pick. ` +
        'Give the product its article number as SKU, then save this order once more, or retry it here.',
    );
  }
  if (line.quantity < 0) {
    throw new CannotRead(
      `Line '${line.name ?? line.id}' has the quantity ${line.quantity}, and nobody can pick less than nothing. ` +
        'Correct it in the shop; the order is read again when it is saved there.',
    );
  }
  const told = parcels.reduce((sum, { lines }) => sum + (lines[line.id] ?? 0), 0);
  const fulfilled = order.status === 'completed' ? line.quantity : Math.min(told, line.quantity);
  // What was refunded before it was sent is not sent; what was sent has been sent, and its refund is for a return.
  const left = Math.max(line.quantity - (facts.refunded.get(line.id) ?? 0), fulfilled);
  return [
    {
      id: String(line.id),
      article: line.sku,
      quantity: decimal(left, 3),
      picked,
      fulfilled: decimal(fulfilled, 3),
      ...(line.name && { name: fitText(line.name, 300) }),
      ...(typeof line.price === 'number' && { unitPrice: decimal(line.price, 4) }),
    },
  ];
}

/** An order whose shipping address is empty goes to the billing address, as WooCommerce itself shows it. */
function consigneeOf({ shipping, billing }: WooOrder): Consignee {
  const address = shipping?.address_1 || shipping?.city || shipping?.company ? shipping : billing;
  return consigneeFrom({
    name: [address?.first_name, address?.last_name].filter(Boolean).join(' '),
    company: address?.company,
    address1: address?.address_1,
    address2: address?.address_2,
    postCode: address?.postcode,
    city: address?.city,
    stateCode: address?.state,
    countryCode: address?.country,
    email: billing?.email,
    phone: shipping?.phone || billing?.phone,
  });
}

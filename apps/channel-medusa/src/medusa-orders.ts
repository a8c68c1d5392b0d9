import {
  CannotRead,
  consigneeFrom,
  decimal,
  type FeedPosition,
  type ShopOrder,
  type ShopOrderLine,
} from '@samlast/channel-kit';
import { type Consignee, fitText } from '@samlast/contracts';
import { z } from 'zod';

const Text = z.string().nullish();

const Item = z.object({
  id: z.string(),
  title: Text,
  variant_sku: Text,
  requires_shipping: z.boolean().nullish(),
  unit_price: z.number().nullish(),
  detail: z.object({ quantity: z.number(), fulfilled_quantity: z.number().nullish() }).nullish(),
});
type Item = z.infer<typeof Item>;

/**
 * A refused checkout is deleted piece by piece, and a poll in between sees an order with holes (seen on 2.21.2: a null
 * among the shipping methods, lines without prices). It is no order and must not be reported as one that is broken.
 */
const withHoles = <Element extends z.ZodType>(element: Element) =>
  z
    .array(element.nullish())
    .nullish()
    .transform((elements) => (elements ?? []).filter((one) => one !== null && one !== undefined));

/** What of a Medusa order this channel asks for and reads. Amounts are in major units: 20 is 20 €. */
export const MedusaOrder = z.object({
  id: z.string(),
  display_id: z.union([z.number(), z.string()]),
  status: z.string(),
  /** 1 until an edit or a return of it was confirmed. */
  version: z.number().nullish(),
  payment_status: Text,
  email: Text,
  currency_code: Text,
  created_at: z.iso.datetime({ offset: true }),
  updated_at: z.iso.datetime({ offset: true }),
  items: withHoles(Item),
  shipping_address: z
    .object({
      first_name: Text,
      last_name: Text,
      company: Text,
      address_1: Text,
      address_2: Text,
      postal_code: Text,
      city: Text,
      province: Text,
      country_code: Text,
      phone: Text,
    })
    .nullish(),
  shipping_methods: withHoles(z.object({ name: Text })),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  cart: z.object({ id: z.string() }).nullish(),
});
export type MedusaOrder = z.infer<typeof MedusaOrder>;

/** Of every order; each is named, since the default answer to an order of one line has 10 kB. */
export const ORDER_FIELDS = [
  'id,display_id,status,version,payment_status,email,currency_code,created_at,updated_at,metadata,cart.id',
  'items.id,items.title,items.variant_sku,items.requires_shipping,items.unit_price,*items.detail',
  '*shipping_address,shipping_methods.name',
].join(',');

/**
 * Whether the order is one. Completing a cart writes the order first and deletes it again where the stock does not
 * suffice; a few of those stay for good, pending and not paid (seen on 2.21.2: 19 phantoms beside 1 order, 7 left over
 * from some 280 refusals). So an order counts when the shop said that it was placed, or when it is paid for at least by
 * an authorisation and has its pieces reserved. A real one turns `not_paid` after its return or an edit: one that staff
 * has changed counts without its payment.
 */
export function stateOf(
  order: MedusaOrder,
  signs: { announced: boolean; reservedLines: ReadonlySet<string> },
): ShopOrder['state'] {
  if (order.status === 'canceled') return 'cancelled';
  const whole = order.items.length > 0 && order.items.every((item) => item.detail);
  if (order.status === 'draft' || !whole) return 'not-yet';
  if (signs.announced) return 'placed';
  const changed = (order.version ?? 1) > 1;
  const paid =
    changed || !['not_paid', 'awaiting', 'requires_action', undefined, null].includes(order.payment_status);
  const covered = order.items.every(
    (item) =>
      signs.reservedLines.has(item.id) || (item.detail?.fulfilled_quantity ?? 0) > 0 || !isPicked(item),
  );
  return paid && covered ? 'placed' : 'not-yet';
}

/** Where an order, or a return, stands in its feed; of one that may be broken. */
export function keyOf(entry: unknown): FeedPosition {
  const { updated_at: changedAt, id } = entry as { updated_at?: unknown; id?: unknown };
  return { changedAt: String(changedAt), id: String(id) };
}

/** A Medusa order in the kit's words. Throws CannotRead with what the shop keeper has to mend. */
export function toShopOrder(order: MedusaOrder, state: ShopOrder['state']): ShopOrder {
  const method = fitText(order.shipping_methods[0]?.name ?? '', 100);
  const claimKey = claimKeyOf(order);
  return {
    id: order.id,
    number: String(order.display_id),
    placedAt: order.created_at,
    changedAt: order.updated_at,
    state,
    consignee: consigneeOf(order),
    lines: state === 'not-yet' ? [] : order.items.map(toLine),
    ...(order.currency_code && { currency: order.currency_code.toUpperCase() }),
    ...(method && { shippingMethod: { code: method, name: method } }),
    ...(claimKey && { claimKey }),
  };
}

/** Under which the plugin in the shop has claimed its pieces, if it has: the cart's id, or another after a refusal. */
export function claimKeyOf({ metadata, cart }: Pick<MedusaOrder, 'metadata' | 'cart'>): string | undefined {
  const key = metadata?.samlast_claim;
  return typeof key === 'string' ? key : (cart?.id ?? undefined);
}

function toLine(item: Item): ShopOrderLine {
  if (!item.variant_sku) {
    throw new CannotRead(
      `The variant of line '${item.title ?? item.id}' has no SKU, so the warehouse cannot know what to pick. ` +
        'Give the variant its article number as SKU; orders placed from then on are read. Enter this one by hand.',
    );
  }
  const { quantity, fulfilled_quantity: fulfilled } = item.detail ?? { quantity: 0 };
  return {
    id: item.id,
    article: item.variant_sku,
    quantity: decimal(quantity, 3),
    picked: isPicked(item),
    fulfilled: decimal(fulfilled ?? 0, 3),
    ...(item.title && { name: fitText(item.title, 300) }),
    ...(typeof item.unit_price === 'number' && { unitPrice: decimal(item.unit_price, 4) }),
  };
}

/** What needs no shipping (vouchers, services) is not picked. */
function isPicked(item: { requires_shipping?: boolean | null }): boolean {
  return item.requires_shipping !== false;
}

function consigneeOf({ shipping_address: address, email }: MedusaOrder): Consignee {
  return consigneeFrom({
    name: [address?.first_name, address?.last_name].filter(Boolean).join(' '),
    company: address?.company,
    address1: address?.address_1,
    address2: address?.address_2,
    postCode: address?.postal_code,
    city: address?.city,
    stateCode: address?.province,
    countryCode: address?.country_code,
    email,
    phone: address?.phone,
  });
}

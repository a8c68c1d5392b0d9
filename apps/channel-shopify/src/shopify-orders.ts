import { CannotRead, consigneeFrom, type ShopOrder, type ShopOrderLine } from '@samlast/channel-kit';
import { type Consignee, fitText } from '@samlast/contracts';
import { z } from 'zod';

const Text = z.string().nullish();

export const Line = z.object({
  id: z.string(),
  sku: Text,
  title: Text,
  /** Ordered, what was taken out since included. */
  quantity: z.int(),
  /** Without what was taken out or paid back. */
  currentQuantity: z.int(),
  unfulfilledQuantity: z.int(),
  requiresShipping: z.boolean(),
  variant: z.object({ inventoryItem: z.object({ tracked: z.boolean() }).nullish() }).nullish(),
  discountedUnitPriceSet: z.object({ shopMoney: z.object({ amount: z.string() }) }).nullish(),
});
export type Line = z.infer<typeof Line>;

/** What of a Shopify order this channel asks for and reads. Its lines may go on on further pages. */
export const ShopifyOrder = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime({ offset: true }),
  updatedAt: z.iso.datetime({ offset: true }),
  cancelledAt: Text,
  cancelReason: Text,
  currencyCode: Text,
  email: Text,
  phone: Text,
  note: Text,
  displayFinancialStatus: Text,
  displayFulfillmentStatus: Text,
  shippingAddress: z
    .object({
      name: Text,
      company: Text,
      address1: Text,
      address2: Text,
      zip: Text,
      city: Text,
      provinceCode: Text,
      countryCodeV2: Text,
      phone: Text,
    })
    .nullish(),
  shippingLine: z.object({ title: Text, code: Text }).nullish(),
  lineItems: z.object({
    nodes: z.array(Line),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: Text }),
  }),
});
export type ShopifyOrder = z.infer<typeof ShopifyOrder>;

const LINE_FIELDS = `id sku title quantity currentQuantity unfulfilledQuantity requiresShipping
  variant { inventoryItem { tracked } } discountedUnitPriceSet { shopMoney { amount } }`;

/** Five points a line: most orders have few, and the rest of a long one is asked for by itself. */
export const linesOf = (first: number, after = '') =>
  `lineItems(first: ${first}${after}) { nodes { ${LINE_FIELDS} } pageInfo { hasNextPage endCursor } }`;

export const ORDER_FIELDS = `id name createdAt updatedAt cancelledAt cancelReason currencyCode email phone note
  displayFinancialStatus displayFulfillmentStatus
  shippingAddress { name company address1 address2 zip city provinceCode countryCodeV2 phone }
  shippingLine { title code } ${linesOf(8)}`;

/** `gid://shopify/LineItem/123` → `123`: what staff see in addresses, and short enough for a row in the WMS. */
export const tailOf = (gid: string) => gid.slice(gid.lastIndexOf('/') + 1);

/**
 * Whether only its fulfilments tell how many pieces an order still wants: what was taken out of a line and what came
 * back of it are one figure in Shopify, and goods that come back are no change of an order.
 */
export function needsFulfilments({
  displayFulfillmentStatus,
  cancelledAt,
  lineItems,
}: ShopifyOrder): boolean {
  if (cancelledAt || displayFulfillmentStatus === 'UNFULFILLED') return false;
  return lineItems.nodes.some(({ quantity, currentQuantity }) => currentQuantity < quantity);
}

export interface Reading {
  /** Whether orders that are not paid for wait. */
  readonly unpaidWait: boolean;
  /** Fulfilled pieces by the id of their line, where they had to be asked for. */
  readonly fulfilled?: ReadonlyMap<string, number>;
}

/** A Shopify order in the kit's words. Throws CannotRead with what the shop keeper has to mend. */
export function toShopOrder(order: ShopifyOrder, reading: Reading): ShopOrder {
  const shipping = order.shippingLine?.title;
  const state = stateOf(order, reading);
  const lines = order.lineItems.nodes.flatMap((line) => toLines(order, line, reading));
  return {
    id: order.id,
    number: numberOf(order.name),
    placedAt: order.createdAt,
    changedAt: order.updatedAt,
    // Gift cards, services and tips alone are nothing for a warehouse.
    state: state !== 'cancelled' && lines.every(({ picked }) => picked === false) ? 'not-yet' : state,
    ...(order.cancelReason && { cancelReason: order.cancelReason.toLowerCase() }),
    consignee: consigneeOf(order),
    lines,
    ...(order.currencyCode && { currency: order.currencyCode }),
    ...(shipping && {
      shippingMethod: {
        code: fitText(order.shippingLine?.code || shipping, 100),
        name: fitText(shipping, 100),
      },
    }),
    ...(order.note && { note: fitText(order.note, 500) }),
  };
}

/** Shopify writes a # before the number that the WMS would not print as a code. */
export const numberOf = (name: string) => name.replace(/^#/, '');

const UNPAID = new Set(['PENDING', 'EXPIRED', 'VOIDED']);

function stateOf(
  { cancelledAt, displayFinancialStatus }: ShopifyOrder,
  reading: Reading,
): ShopOrder['state'] {
  if (cancelledAt) return 'cancelled';
  return reading.unpaidWait && UNPAID.has(displayFinancialStatus ?? '') ? 'held' : 'placed';
}

/** None where there is nothing to pick and no number to name it by: a tip, a fee, a gift card. */
function toLines(order: ShopifyOrder, line: Line, reading: Reading): ShopOrderLine[] {
  const tracked = line.variant?.inventoryItem?.tracked;
  // What is not tracked has no stock. With a number it may lie in the warehouse all the same, and is not forgotten.
  const picked = line.requiresShipping && (Boolean(line.sku) || tracked !== false);
  if (line.sku) return [toLine(order, line, line.sku, picked, reading)];
  if (picked) {
    throw new CannotRead(
      `Line '${fitText(line.title ?? tailOf(line.id), 100)}' has no SKU, so the warehouse cannot know what to pick. ` +
        'Give the variant its article number as SKU, for orders from then on. Enter this one by hand, or take the ' +
        'line out of it and add it again.',
    );
  }
  return [];
}

function toLine(
  order: ShopifyOrder,
  line: Line,
  article: string,
  picked: boolean,
  { fulfilled }: Reading,
): ShopOrderLine {
  if (line.quantity < 0 || line.unfulfilledQuantity < 0)
    throw new CannotRead(`Line ${tailOf(line.id)} has a quantity below zero. Correct it in the shop.`);
  const done = fulfilled
    ? (fulfilled.get(line.id) ?? 0)
    : Math.max(0, line.quantity - removedOf(order, line) - line.unfulfilledQuantity);
  const wanted = order.cancelledAt ? line.quantity : done + line.unfulfilledQuantity;
  const price = line.discountedUnitPriceSet?.shopMoney.amount;
  return {
    id: tailOf(line.id),
    article,
    quantity: String(wanted),
    picked,
    fulfilled: String(done),
    ...(line.title && { name: fitText(line.title, 300) }),
    ...(price !== undefined && { unitPrice: trimmed(price) }),
  };
}

/** While nothing of an order is fulfilled, all that is missing of a line was taken out of it. */
function removedOf({ displayFulfillmentStatus }: ShopifyOrder, { quantity, currentQuantity }: Line): number {
  return displayFulfillmentStatus === 'UNFULFILLED' ? quantity - currentQuantity : 0;
}

function consigneeOf({ shippingAddress: address, email, phone }: ShopifyOrder): Consignee {
  return consigneeFrom({
    name: address?.name,
    company: address?.company,
    address1: address?.address1,
    address2: address?.address2,
    postCode: address?.zip,
    city: address?.city,
    stateCode: address?.provinceCode,
    countryCode: address?.countryCodeV2,
    email,
    phone: address?.phone || phone,
  });
}

/** The contract takes four decimals. */
function trimmed(amount: string): string {
  const [whole, decimals = ''] = amount.split('.');
  const kept = decimals.slice(0, 4).replace(/0+$/, '');
  return kept ? `${whole}.${kept}` : (whole ?? '0');
}

import { CannotRead, consigneeFrom, type ShopOrder, type ShopOrderLine } from '@samlast/channel-kit';
import { type Consignee, fitText } from '@samlast/contracts';
import { z } from 'zod';

const Text = z.string().nullish();

const Line = z.object({
  id: z.string(),
  quantity: z.int(),
  unitPriceWithTax: z.int(),
  productVariant: z.object({ sku: z.string(), name: z.string(), trackInventory: z.string() }),
  fulfillmentLines: z
    .array(z.object({ quantity: z.int(), fulfillment: z.object({ state: z.string() }).nullish() }))
    .nullish(),
});
type Line = z.infer<typeof Line>;

/** What of a Vendure order this channel asks for and reads. Amounts are in hundredths, whatever the currency. */
export const VendureOrder = z.object({
  id: z.string(),
  code: z.string(),
  state: z.string(),
  orderPlacedAt: z.iso.datetime({ offset: true }),
  updatedAt: z.iso.datetime({ offset: true }),
  currencyCode: z.string(),
  customFields: z.object({ samlastClaim: Text }).nullish(),
  customer: z.object({ emailAddress: Text, phoneNumber: Text }).nullish(),
  lines: z.array(Line),
  shippingAddress: z
    .object({
      fullName: Text,
      company: Text,
      streetLine1: Text,
      streetLine2: Text,
      city: Text,
      province: Text,
      postalCode: Text,
      countryCode: Text,
      phoneNumber: Text,
    })
    .nullish(),
  shippingLines: z.array(z.object({ shippingMethod: z.object({ code: z.string(), name: z.string() }) })),
});
export type VendureOrder = z.infer<typeof VendureOrder>;

export const ORDER_FIELDS = `id code state orderPlacedAt updatedAt currencyCode customFields { samlastClaim }
  customer { emailAddress phoneNumber }
  lines { id quantity unitPriceWithTax productVariant { sku name trackInventory }
    fulfillmentLines { quantity fulfillment { state } } }
  shippingAddress { fullName company streetLine1 streetLine2 city province postalCode countryCode phoneNumber }
  shippingLines { shippingMethod { code name } }`;

/**
 * When an order last changed. Placing it does not move `updatedAt`, which stays at the last step before the payment
 * (seen on 3.7.3), and a buyer may sit there for an hour.
 */
export function changedAtOf(order: { orderPlacedAt?: unknown; updatedAt?: unknown }): string {
  const [placed, updated] = [String(order.orderPlacedAt), String(order.updatedAt)];
  return Date.parse(placed) > Date.parse(updated) ? placed : updated;
}

/** A Vendure order in the kit's words. Throws CannotRead with what the shop keeper has to mend. */
export function toShopOrder(order: VendureOrder): ShopOrder {
  const [shipping] = order.shippingLines;
  const claimKey = order.customFields?.samlastClaim;
  return {
    id: order.id,
    number: order.code,
    placedAt: order.orderPlacedAt,
    changedAt: changedAtOf(order),
    state: isCancelled(order) ? 'cancelled' : 'placed',
    consignee: consigneeOf(order),
    lines: order.lines.map(toLine),
    currency: order.currencyCode,
    ...(shipping && {
      shippingMethod: {
        code: fitText(shipping.shippingMethod.code, 100),
        name: fitText(shipping.shippingMethod.name, 100),
      },
    }),
    ...(claimKey && { claimKey }),
  };
}

/** Vendure reads an order and its lines one after another, so a cancel may show in the lines alone (seen). */
function isCancelled({ state, lines }: VendureOrder): boolean {
  return state === 'Cancelled' || (lines.length > 0 && lines.every(({ quantity }) => quantity === 0));
}

function toLine(line: Line): ShopOrderLine {
  const { sku, name, trackInventory } = line.productVariant;
  if (!sku) {
    throw new CannotRead(
      `The variant of line '${name}' has no SKU, so the warehouse cannot know what to pick. ` +
        'Give the variant its article number as SKU; this order is read again as soon as it changes, or when you retry it.',
    );
  }
  const fulfilled = (line.fulfillmentLines ?? [])
    .filter(({ fulfillment }) => fulfillment?.state !== 'Cancelled')
    .reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    id: line.id,
    article: sku,
    quantity: String(line.quantity),
    // What the shop keeps no stock of (services, vouchers) is not picked.
    picked: trackInventory !== 'FALSE',
    fulfilled: String(fulfilled),
    ...(name && { name: fitText(name, 300) }),
    unitPrice: hundredths(line.unitPriceWithTax),
  };
}

function consigneeOf({ shippingAddress: address, customer }: VendureOrder): Consignee {
  return consigneeFrom({
    name: address?.fullName,
    company: address?.company,
    address1: address?.streetLine1,
    address2: address?.streetLine2,
    postCode: address?.postalCode,
    city: address?.city,
    stateCode: address?.province,
    countryCode: address?.countryCode,
    email: customer?.emailAddress,
    phone: address?.phoneNumber || customer?.phoneNumber,
  });
}

function hundredths(amount: number): string {
  const text = String(Math.abs(amount)).padStart(3, '0');
  return `${amount < 0 ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`;
}

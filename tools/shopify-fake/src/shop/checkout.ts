import type { Address, FinancialStatus, LineItem, Order } from './model.ts';
import { tellOfLevel } from './catalogue.ts';
import { ShopRefusal, type World } from './world.ts';

export interface CheckoutLine {
  /** Absent for a line that staff typed in, such as a fee. */
  readonly sku?: string;
  readonly title?: string;
  readonly quantity: number;
  readonly requiresShipping?: boolean;
  readonly isGiftCard?: boolean;
  readonly price?: string;
}

export interface Checkout {
  readonly lines: readonly CheckoutLine[];
  readonly name?: string;
  readonly financialStatus?: FinancialStatus;
  readonly shippingAddress?: Address | null;
  readonly email?: string;
  readonly note?: string;
  readonly currencyCode?: string;
  readonly shippingTitle?: string | null;
  readonly test?: boolean;
}

const ADDRESS: Address = {
  name: 'Kim Buyer',
  address1: 'Hafenstrasse 1',
  zip: '20457',
  city: 'Hamburg',
  countryCodeV2: 'DE',
};

/** A buyer's checkout, or what staff enters: all of its lines or nothing, by the shop's own numbers alone. */
export function checkout(world: World, wish: Checkout): Order {
  const [location] = world.locations;
  if (!location) throw new ShopRefusal('The shop has no location.');
  const lines = wish.lines.map((line) => lineOf(world, line));
  for (const line of lines) {
    const level = world.level(line.variant, location.id);
    const wanted = lines
      .filter(({ variant }) => variant === line.variant)
      .reduce((sum, { quantity }) => sum + quantity, 0);
    if (level && line.variant?.inventoryPolicy === 'DENY' && level.available < wanted)
      throw new ShopRefusal(`There are not ${wanted} of ${line.sku} any more.`, 'OUT_OF_STOCK');
  }
  for (const line of lines) commit(world, location.id, line, line.quantity);
  const now = world.now();
  const order: Order = {
    id: world.id(),
    fulfillmentOrderId: world.id(),
    locationId: location.id,
    name: wish.name ?? `#${world.nextOrderNumber++}`,
    createdAt: now,
    updatedAt: now,
    indexedAt: undefined,
    held: false,
    financialStatus: wish.financialStatus ?? 'PAID',
    test: wish.test ?? false,
    currencyCode: wish.currencyCode ?? 'EUR',
    email: wish.email ?? 'kim@buyer.example',
    phone: null,
    note: wish.note ?? null,
    customAttributes: [],
    tags: [],
    shippingAddress: wish.shippingAddress === undefined ? ADDRESS : wish.shippingAddress,
    shippingTitle: wish.shippingTitle === undefined ? 'Standard' : wish.shippingTitle,
    lines,
    fulfillments: [],
    returns: [],
    refunds: [],
    metafields: new Map(),
  };
  world.orders.set(order.id, order);
  world.changed(order, 'orders/create');
  return order;
}

function lineOf(world: World, line: CheckoutLine): LineItem {
  const variant = line.sku === undefined ? null : world.variantOf(line.sku);
  if (line.quantity < 1) throw new ShopRefusal('A line needs at least one piece.');
  return {
    id: world.id(),
    fulfillmentOrderLineItemId: world.id(),
    variant,
    sku: variant?.sku ?? '',
    title: line.title ?? variant?.productTitle ?? 'Custom',
    requiresShipping: line.requiresShipping ?? variant?.requiresShipping ?? true,
    isGiftCard: line.isGiftCard ?? false,
    price: line.price ?? variant?.price ?? '20.00',
    quantity: line.quantity,
    removed: 0,
    returned: 0,
  };
}

/** Takes pieces off what is offered for an order; a negative number puts them back. */
export function commit(world: World, location: number, { variant }: LineItem, pieces: number): void {
  const level = world.level(variant, location);
  if (!level || !variant) return;
  level.available -= pieces;
  level.committed += pieces;
  tellOfLevel(world, variant, location, level);
}

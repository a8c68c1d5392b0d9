import { createHash } from 'node:crypto';
import { onHandOf } from '../shop/catalogue.ts';
import {
  type Fulfillment,
  fulfilledOf,
  type LineItem,
  type Order,
  type Quantities,
  type Return,
  type ReturnLine,
  type Subscription,
  unfulfilledOf,
  type Variant,
} from '../shop/model.ts';
import { gid, seconds, type World } from '../shop/world.ts';
import { pageById, type PageArguments } from './pages.ts';
import { numberOf } from './refusals.ts';

/** What the schema's types show of the shop. Members that take arguments are functions. */
export class Views {
  constructor(private readonly world: World) {}

  item(variant: Variant) {
    return {
      __typename: 'InventoryItem',
      id: gid('InventoryItem', variant.inventoryItemId),
      sku: variant.sku,
      tracked: variant.tracked,
      requiresShipping: variant.requiresShipping,
      variant: () => this.variant(variant),
      inventoryLevel: ({ locationId }: { locationId: string }) => {
        const location = numberOf(locationId, 'Location');
        const level = variant.levels.get(location);
        return level ? this.level(variant, location, level) : null;
      },
    };
  }

  variant(variant: Variant) {
    return {
      __typename: 'ProductVariant',
      id: gid('ProductVariant', variant.id),
      sku: variant.sku,
      barcode: variant.barcode || null,
      title: variant.title,
      displayName: `${variant.productTitle} - ${variant.title}`,
      price: variant.price,
      inventoryPolicy: variant.inventoryPolicy,
      inventoryItem: () => this.item(variant),
      product: {
        id: gid('Product', variant.productId),
        title: variant.productTitle,
        status: variant.active ? 'ACTIVE' : 'DRAFT',
      },
    };
  }

  order(order: Order): Record<string, unknown> & { id: string } {
    return {
      __typename: 'Order',
      id: gid('Order', order.id),
      name: order.name,
      createdAt: seconds(order.createdAt),
      updatedAt: seconds(order.updatedAt),
      cancelledAt: order.cancelledAt === undefined ? null : seconds(order.cancelledAt),
      cancelReason: order.cancelReason ?? null,
      test: order.test,
      currencyCode: order.currencyCode,
      email: order.email,
      phone: order.phone,
      note: order.note,
      tags: order.tags,
      customAttributes: order.customAttributes,
      displayFinancialStatus: order.financialStatus,
      displayFulfillmentStatus: fulfillmentStatusOf(order),
      returnStatus: order.returns.some(({ status }) => status === 'OPEN') ? 'IN_PROGRESS' : 'NO_RETURN',
      shippingAddress: order.shippingAddress,
      shippingLine: order.shippingTitle === null ? null : { title: order.shippingTitle, code: null },
      lineItems: (page: PageArguments) => pageById(order.lines, (line) => this.line(order, line), page),
      fulfillments: ({ first }: PageArguments) =>
        order.fulfillments.slice(0, first ?? 250).map((one) => this.fulfillment(order, one)),
      fulfillmentOrders: (page: PageArguments) =>
        pageById([{ id: order.fulfillmentOrderId }], () => this.fulfillmentOrder(order), page),
      returns: (page: PageArguments) => pageById(order.returns, (one) => this.return(order, one), page),
      metafield: ({ namespace = '', key }: { namespace?: string; key: string }) =>
        this.metafield(order, namespace, key),
    };
  }

  metafield(order: Order, namespace: string, key: string) {
    const found = order.metafields.get(`${namespace}.${key}`);
    if (!found) return null;
    const { type, value } = found;
    const id = gid('Metafield', order.id);
    return { __typename: 'Metafield', id, namespace, key, type, value, compareDigest: digestOf(value) };
  }

  line(order: Order, line: LineItem) {
    const money = { amount: line.price, currencyCode: order.currencyCode };
    const price = { shopMoney: money, presentmentMoney: money };
    return {
      __typename: 'LineItem',
      id: gid('LineItem', line.id),
      sku: line.sku || null,
      title: line.title,
      name: line.title,
      quantity: line.quantity,
      currentQuantity: line.quantity - line.removed - line.returned,
      unfulfilledQuantity: unfulfilledOf(order, line),
      requiresShipping: line.requiresShipping,
      isGiftCard: line.isGiftCard,
      variant: line.variant ? () => this.variant(line.variant as Variant) : null,
      originalUnitPriceSet: price,
      discountedUnitPriceSet: price,
    };
  }

  fulfillment(order: Order, one: Fulfillment) {
    const { company = null, number = null, url = null } = one.tracking;
    return {
      __typename: 'Fulfillment',
      id: gid('Fulfillment', one.id),
      name: one.name,
      status: one.status,
      createdAt: seconds(one.createdAt),
      trackingInfo: number || url || company ? [{ company, number, url }] : [],
      fulfillmentLineItems: (page: PageArguments) =>
        pageById(one.lines, (line) => this.fulfillmentLine(order, line), page),
    };
  }

  fulfillmentLine(order: Order, { id, line, quantity }: Fulfillment['lines'][number]) {
    const lineItem = () => this.line(order, line);
    return { __typename: 'FulfillmentLineItem', id: gid('FulfillmentLineItem', id), quantity, lineItem };
  }

  fulfillmentOrder(order: Order) {
    return {
      __typename: 'FulfillmentOrder',
      id: gid('FulfillmentOrder', order.fulfillmentOrderId),
      status: fulfillmentOrderStatusOf(order),
      assignedLocation: { location: () => this.location(order.locationId) },
      lineItems: (page: PageArguments) =>
        pageById(
          order.lines,
          (line) => ({
            id: gid('FulfillmentOrderLineItem', line.fulfillmentOrderLineItemId),
            totalQuantity: line.quantity - line.removed,
            remainingQuantity: unfulfilledOf(order, line),
            lineItem: () => this.line(order, line),
          }),
          page,
        ),
    };
  }

  return(order: Order, one: Return): Record<string, unknown> {
    return {
      __typename: 'Return',
      id: gid('Return', one.id),
      name: one.name,
      status: one.status,
      createdAt: seconds(one.createdAt),
      order: () => this.order(order),
      returnLineItems: (page: PageArguments) =>
        pageById(one.lines, (line) => this.returnLine(order, line), page),
      reverseFulfillmentOrders: (page: PageArguments) =>
        pageById([one], () => this.reverseFulfillmentOrder(order, one), page),
    };
  }

  location(id: number) {
    const found = this.world.locations.find((one) => one.id === id);
    return found && { __typename: 'Location', id: gid('Location', id), name: found.name, isActive: true };
  }

  subscription({ id, topic, uri, createdAt }: Subscription) {
    return {
      __typename: 'WebhookSubscription',
      id: gid('WebhookSubscription', id),
      topic: topic.toUpperCase().replace('/', '_'),
      uri,
      format: 'JSON',
      createdAt: seconds(createdAt),
    };
  }

  reverseLine(order: Order, line: ReturnLine) {
    return {
      id: gid('ReverseFulfillmentOrderLineItem', line.reverseLineId),
      totalQuantity: line.quantity,
      fulfillmentLineItem: this.fulfilledLine(order, line),
      dispositions: line.dispositions,
    };
  }

  private reverseFulfillmentOrder(order: Order, one: Return) {
    return {
      id: gid('ReverseFulfillmentOrder', one.id),
      lineItems: (page: PageArguments) => pageById(one.lines, (line) => this.reverseLine(order, line), page),
    };
  }

  private returnLine(order: Order, line: ReturnLine) {
    return {
      __typename: 'ReturnLineItem',
      id: gid('ReturnLineItem', line.id),
      quantity: line.quantity,
      returnReason: line.reason,
      returnReasonNote: line.note,
      fulfillmentLineItem: this.fulfilledLine(order, line),
    };
  }

  private fulfilledLine(order: Order, { fulfillmentLineId }: ReturnLine) {
    const found = order.fulfillments.flatMap(({ lines }) => lines).find(({ id }) => id === fulfillmentLineId);
    return found && this.fulfillmentLine(order, found);
  }

  private level(variant: Variant, location: number, level: Quantities) {
    const known: Record<string, number> = { ...level, on_hand: onHandOf(level), incoming: 0 };
    return {
      __typename: 'InventoryLevel',
      id: gid('InventoryLevel', variant.inventoryItemId),
      location: () => this.location(location),
      quantities: ({ names }: { names: string[] }) =>
        names.map((name) => ({ id: gid('InventoryQuantity', 0), name, quantity: known[name] ?? 0 })),
    };
  }
}

export const digestOf = (value: string) => createHash('sha256').update(value).digest('hex');

function fulfillmentStatusOf(order: Order): string {
  if (order.held) return 'ON_HOLD';
  const done = order.lines.some((line) => fulfilledOf(order, line) > 0);
  if (!done) return 'UNFULFILLED';
  return order.lines.every((line) => unfulfilledOf(order, line) === 0) ? 'FULFILLED' : 'PARTIALLY_FULFILLED';
}

function fulfillmentOrderStatusOf(order: Order): string {
  if (order.cancelledAt !== undefined) return 'CANCELLED';
  if (order.held) return 'ON_HOLD';
  const status = fulfillmentStatusOf(order);
  if (status === 'FULFILLED') return 'CLOSED';
  return status === 'PARTIALLY_FULFILLED' ? 'IN_PROGRESS' : 'OPEN';
}

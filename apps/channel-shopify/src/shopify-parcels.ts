import { type OrderRef, type Shipment, ShopRefused } from '@samlast/channel-kit';
import { z } from 'zod';
import { page, refuse, type ShopifyAdmin, UserErrors } from './shopify-admin.ts';
import { tailOf } from './shopify-orders.ts';

/**
 * A fulfilment in Shopify has no member for a name of ours, and its mutation takes no idempotency key. So which parcel
 * became which fulfilment stands at the order, and one that was made before its answer was lost is known by its pieces
 * and its tracking number.
 */
const NAMESPACE = 'samlast';
const KEY = 'parcels';

const Named = z.record(z.string(), z.string()).catch({});
const Fulfilled = z.object({
  id: z.string(),
  status: z.string(),
  trackingInfo: z.array(z.object({ number: z.string().nullish() })),
});
const State = z.object({
  order: z
    .object({
      cancelledAt: z.string().nullable(),
      metafield: z.object({ value: z.string(), compareDigest: z.string() }).nullable(),
      fulfillments: z.array(Fulfilled),
      fulfillmentOrders: z.object({
        nodes: z.array(
          z.object({
            id: z.string(),
            status: z.string(),
            assignedLocation: z.object({ location: z.object({ id: z.string() }).nullish() }),
          }),
        ),
      }),
    })
    .nullable(),
});
type Order = NonNullable<z.output<typeof State>['order']>;

export interface ParcelSettings {
  readonly location: string;
  readonly notifyCustomer: boolean;
}

interface Piece {
  readonly fulfillmentOrderId: string;
  readonly id: string;
  readonly line: string;
  readonly remaining: number;
}

export class ShopifyParcels {
  constructor(
    private readonly admin: ShopifyAdmin,
    private readonly settings: ParcelSettings,
  ) {}

  /** Makes one fulfilment of a parcel, however often it is told. */
  async fulfil(ref: OrderRef, shipment: Shipment): Promise<void> {
    const order = await this.read(ref.id);
    const named = Named.parse(JSON.parse(order.metafield?.value ?? '{}'));
    const known = named[shipment.parcel];
    if (known) return this.tellTracking(order, known, shipment);
    const id =
      (await this.madeBefore(order, new Set(Object.values(named)), shipment)) ??
      (await this.make(ref, order, shipment));
    await this.remember(ref.id, { ...named, [shipment.parcel]: id }, order.metafield?.compareDigest ?? null);
  }

  /** How many pieces of each line, by its id, are fulfilled. */
  async fulfilledPieces(orderId: string): Promise<Map<string, number>> {
    const { fulfillments } = await this.read(orderId);
    const pieces = new Map<string, number>();
    for (const { id } of fulfillments.filter(({ status }) => status === 'SUCCESS'))
      for (const { line, quantity } of await this.linesOf(id))
        pieces.set(line, (pieces.get(line) ?? 0) + quantity);
    return pieces;
  }

  private async read(id: string): Promise<Order> {
    const { order } = await this.admin.graphql.ask(
      State,
      `query($id: ID!) {
        order(id: $id) {
          cancelledAt
          metafield(namespace: "${NAMESPACE}", key: "${KEY}") { value compareDigest }
          fulfillments(first: 200) { id status trackingInfo { number } }
          fulfillmentOrders(first: 20) { nodes { id status assignedLocation { location { id } } } }
        }
      }`,
      { id },
    );
    if (!order) throw new ShopRefused('Shopify has this order no more.');
    return order;
  }

  /** Of a fulfilment that no parcel is known by yet. */
  private async madeBefore(order: Order, others: ReadonlySet<string>, shipment: Shipment) {
    const wanted = piecesOf(shipment);
    for (const { id, status, trackingInfo } of order.fulfillments) {
      if (status !== 'SUCCESS' || others.has(id)) continue;
      if ((trackingInfo[0]?.number ?? '') !== (shipment.trackingNumber ?? '')) continue;
      const made = await this.linesOf(id);
      const isSame =
        made.length === wanted.size &&
        made.every(({ line, quantity }) => wanted.get(tailOf(line)) === quantity);
      if (isSame) return id;
    }
    return undefined;
  }

  private async linesOf(fulfillment: string): Promise<{ line: string; quantity: number }[]> {
    const Node = z.object({ quantity: z.int().nullish(), lineItem: z.object({ id: z.string() }) });
    const Answer = z.object({
      fulfillment: z.object({ fulfillmentLineItems: page(Node) }).nullable(),
    });
    const found: { line: string; quantity: number }[] = [];
    for (let after: string | null | undefined; ;) {
      const { fulfillment: answer } = await this.admin.graphql.ask(
        Answer,
        `query($id: ID!, $after: String) {
          fulfillment(id: $id) {
            fulfillmentLineItems(first: 200, after: $after) {
              nodes { quantity lineItem { id } } pageInfo { hasNextPage endCursor }
            }
          }
        }`,
        { id: fulfillment, after },
      );
      if (!answer) return found;
      const { nodes, pageInfo } = answer.fulfillmentLineItems;
      found.push(...nodes.map(({ quantity, lineItem }) => ({ line: lineItem.id, quantity: quantity ?? 0 })));
      if (!pageInfo.hasNextPage) return found;
      after = pageInfo.endCursor;
    }
  }

  private async make(ref: OrderRef, order: Order, shipment: Shipment): Promise<string> {
    if (order.cancelledAt)
      throw new ShopRefused(
        `Order ${ref.shopNumber} is cancelled in Shopify, but this parcel of it has left. Get it back, or charge it anew.`,
      );
    const here = order.fulfillmentOrders.nodes.filter(
      ({ assignedLocation }) => assignedLocation.location?.id === this.settings.location,
    );
    if (here.some(({ status }) => status === 'ON_HOLD'))
      throw new ShopRefused(
        `Order ${ref.shopNumber} is on hold in Shopify, but this parcel of it has left. Release it there, then retry.`,
      );
    const open = here.filter(({ status }) => status === 'OPEN' || status === 'IN_PROGRESS');
    const left = (await Promise.all(open.map(({ id }) => this.piecesLeft(id)))).flat();
    const wanted = take(ref, piecesOf(shipment), left);
    const { fulfillmentCreate } = await this.admin.graphql.ask(
      z.object({
        fulfillmentCreate: z.object({
          fulfillment: z.object({ id: z.string() }).nullish(),
          userErrors: UserErrors,
        }),
      }),
      `mutation($fulfillment: FulfillmentInput!) {
        fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id } userErrors { message } }
      }`,
      {
        fulfillment: {
          notifyCustomer: this.settings.notifyCustomer,
          trackingInfo: trackingOf(shipment),
          lineItemsByFulfillmentOrder: wanted,
        },
      },
    );
    refuse('take this parcel', fulfillmentCreate.userErrors);
    if (fulfillmentCreate.fulfillment) return fulfillmentCreate.fulfillment.id;
    throw new ShopRefused('Shopify took this parcel, but names no fulfilment of it.');
  }

  private async piecesLeft(fulfillmentOrderId: string): Promise<Piece[]> {
    const Node = z.object({
      id: z.string(),
      remainingQuantity: z.int(),
      lineItem: z.object({ id: z.string() }),
    });
    const Answer = z.object({
      fulfillmentOrder: z.object({ lineItems: page(Node) }).nullable(),
    });
    const pieces: Piece[] = [];
    for (let after: string | null | undefined; ;) {
      const { fulfillmentOrder } = await this.admin.graphql.ask(
        Answer,
        `query($id: ID!, $after: String) {
          fulfillmentOrder(id: $id) {
            lineItems(first: 200, after: $after) {
              nodes { id remainingQuantity lineItem { id } } pageInfo { hasNextPage endCursor }
            }
          }
        }`,
        { id: fulfillmentOrderId, after },
      );
      if (!fulfillmentOrder) return pieces;
      const { nodes, pageInfo } = fulfillmentOrder.lineItems;
      for (const { id, remainingQuantity: remaining, lineItem } of nodes)
        pieces.push({ fulfillmentOrderId, id, line: tailOf(lineItem.id), remaining });
      if (!pageInfo.hasNextPage) return pieces;
      after = pageInfo.endCursor;
    }
  }

  /** A tracking number that came after its parcel. */
  private async tellTracking(order: Order, id: string, shipment: Shipment): Promise<void> {
    const made = order.fulfillments.find((one) => one.id === id);
    if (made?.status !== 'SUCCESS' || !shipment.trackingNumber) return;
    if (made.trackingInfo[0]?.number === shipment.trackingNumber) return;
    const { fulfillmentTrackingInfoUpdate: answer } = await this.admin.graphql.ask(
      z.object({ fulfillmentTrackingInfoUpdate: z.object({ userErrors: UserErrors }) }),
      `mutation($id: ID!, $tracking: FulfillmentTrackingInput!, $notify: Boolean) {
        fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $tracking, notifyCustomer: $notify) {
          userErrors { message }
        }
      }`,
      { id, tracking: trackingOf(shipment), notify: this.settings.notifyCustomer },
    );
    refuse('take the tracking number', answer.userErrors);
  }

  private async remember(ownerId: string, named: object, compareDigest: string | null): Promise<void> {
    const { metafieldsSet } = await this.admin.graphql.ask(
      z.object({ metafieldsSet: z.object({ userErrors: UserErrors }) }),
      `mutation($metafields: [MetafieldsSetInput!]!) {
        metafieldsSet(metafields: $metafields) { userErrors { code message } }
      }`,
      {
        metafields: [
          {
            ownerId,
            namespace: NAMESPACE,
            key: KEY,
            type: 'json',
            value: JSON.stringify(named),
            compareDigest,
          },
        ],
      },
    );
    refuse('keep which parcel this is', metafieldsSet.userErrors);
  }
}

/** Pieces of a parcel by the line of the order: batches may have split a line. */
function piecesOf({ lines }: Shipment): Map<string, number> {
  const pieces = new Map<string, number>();
  for (const { id, quantity } of lines) pieces.set(id, (pieces.get(id) ?? 0) + Number(quantity));
  return pieces;
}

/** Which lines of which fulfilment orders the parcel is made of. */
function take(ref: OrderRef, wanted: ReadonlyMap<string, number>, left: readonly Piece[]) {
  const taken = new Map<string, { id: string; quantity: number }[]>();
  for (const [line, quantity] of wanted) {
    let missing = quantity;
    for (const piece of left.filter((one) => one.line === line && one.remaining > 0)) {
      const here = Math.min(missing, piece.remaining);
      if (here > 0)
        taken.set(piece.fulfillmentOrderId, [
          ...(taken.get(piece.fulfillmentOrderId) ?? []),
          { id: piece.id, quantity: here },
        ]);
      missing -= here;
    }
    if (missing > 0)
      throw new ShopRefused(
        `Order ${ref.shopNumber} has ${missing} of ${quantity} pieces of a line less to fulfil at this location than the ` +
          'parcel holds: they were fulfilled, taken out or moved to another location in Shopify. Put that right there, then retry.',
      );
  }
  return [...taken].map(([fulfillmentOrderId, fulfillmentOrderLineItems]) => ({
    fulfillmentOrderId,
    fulfillmentOrderLineItems,
  }));
}

function trackingOf({ carrier, trackingNumber, trackingUrl }: Shipment) {
  return {
    ...(carrier && { company: carrier }),
    ...(trackingNumber && { number: trackingNumber }),
    ...(trackingUrl && { url: trackingUrl }),
  };
}

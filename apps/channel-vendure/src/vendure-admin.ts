import { ShopRefused, ShopUnavailable } from '@samlast/channel-kit';
import { z } from 'zod';
import { type VendureAccess, VendureGraphql } from './vendure-graphql.ts';
import { ORDER_FIELDS } from './vendure-orders.ts';

const VARIANTS_AT_ONCE = 100;

const Orders = z.object({ orders: z.object({ items: z.array(z.unknown()) }) });
const Levels = z.object({
  productVariants: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        sku: z.string(),
        stockLevels: z.array(
          z.object({ stockLocationId: z.string(), stockOnHand: z.number(), stockAllocated: z.number() }),
        ),
      }),
    ),
  }),
});
const AtPayment = z.object({
  samlastAtPayment: z.array(z.object({ sku: z.string(), quantity: z.number() })),
});
const Variants = z.object({
  productVariants: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        sku: z.string(),
        name: z.string(),
        enabled: z.boolean(),
        trackInventory: z.string(),
        product: z.object({ enabled: z.boolean() }).nullish(),
      }),
    ),
  }),
});
const Fulfilments = z.object({
  order: z
    .object({
      state: z.string(),
      fulfillments: z.array(z.object({ id: z.string(), state: z.string(), method: z.string() })).nullish(),
    })
    .nullable(),
});
const Notes = z.object({
  order: z.object({ history: z.object({ items: z.array(z.object({ data: z.unknown() })) }) }).nullable(),
});
const Said = z.object({
  __typename: z.string(),
  id: z.string().optional(),
  errorCode: z.string().optional(),
  message: z.string().optional(),
  transitionError: z.string().optional(),
});
const SAID = '__typename ... on ErrorResult { errorCode message }';

/** The calls of Vendure's admin interface that a channel needs, with their answers parsed. */
export class VendureAdmin {
  private readonly graphql: VendureGraphql;

  constructor(access: VendureAccess) {
    this.graphql = new VendureGraphql(access);
  }

  /** Ids and names of its stock locations. */
  async stockLocations(): Promise<{ id: string; name: string }[]> {
    const Location = z.object({ id: z.string(), name: z.string() });
    const Answer = z.object({ stockLocations: z.object({ items: z.array(Location) }) });
    const answer = await this.graphql.ask(
      Answer,
      '{ stockLocations(options: { take: 1000 }) { items { id name } } }',
    );
    return answer.stockLocations.items;
  }

  /** Vendure has no id of its own; the token of its channel and when that was made tell it from any other. */
  async shopIdentity(): Promise<string> {
    const Channel = z.object({ activeChannel: z.object({ token: z.string(), createdAt: z.string() }) });
    const { activeChannel } = await this.graphql.ask(Channel, '{ activeChannel { token createdAt } }');
    return `${activeChannel.token} ${activeChannel.createdAt}`;
  }

  /**
   * Orders by one of their times, at or after it, oldest first; each as it came, since one broken must not hide the
   * others. Vendure asks for what is strictly after, to the millisecond that it shows; it keeps microseconds.
   */
  async ordersFrom(time: 'orderPlacedAt' | 'updatedAt', from: string, limit: number): Promise<unknown[]> {
    const after = new Date(Date.parse(from) - 1).toISOString();
    const filter = { active: { eq: false }, orderPlacedAt: { isNull: false }, [time]: { after } };
    const { orders } = await this.graphql.ask(
      Orders,
      `query($options: OrderListOptions!) { orders(options: $options) { items { ${ORDER_FIELDS} } } }`,
      { options: { filter, sort: { [time]: 'ASC' }, take: limit } },
    );
    return orders.items;
  }

  async order(id: string): Promise<unknown> {
    const { order } = await this.graphql.ask(
      z.object({ order: z.unknown() }),
      `query($id: ID!) { order(id: $id) { ${ORDER_FIELDS} } }`,
      { id },
    );
    return order ?? undefined;
  }

  /** Pieces that buyers at the payment are about to buy, by SKU; told by the plugin. */
  async atPayment(articles: readonly string[]): Promise<Map<string, number>> {
    const { samlastAtPayment } = await this.graphql.ask(
      AtPayment,
      'query($skus: [String!]!) { samlastAtPayment(skus: $skus) { sku quantity } }',
      { skus: articles },
    );
    return new Map(samlastAtPayment.map(({ sku, quantity }) => [sku, quantity]));
  }

  /** Numbers at one location; articles that are not kept there are left out, a SKU may come several times. */
  async levels(location: string, articles: readonly string[]) {
    const { productVariants } = await this.graphql.ask(
      Levels,
      `query($options: ProductVariantListOptions!) {
        productVariants(options: $options) { items { id sku stockLevels { stockLocationId stockOnHand stockAllocated } } }
      }`,
      { options: { filter: { sku: { in: articles } }, take: Math.min(articles.length * 2, 1000) } },
    );
    return productVariants.items.flatMap(({ id, sku, stockLevels }) => {
      const level = stockLevels.find((one) => one.stockLocationId === location);
      return level ? [{ id, sku, onHand: level.stockOnHand, allocated: level.stockAllocated }] : [];
    });
  }

  async setLevels(location: string, levels: readonly { id: string; onHand: number }[]): Promise<void> {
    const input = levels.map(({ id, onHand }) => ({
      id,
      stockLevels: [{ stockLocationId: location, stockOnHand: onHand }],
    }));
    await this.graphql.ask(
      z.object({ updateProductVariants: z.unknown() }),
      'mutation($input: [UpdateProductVariantInput!]!) { updateProductVariants(input: $input) { id } }',
      { input },
    );
  }

  /** The fulfilments that stand, and whether the order does. */
  async fulfilments(orderId: string) {
    const { order } = await this.graphql.ask(
      Fulfilments,
      'query($id: ID!) { order(id: $id) { state fulfillments { id state method } } }',
      { id: orderId },
    );
    if (!order) throw new ShopRefused(`Vendure has no order ${orderId} any more.`);
    return {
      cancelled: order.state === 'Cancelled',
      parcels: (order.fulfillments ?? []).filter(({ state }) => state !== 'Cancelled'),
    };
  }

  /** Takes the pieces off the stock. Its method is what staff and buyer read. */
  async pack(
    lines: readonly { orderLineId: string; quantity: number }[],
    method: string,
    trackingCode: string,
  ): Promise<void> {
    const handler = {
      code: 'manual-fulfillment',
      arguments: [
        { name: 'method', value: method },
        { name: 'trackingCode', value: trackingCode },
      ],
    };
    const said = await this.change(
      `mutation($input: FulfillOrderInput!) {
        addFulfillmentToOrder(input: $input) { ... on Fulfillment { id } ${SAID}
          ... on FulfillmentStateTransitionError { transitionError } }
      }`,
      'addFulfillmentToOrder',
      { input: { lines, handler } },
    );
    if (said.__typename === 'Fulfillment') return;
    // The shelf is about to be written: until then Vendure may have less on hand than this order needs.
    if (said.errorCode === 'INSUFFICIENT_STOCK_ON_HAND_ERROR')
      throw new ShopUnavailable('Vendure has not enough on hand yet to pack this.', { said: said.message });
    throw refusal('pack it', said);
  }

  async ship(fulfilmentId: string): Promise<void> {
    const said = await this.change(
      `mutation($id: ID!) {
        transitionFulfillmentToState(id: $id, state: "Shipped") { ${SAID}
          ... on FulfillmentStateTransitionError { transitionError } }
      }`,
      'transitionFulfillmentToState',
      { id: fulfilmentId },
    );
    if (said.__typename !== 'Fulfillment') throw refusal('mark it as shipped', said);
  }

  async cancel(orderId: string, reason: string): Promise<void> {
    const said = await this.change(
      `mutation($input: CancelOrderInput!) {
        cancelOrder(input: $input) { ${SAID} ... on OrderStateTransitionError { transitionError } }
      }`,
      'cancelOrder',
      { input: { orderId, reason, cancelShipping: true } },
    );
    if (said.__typename !== 'Order') throw refusal('cancel it', said);
  }

  async notes(orderId: string): Promise<string[]> {
    const { order } = await this.graphql.ask(
      Notes,
      `query($id: ID!) {
        order(id: $id) { history(options: { filter: { type: { eq: "ORDER_NOTE" } }, take: 100 }) { items { data } } }
      }`,
      { id: orderId },
    );
    return (order?.history.items ?? []).map(({ data }) => JSON.stringify(data));
  }

  async addNote(orderId: string, note: string): Promise<void> {
    await this.graphql.ask(
      z.object({ addNoteToOrder: z.unknown() }),
      'mutation($input: AddNoteToOrderInput!) { addNoteToOrder(input: $input) { id } }',
      { input: { id: orderId, note, isPublic: false } },
    );
  }

  /** Variants in the order of their ids. */
  async variantsFrom(skip: number) {
    const { productVariants } = await this.graphql.ask(
      Variants,
      `query($options: ProductVariantListOptions!) {
        productVariants(options: $options) { items { id sku name enabled trackInventory product { enabled } } }
      }`,
      { options: { skip, take: VARIANTS_AT_ONCE, sort: { id: 'ASC' } } },
    );
    return productVariants.items;
  }

  /** Vendure answers a refusal with 200 and a type that says so. */
  private async change(query: string, name: string, variables: Record<string, unknown>) {
    const answer = await this.graphql.ask(z.record(z.string(), Said), query, variables);
    return answer[name] ?? { __typename: 'nothing' };
  }
}

function refusal(what: string, { __typename, message, transitionError }: z.output<typeof Said>): ShopRefused {
  return new ShopRefused(`Vendure does not ${what} (${__typename}).`, { said: transitionError ?? message });
}

import { ShopRefused, ShopUnavailable } from '@samlast/channel-kit';
import { z } from 'zod';
import { ShopifyGraphql } from './shopify-graphql.ts';
import { Line, linesOf, ORDER_FIELDS, type ShopifyOrder } from './shopify-orders.ts';
import type { TokenAccess } from './shopify-token.ts';

const VARIANTS_AT_ONCE = 100;
const LINES_AT_ONCE = 100;

const PageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() });
export const page = <Node extends z.ZodType>(node: Node) =>
  z.object({ nodes: z.array(node), pageInfo: PageInfo });

export const UserErrors = z.array(z.object({ message: z.string(), code: z.string().nullish() }));
const Attributes = z.array(z.object({ key: z.string(), value: z.string().nullish() }));
const ItemLevel = z.object({
  id: z.string(),
  sku: z.string().nullish(),
  tracked: z.boolean(),
  variant: z.object({ inventoryPolicy: z.string() }).nullish(),
  inventoryLevel: z.object({ quantities: z.array(z.object({ quantity: z.int() })).min(1) }).nullish(),
});
const Variant = z.object({
  id: z.string(),
  sku: z.string().nullish(),
  barcode: z.string().nullish(),
  displayName: z.string(),
  inventoryItem: z.object({ tracked: z.boolean(), requiresShipping: z.boolean() }),
  product: z.object({ status: z.string() }),
});
const SetAnswer = z.object({
  inventoryAdjustmentGroup: z.object({ id: z.string() }).nullish(),
  userErrors: UserErrors,
});

export interface QuantityWrite {
  readonly item: string;
  readonly from: number;
  readonly to: number;
  /** Makes a repeat of the very same request harmless. */
  readonly key: string;
}

/** The calls of Shopify's Admin API that a channel needs for orders, stock and articles. */
export class ShopifyAdmin {
  readonly graphql: ShopifyGraphql;

  constructor(access: TokenAccess) {
    this.graphql = new ShopifyGraphql(access);
  }

  /** The shop's own id, which no other has, and whether it has the location. */
  async shopWith(location: string): Promise<{ id: string; hasLocation: boolean }> {
    const Id = z.object({ id: z.string() });
    const Answer = z.object({ shop: Id, location: Id.nullable() });
    const query = 'query($location: ID!) { shop { id } location(id: $location) { id } }';
    const { shop, location: found } = await this.graphql.ask(Answer, query, { location });
    return { id: shop.id, hasLocation: found !== null };
  }

  /** Orders that the search finds changed since a time, each as it came: one that is broken must not hide others. */
  async changedOrders(since: string, first: number, after: string | undefined, fields = ORDER_FIELDS) {
    const { orders } = await this.graphql.ask(
      z.object({ orders: page(z.unknown()) }),
      `query($query: String!, $first: Int!, $after: String) {
        orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
          nodes { ${fields} } pageInfo { hasNextPage endCursor }
        }
      }`,
      { query: `updated_at:>='${since}'`, first, after },
    );
    return orders;
  }

  async order(id: string): Promise<unknown> {
    const { order } = await this.graphql.ask(
      z.object({ order: z.unknown() }),
      `query($id: ID!) { order(id: $id) { ${ORDER_FIELDS} } }`,
      { id },
    );
    return order ?? undefined;
  }

  /** The lines of an order that its page had no room for. */
  async restOfLines({ id, lineItems }: ShopifyOrder): Promise<Line[]> {
    const lines: Line[] = [];
    const query = `query($id: ID!, $after: String) { order(id: $id) { ${linesOf(LINES_AT_ONCE, ', after: $after')} } }`;
    for (let { pageInfo } = lineItems; pageInfo.hasNextPage;) {
      const Answer = z.object({ order: z.object({ lineItems: page(Line) }).nullable() });
      const { order } = await this.graphql.ask(Answer, query, { id, after: pageInfo.endCursor });
      if (!order) break;
      lines.push(...order.lineItems.nodes);
      ({ pageInfo } = order.lineItems);
    }
    return lines;
  }

  /** Inventory items with one of these SKUs; the search may find others and may not know the newest ones yet. */
  async itemsWith(skus: readonly string[]): Promise<{ id: string; sku: string }[]> {
    const query = skus.map((sku) => `sku:'${sku.replaceAll(/['\\]/g, String.raw`\$&`)}'`).join(' OR ');
    const Item = z.object({ id: z.string(), sku: z.string().nullish() });
    const { inventoryItems } = await this.graphql.ask(
      z.object({ inventoryItems: page(Item) }),
      `query($query: String!, $first: Int!) {
        inventoryItems(first: $first, query: $query) { nodes { id sku } pageInfo { hasNextPage } }
      }`,
      { query, first: Math.min(250, skus.length * 2 + 10) },
    );
    return inventoryItems.nodes.flatMap(({ id, sku }) => (sku && skus.includes(sku) ? [{ id, sku }] : []));
  }

  /** What is available of each at the location; undefined for one that is gone. */
  async levels(location: string, items: readonly string[]) {
    const { nodes } = await this.graphql.ask(
      z.object({ nodes: z.array(ItemLevel.nullable()) }),
      `query($ids: [ID!]!, $location: ID!) {
        nodes(ids: $ids) {
          ... on InventoryItem {
            id sku tracked variant { inventoryPolicy }
            inventoryLevel(locationId: $location) { quantities(names: ["available"]) { quantity } }
          }
        }
      }`,
      { ids: items, location },
    );
    return nodes.map((node) => node ?? undefined);
  }

  /** One mutation for each number, in one request: whether one is refused says nothing of another. */
  async setAvailable(location: string, writes: readonly QuantityWrite[]) {
    const names = writes.map((_, index) => `$i${index}: InventorySetQuantitiesInput!, $k${index}: String!`);
    const fields = writes.map(
      (_, index) => `w${index}: inventorySetQuantities(input: $i${index}) @idempotent(key: $k${index}) {
        inventoryAdjustmentGroup { id } userErrors { code message }
      }`,
    );
    const variables = writes.flatMap(({ item, from, to, key }, index) => [
      [
        `i${index}`,
        {
          name: 'available',
          reason: 'correction',
          referenceDocumentUri: `gid://samlast/Write/${key}`,
          quantities: [
            { inventoryItemId: item, locationId: location, quantity: to, changeFromQuantity: from },
          ],
        },
      ],
      [`k${index}`, key],
    ]);
    const answer = await this.graphql.ask(
      z.record(z.string(), SetAnswer),
      `mutation(${names.join(', ')}) { ${fields.join(' ')} }`,
      Object.fromEntries(variables) as Record<string, unknown>,
    );
    return writes.map((_, index) => answer[`w${index}`]?.userErrors ?? []);
  }

  /** Ends the order in the shop: true once it is done, false where it is under way still. */
  async cancel(
    id: string,
    how: { staffNote: string; notifyCustomer: boolean; refund: boolean },
  ): Promise<{ job?: string | undefined; refusal?: string | undefined }> {
    const { orderCancel } = await this.graphql.ask(
      z.object({
        orderCancel: z.object({
          job: z.object({ id: z.string() }).nullish(),
          orderCancelUserErrors: UserErrors,
        }),
      }),
      `mutation($id: ID!, $note: String, $notify: Boolean, $refund: Boolean) {
        orderCancel(orderId: $id, reason: INVENTORY, restock: true, staffNote: $note, notifyCustomer: $notify,
          refundMethod: { originalPaymentMethodsRefund: $refund }) {
          job { id } orderCancelUserErrors { code message }
        }
      }`,
      { id, note: how.staffNote, notify: how.notifyCustomer, refund: how.refund },
    );
    return { job: orderCancel.job?.id, refusal: orderCancel.orderCancelUserErrors[0]?.message };
  }

  async jobIsDone(id: string): Promise<boolean> {
    const Answer = z.object({ job: z.object({ done: z.boolean() }).nullable() });
    const { job } = await this.graphql.ask(Answer, 'query($id: ID!) { job(id: $id) { done } }', { id });
    return job?.done !== false;
  }

  async isCancelled(id: string): Promise<boolean> {
    const Answer = z.object({ order: z.object({ cancelledAt: z.string().nullable() }).nullable() });
    const { order } = await this.graphql.ask(Answer, 'query($id: ID!) { order(id: $id) { cancelledAt } }', {
      id,
    });
    if (!order) throw new ShopRefused('Shopify has this order no more.');
    return order.cancelledAt !== null;
  }

  /** What stands at the order under Additional details. */
  async attributes(id: string) {
    const Answer = z.object({ order: z.object({ customAttributes: Attributes }).nullable() });
    const query = 'query($id: ID!) { order(id: $id) { customAttributes { key value } } }';
    const { order } = await this.graphql.ask(Answer, query, { id });
    if (!order) throw new ShopRefused('Shopify has this order no more.');
    return order.customAttributes.map(({ key, value }) => ({ key, value: value ?? '' }));
  }

  /** Replaces all of them. */
  async setAttributes(
    id: string,
    customAttributes: readonly { key: string; value: string }[],
  ): Promise<void> {
    const { orderUpdate } = await this.graphql.ask(
      z.object({ orderUpdate: z.object({ userErrors: UserErrors }) }),
      'mutation($input: OrderInput!) { orderUpdate(input: $input) { userErrors { message } } }',
      { input: { id, customAttributes } },
    );
    refuse('write a remark at the order', orderUpdate.userErrors);
  }

  /** Variants in the order of their ids. */
  async variants(after: string | undefined) {
    const { productVariants } = await this.graphql.ask(
      z.object({ productVariants: page(Variant) }),
      `query($first: Int!, $after: String) {
        productVariants(first: $first, after: $after) {
          nodes { id sku barcode displayName inventoryItem { tracked requiresShipping } product { status } }
          pageInfo { hasNextPage endCursor }
        }
      }`,
      { first: VARIANTS_AT_ONCE, after },
      { patient: true },
    );
    return productVariants;
  }
}

/** A mutation's refusal: no retry can help. */
export function refuse(what: string, [error]: z.output<typeof UserErrors>): void {
  if (!error) return;
  if (error.code === 'STALE_OBJECT')
    throw new ShopUnavailable(`Shopify did not ${what}: somebody else changed it in that moment.`);
  throw new ShopRefused(`Shopify does not ${what}.`, { said: error.message });
}

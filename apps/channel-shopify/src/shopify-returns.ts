import {
  type FeedPosition,
  type InboundAccess,
  type InboundNews,
  type InboundPage,
  type OrderRef,
  type ReturnedGoods,
  ShopRefused,
  type ShopReturn,
} from '@samlast/channel-kit';
import { fitText } from '@samlast/contracts';
import { z } from 'zod';
import { page, refuse, type ShopifyAdmin, UserErrors } from './shopify-admin.ts';
import { numberOf, tailOf } from './shopify-orders.ts';
import type { ShopifyRemarks } from './shopify-remarks.ts';

const ORDERS_AT_ONCE = 50;

const Head = z.object({
  id: z.string(),
  name: z.string(),
  updatedAt: z.string(),
  returns: z.object({ nodes: z.array(z.object({ id: z.string() })) }),
});
/** Not by `returnStatus`, which is as if there had been none once a return is given up. */
const HEAD_FIELDS = 'id name updatedAt returns(first: 1) { nodes { id } }';
const FulfilledLine = z.object({ lineItem: z.object({ id: z.string(), sku: z.string().nullish() }) });
const ReturnLine = z.object({
  id: z.string(),
  quantity: z.int(),
  returnReason: z.string().optional(),
  returnReasonNote: z.string().nullish(),
  fulfillmentLineItem: FulfilledLine.optional(),
});
const Return = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  createdAt: z.string(),
  returnLineItems: page(ReturnLine),
});
/** Few returns have more: the rest of a long one is asked for by itself. */
const RETURN_LINES = (after = '') => `returnLineItems(first: 50${after}) {
  nodes {
    id quantity
    ... on ReturnLineItem { returnReason returnReasonNote fulfillmentLineItem { lineItem { id sku } } }
  }
  pageInfo { hasNextPage endCursor }
}`;
type Return = z.output<typeof Return>;
const ReverseLine = z.object({
  id: z.string(),
  totalQuantity: z.int(),
  fulfillmentLineItem: FulfilledLine.nullish(),
  dispositions: z.array(z.object({ quantity: z.int() })),
});

/**
 * Returns that staff has approved. Shopify lists them with their orders only, and they have no time of change of their
 * own: they are read with each change of an order that has any.
 */
export class ShopifyReturns implements InboundAccess<ShopReturn> {
  constructor(
    private readonly admin: ShopifyAdmin,
    private readonly remarks: ShopifyRemarks,
  ) {}

  async *changed(since: FeedPosition): AsyncIterable<InboundPage<ShopReturn>> {
    let last = since;
    for (let after: string | undefined; ;) {
      const from = `${new Date(Date.parse(since.changedAt)).toISOString().slice(0, 19)}Z`;
      const { nodes, pageInfo } = await this.admin.changedOrders(from, ORDERS_AT_ONCE, after, HEAD_FIELDS);
      const heads = nodes.map((node) => Head.parse(node));
      const entries: ShopReturn[] = [];
      for (const head of heads.filter(({ returns }) => returns.nodes.length > 0))
        for (const one of await this.returnsOf(head.id)) entries.push(...toShopReturn(head, one));
      for (const { updatedAt: changedAt, id } of heads)
        if (Date.parse(changedAt) > Date.parse(last.changedAt)) last = { changedAt, id };
      yield { entries, readTo: pageInfo.hasNextPage ? since : last };
      if (!pageInfo.hasNextPage) return;
      after = pageInfo.endCursor ?? undefined;
    }
  }

  /** What does not go as it was announced; what comes back is told of its order. */
  async tell({ id, shopNumber }: OrderRef, news: InboundNews): Promise<void> {
    if (news.kind !== 'note') return;
    const Answer = z.object({ return: z.object({ order: z.object({ id: z.string() }) }).nullable() });
    const query = 'query($id: ID!) { return(id: $id) { order { id } } }';
    const answer = await this.admin.graphql.ask(Answer, query, { id });
    if (!answer.return) throw new ShopRefused(`Shopify has return ${shopNumber} no more.`);
    const { order } = answer.return;
    const key = `Samlast ${shopNumber} ${news.key}`;
    await this.remarks.add(order.id, key, news.text);
  }

  /**
   * Goods that came back. Shopify is told that they are there and were not restocked: what can be sold again is in the
   * next level, and would be offered twice.
   */
  async returned(ref: OrderRef, goods: ReturnedGoods): Promise<void> {
    const key = `Samlast receipt ${goods.receipt}`;
    const text = goods.lines.map(
      ({ article, quantity, restocked }) => `${quantity} × ${article}${restocked ? '' : ' (not for sale)'}`,
    );
    // First what keeps it from being done twice: a receipt that is told and not closed is mended by a click.
    if (!(await this.remarks.add(ref.id, key, `Came back: ${text.join(', ')}`))) return;
    const announced = (await this.returnsOf(ref.id)).find(
      ({ name, status }) => status === 'OPEN' && goods.return?.startsWith(`${numberOf(name)}-`),
    );
    if (announced) await this.dispose(announced.id, goods);
  }

  private async returnsOf(order: string): Promise<Return[]> {
    const Answer = z.object({ order: z.object({ returns: page(Return) }).nullable() });
    const query = `query($id: ID!, $after: String) {
      order(id: $id) {
        returns(first: 5, after: $after) {
          nodes { id name status createdAt ${RETURN_LINES()} } pageInfo { hasNextPage endCursor }
        }
      }
    }`;
    const found: Return[] = [];
    for (let after: string | null | undefined; ;) {
      const answer = await this.admin.graphql.ask(Answer, query, { id: order, after });
      const { nodes, pageInfo } = answer.order?.returns ?? { nodes: [], pageInfo: { hasNextPage: false } };
      for (const one of nodes) found.push(await this.whole(one));
      if (!pageInfo.hasNextPage) return found;
      after = pageInfo.endCursor;
    }
  }

  /** With the lines that its page had no room for. */
  private async whole(one: Return): Promise<Return> {
    const Answer = z.object({ return: z.object({ returnLineItems: page(ReturnLine) }).nullable() });
    const query = `query($id: ID!, $after: String) { return(id: $id) { ${RETURN_LINES(', after: $after')} } }`;
    const { nodes, pageInfo: first } = one.returnLineItems;
    const lines = [...nodes];
    for (let pageInfo = first; pageInfo.hasNextPage;) {
      const answer = await this.admin.graphql.ask(Answer, query, { id: one.id, after: pageInfo.endCursor });
      if (!answer.return) break;
      lines.push(...answer.return.returnLineItems.nodes);
      ({ pageInfo } = answer.return.returnLineItems);
    }
    return { ...one, returnLineItems: { nodes: lines, pageInfo: first } };
  }

  /** What is to come back of a return, over all that Shopify has made of it. */
  private async reverseLines(id: string): Promise<z.output<typeof ReverseLine>[]> {
    const Order = z.object({ lineItems: page(ReverseLine) });
    const Answer = z.object({ return: z.object({ reverseFulfillmentOrders: page(Order) }) });
    const query = `query($id: ID!, $order: String, $line: String) {
      return(id: $id) {
        reverseFulfillmentOrders(first: 1, after: $order) {
          nodes {
            lineItems(first: 50, after: $line) {
              nodes { id totalQuantity fulfillmentLineItem { lineItem { id sku } } dispositions { quantity } }
              pageInfo { hasNextPage endCursor }
            }
          }
          pageInfo { hasNextPage endCursor }
        }
      }
    }`;
    const found: z.output<typeof ReverseLine>[] = [];
    let [order, line]: (string | null | undefined)[] = [];
    for (;;) {
      const answer: z.output<typeof Answer> = await this.admin.graphql.ask(Answer, query, {
        id,
        order,
        line,
      });
      const { nodes, pageInfo } = answer.return.reverseFulfillmentOrders;
      const [here] = nodes;
      found.push(...(here?.lineItems.nodes ?? []));
      const more = here?.lineItems.pageInfo;
      if (more?.hasNextPage) line = more.endCursor;
      else if (pageInfo.hasNextPage) [order, line] = [pageInfo.endCursor, undefined];
      else return found;
    }
  }

  private async dispose(id: string, goods: ReturnedGoods): Promise<void> {
    const open = await this.reverseLines(id);
    const dispositionInputs = goods.lines.flatMap((line) => {
      const here = open.find(
        ({ fulfillmentLineItem }) => tailOf(fulfillmentLineItem?.lineItem.id ?? '') === line.id,
      );
      const left = here
        ? here.totalQuantity - here.dispositions.reduce((sum, { quantity }) => sum + quantity, 0)
        : 0;
      const quantity = Math.min(Math.floor(Number(line.quantity)), left);
      const disposition = { quantity, dispositionType: 'NOT_RESTOCKED' };
      return here && quantity > 0 ? [{ reverseFulfillmentOrderLineItemId: here.id, ...disposition }] : [];
    });
    if (dispositionInputs.length === 0) return;
    const { reverseFulfillmentOrderDispose } = await this.admin.graphql.ask(
      z.object({ reverseFulfillmentOrderDispose: z.object({ userErrors: UserErrors }) }),
      `mutation($inputs: [ReverseFulfillmentOrderDisposeInput!]!) {
        reverseFulfillmentOrderDispose(dispositionInputs: $inputs) { userErrors { message } }
      }`,
      { inputs: dispositionInputs },
    );
    refuse('take what came back', reverseFulfillmentOrderDispose.userErrors);
  }
}

const GIVEN_UP = new Set(['CANCELED', 'DECLINED']);

/** A wish that nobody has approved yet is no return. */
function toShopReturn(order: z.output<typeof Head>, one: Return): ShopReturn[] {
  if (one.status === 'REQUESTED') return [];
  const lines = one.returnLineItems.nodes.flatMap(({ id, quantity, fulfillmentLineItem, ...line }) => {
    const { sku, id: orderLine } = fulfillmentLineItem?.lineItem ?? {};
    if (!sku || !orderLine) return [];
    const code = line.returnReason?.toLowerCase() ?? 'other';
    const cause = { code, ...(line.returnReasonNote && { name: fitText(line.returnReasonNote, 200) }) };
    return [
      { id: tailOf(id), orderLine: tailOf(orderLine), article: sku, quantity: String(quantity), cause },
    ];
  });
  return [
    {
      id: one.id,
      number: numberOf(one.name),
      order: numberOf(order.name),
      placedAt: one.createdAt,
      changedAt: order.updatedAt,
      state: GIVEN_UP.has(one.status) ? 'cancelled' : 'placed',
      lines,
    },
  ];
}

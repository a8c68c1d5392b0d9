import {
  type FeedPosition,
  misfitOf,
  type OrderPage,
  type OrderRef,
  pagesByTime,
  type ReadOrder,
  readOrder,
  type Shop,
  ShopRefused,
  type TimedFeed,
} from '@samlast/channel-kit';
import { fitText } from '@samlast/contracts';
import { z } from 'zod';
import type { WooCommerceConfig } from './config.ts';
import { WooApi } from './woo-api.ts';
import { WooGoods } from './woo-goods.ts';
import { refundedPieces, toShopOrder, WooOrder } from './woo-orders.ts';
import { fulfil, hasParcels } from './woo-fulfil.ts';
import { pluginShelf, restShelf } from './woo-shelf.ts';
import { wooWebhook } from './woo-webhook.ts';

const Status = z.object({ status: z.string() });

/** A WooCommerce shop in the kit's terms. */
export function wooShop(config: WooCommerceConfig): Shop {
  const api = new WooApi(config);
  const reader = new OrderReader(api, new WooGoods(api), config.WOOCOMMERCE_SEND_STATUSES);
  const readOne = async (order: unknown) => (await reader.read([order]))[0] as ReadOrder;
  const features = { feedLagMs: config.WOOCOMMERCE_FEED_LAG_MS, restocksCancelled: true, callsAtOnce: 2 };
  const hasPlugin = config.WOOCOMMERCE_STOCK === 'plugin';
  return {
    // Without the plugin what checkouts hold is sold beside a lease that was taken back.
    features: hasPlugin ? { ...features, safety: ['lease-safe'] } : { ...features, safety: [] },
    changedOrders: (since) => changedOrders(api, reader, since, config.WOOCOMMERCE_ORDERS_PAGE),
    async order(id) {
      const found = await api.order(id);
      return found === undefined ? undefined : readOne(found);
    },
    shelf: hasPlugin ? pluginShelf(api) : restShelf(api),
    fulfil: (order, shipment) => fulfil(api, readOne, config.WOOCOMMERCE_TRACKING, order, shipment),
    cancel: (order, reason) => cancel(api, order, reason),
    note: (order, { key, text }) => note(api, order, key, text),
    articles: () => reader.goods.articles(),
    webhook: wooWebhook(config.WEBHOOK_SECRET),
  };
}

/** Lists of orders leave the trash out, and what is thrown there must not be sent: it is a list of its own. */
async function* changedOrders(
  api: WooApi,
  reader: OrderReader,
  since: FeedPosition,
  pageSize: number,
): AsyncIterable<OrderPage> {
  const feed =
    (status: 'any' | 'trash'): TimedFeed<unknown> =>
    async (from, limit) => {
      const orders = await api.changedOrders(from, limit, status);
      return orders.map((order) => ({ ...keyOf(order), order }));
    };
  for await (const { orders, readTo } of pagesByTime(since, pageSize, [feed('any'), feed('trash')]))
    yield { orders: await reader.read(orders), readTo };
}

function keyOf(order: unknown): FeedPosition {
  const { id, date_modified_gmt: changedAt } = order as Record<string, unknown>;
  return { changedAt: `${String(changedAt)}Z`, id: String(id) };
}

/** Translates orders together with what has to be asked for beside them. */
class OrderReader {
  constructor(
    private readonly api: WooApi,
    readonly goods: WooGoods,
    private readonly sendStatuses: readonly string[],
  ) {}

  async read(orders: readonly unknown[]): Promise<ReadOrder[]> {
    const parsed = orders.map((raw) => ({ raw, key: keyOf(raw), result: WooOrder.safeParse(raw) }));
    const known = parsed.flatMap(({ result }) => (result.success ? [result.data] : []));
    const services = await this.goods.servicesAmong(known.flatMap(({ line_items: lines }) => lines));
    const refunded = new Map<number, Map<number, number>>();
    for (const { id, refunds } of known)
      if (refunds.length > 0) refunded.set(id, refundedPieces(await this.api.refunds(id)));
    return parsed.map(({ raw, key, result }): ReadOrder => {
      if (!result.success) {
        return { ...key, unreadable: misfitOf(raw, result.error, 'Order') };
      }
      const order = result.data;
      const of = { ...key, number: fitText(order.number, 200), placedAt: order.date_created_gmt };
      const facts = {
        sendStatuses: this.sendStatuses,
        services,
        refunded: refunded.get(order.id) ?? new Map(),
      };
      return readOrder(of, () => toShopOrder(order, facts));
    });
  }
}

/** An order that was sent in part is for people: its cancel would put back what has left the warehouse. */
async function cancel(api: WooApi, order: OrderRef, reason: string): Promise<void> {
  const found = await api.order(order.id);
  if (found === undefined) return;
  const { status } = Status.parse(found);
  if (['cancelled', 'refunded', 'trash'].includes(status)) return;
  if (status === 'completed' || hasParcels(found)) {
    const text = `Order ${order.shopNumber} was sent in part: refund the rest of it in the shop.`;
    throw new ShopRefused(text);
  }
  await note(api, order, 'cancel', `Cancelled by Samlast: ${reason}`);
  await api.changeOrder(order.id, { status: 'cancelled' });
}

/** For the shop's staff; buyers do not see it. Notes are not changes of the order. */
async function note(api: WooApi, order: OrderRef, key: string, text: string): Promise<void> {
  const mark = `(samlast ${key})`;
  const written = (await api.notes(order.id)).some((one) => one.includes(mark));
  if (!written) await api.addNote(order.id, `${text} ${mark}`);
}

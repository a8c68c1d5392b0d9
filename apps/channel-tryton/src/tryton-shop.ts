import {
  CannotRead,
  type FeedPosition,
  type InboundAccess,
  type InboundNews,
  type InboundPage,
  misfitOf,
  type OrderPage,
  type OrderRef,
  type ReadOrder,
  readOrder,
  type Shop,
  type ShopArticle,
  type ShopPurchase,
} from '@samlast/channel-kit';
import { cancelSale } from './cancel-sale.ts';
import type { TrytonConfig } from './config.ts';
import { receiveGoods } from './receive-goods.ts';
import { shipParcel } from './ship-parcel.ts';
import { Product, PRODUCT_FIELDS, toShopArticle } from './tryton-articles.ts';
import { changedDocuments, type Documents, Raw } from './tryton-feed.ts';
import { noteOnce } from './tryton-notes.ts';
import { Purchase, PURCHASE_FIELDS, toShopPurchase } from './tryton-purchases.ts';
import { TrytonRpc } from './tryton-rpc.ts';
import { Sale, SALE_FIELDS, toShopOrder } from './tryton-sales.ts';
import { changedAtOf, placedAtOf } from './tryton-times.ts';
import { Time } from './tryton-values.ts';

const SALES = { model: 'sale.sale', lines: { model: 'sale.line', parent: 'sale' }, fields: SALE_FIELDS };
const PURCHASES = {
  model: 'purchase.purchase',
  lines: { model: 'purchase.line', parent: 'purchase' },
  fields: PURCHASE_FIELDS,
};
/** Before these a sale or a purchase may still be taken back. */
const STATES = ['processing', 'done', 'cancelled'];

/** A Tryton ERP in the kit's terms. It sells whatever there is, so it has no shelf: see decision 0024. */
export function trytonShop(config: TrytonConfig): Shop {
  const rpc = new TrytonRpc(config);
  const meant = async (documents: Omit<Documents, 'domain'>): Promise<Documents> => ({
    ...documents,
    domain: [
      ['company', '=', await rpc.company()],
      ['warehouse', '=', config.TRYTON_WAREHOUSE_ID],
      ['state', 'in', STATES],
    ],
  });
  return {
    // What is written carries the time at which its transaction began, and shows when that has ended.
    features: { feedLagMs: 10_000, restocksCancelled: true, callsAtOnce: 2 },
    async *changedOrders(since): AsyncIterable<OrderPage> {
      const pages = changedDocuments(rpc, await meant(SALES), since, config.TRYTON_PAGE);
      for await (const { documents, readTo } of pages) yield { orders: documents.map(translate), readTo };
    },
    async order(id) {
      const domain = [
        ['id', '=', Number(id)],
        ['warehouse', '=', config.TRYTON_WAREHOUSE_ID],
      ];
      const [found] = await rpc.search(Raw, SALES.model, { domain, fields: SALE_FIELDS });
      return found && translate(found);
    },
    fulfil: (order, parcel) => shipParcel(rpc, order, parcel, config.TRYTON_PACKAGE_TYPE_ID),
    cancel: (order) => cancelSale(rpc, order),
    note: (order, { key, text }) => noteOnce(rpc, `sale.sale,${order.id}`, key, text),
    articles: () => articles(rpc, config.TRYTON_PAGE),
    purchases: purchasesOf(rpc, () => meant(PURCHASES), config.TRYTON_PAGE),
  };
}

function translate(raw: Raw): ReadOrder {
  const { data: sale, error } = Sale.safeParse(raw);
  if (sale) {
    const known = {
      id: String(sale.id),
      changedAt: changedAtOf(sale),
      placedAt: placedAtOf(sale, sale.sale_date),
    };
    return readOrder({ ...known, ...(sale.number && { number: sale.number }) }, () => toShopOrder(sale));
  }
  return { id: String(raw.id), changedAt: writtenAt(raw), unreadable: misfitOf(raw, error, 'Sale') };
}

/** Of a record that is not as this channel knows it. */
function writtenAt({ write_date, create_date }: Raw): string {
  const [written, created] = [write_date, create_date].map((time) => Time.safeParse(time).data);
  return written ?? created ?? new Date(0).toISOString();
}

function purchasesOf(
  rpc: TrytonRpc,
  meant: () => Promise<Documents>,
  pageSize: number,
): InboundAccess<ShopPurchase> {
  return {
    async *changed(since: FeedPosition): AsyncIterable<InboundPage<ShopPurchase>> {
      for await (const { documents, readTo } of changedDocuments(rpc, await meant(), since, pageSize))
        yield { entries: documents.map(translatePurchase), readTo };
    },
    tell: (purchase, news) => tell(rpc, purchase, news),
  };
}

function translatePurchase(raw: Raw): InboundPage<ShopPurchase>['entries'][number] {
  const { data: purchase, error } = Purchase.safeParse(raw);
  if (!purchase)
    return { id: String(raw.id), changedAt: writtenAt(raw), unreadable: misfitOf(raw, error, 'Purchase') };
  try {
    return toShopPurchase(purchase);
  } catch (problem) {
    const { id, number } = purchase;
    if (!(problem instanceof CannotRead)) throw problem;
    const known = { id: String(id), changedAt: changedAtOf(purchase), ...(number && { number }) };
    return { ...known, unreadable: problem.message };
  }
}

/** Receipts are booked; what needs a person, or has no place in Tryton, is a note at the purchase. */
async function tell(rpc: TrytonRpc, purchase: OrderRef, news: InboundNews): Promise<void> {
  const note = (text: string) => noteOnce(rpc, `purchase.purchase,${purchase.id}`, news.key, text);
  if (news.kind === 'note') return note(news.text);
  if (news.kind === 'closed') {
    if (!news.deviation) return;
    const each = news.lines.map(({ article, ordered, received }) => `${received} of ${ordered} ${article}`);
    return note(
      `The warehouse expects no more of this purchase. It has: ${each.join(', ')}. Settle what lacks here.`,
    );
  }
  const takenBack = news.lines.filter(({ quantity }) => quantity.startsWith('-'));
  const come = news.lines.filter(({ quantity }) => !quantity.startsWith('-'));
  if (come.length > 0) await receiveGoods(rpc, purchase, { ...news, lines: come });
  if (takenBack.length === 0) return;
  const each = takenBack.map(({ article, quantity }) => `${quantity} ${article}`);
  await note(
    `The warehouse has counted again and corrects what it received: ${each.join(', ')}. Correct it here by hand.`,
  );
}

async function* articles(rpc: TrytonRpc, pageSize: number): AsyncIterable<ShopArticle[]> {
  for (let last = 0; ;) {
    const found = await rpc.search(Product, 'product.product', {
      // Tryton leaves out what is inactive, unless it is asked for.
      domain: [
        ['id', '>', last],
        ['active', 'in', [true, false]],
      ],
      fields: PRODUCT_FIELDS,
      limit: pageSize,
    });
    if (found.length === 0) return;
    last = found.at(-1)?.id ?? last;
    yield found.flatMap((product) => toShopArticle(product) ?? []);
  }
}

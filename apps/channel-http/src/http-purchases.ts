import {
  CannotRead,
  type FeedPosition,
  type InboundAccess,
  type InboundNews,
  type InboundPage,
  type OrderRef,
  type ShopHttp,
  type ShopPurchase,
  ShopUnavailable,
  type UnreadableAnnouncement,
} from '@samlast/channel-kit';
import { fit } from './fit.ts';
import { idOf } from './message-id.ts';
import { HttpPurchase, OrderHead, PurchasesAnswer } from './protocol.ts';

const CALLS = { receipt: 'receipts', closed: 'close', note: 'notes' } as const;
const TYPES = {
  receipt: 'purchase-order.receive',
  closed: 'purchase-order.close',
  note: 'purchase-order.note',
} as const;

/** The purchase orders of a system that speaks the protocol of README.md. */
export class HttpPurchases implements InboundAccess<ShopPurchase> {
  constructor(
    private readonly http: ShopHttp,
    private readonly pageSize: number,
  ) {}

  async *changed(since: FeedPosition): AsyncIterable<InboundPage<ShopPurchase>> {
    let position = since;
    for (;;) {
      const { body } = await this.http.request({
        path: 'purchase-orders',
        query: { changedSince: position.changedAt, after: position.id, limit: this.pageSize },
      });
      const { purchaseOrders, more } = fit(PurchasesAnswer, body, 'GET /purchase-orders');
      const entries = purchaseOrders.map(toShopPurchase);
      const last = entries.at(-1);
      if (last) position = { changedAt: last.changedAt, id: last.id };
      yield { entries, readTo: position };
      if (!more) return;
      if (!last)
        throw new ShopUnavailable('GET /purchase-orders says that there is more, but gives an empty page.');
    }
  }

  async tell({ id }: OrderRef, news: InboundNews): Promise<void> {
    const { kind, ...rest } = news;
    await this.http.request({
      method: 'POST',
      path: `purchase-orders/${encodeURIComponent(id)}/${CALLS[kind]}`,
      messageId: idOf(TYPES[kind], id, news.key),
      headers: { 'idempotency-key': `${id}/${news.key}` },
      body: { type: TYPES[kind], purchaseOrder: id, ...rest },
    });
  }
}

/**
 * One purchase order as the system wrote it.
 * @throws ShopUnavailable for one without id or time of change: the feed could not go on past it
 */
export function toShopPurchase(raw: unknown): ShopPurchase | UnreadableAnnouncement {
  const head = OrderHead.safeParse(raw);
  if (!head.success) {
    throw new ShopUnavailable(
      'The feed of purchase orders has one without an id or a time of change. Correct it there: those behind it wait.',
    );
  }
  const parsed = HttpPurchase.safeParse(raw);
  if (!parsed.success) {
    const faults = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')} ${issue.message}`);
    const { id, number, changedAt } = head.data;
    const { message } = new CannotRead(`It does not fit: ${faults.join('; ')}. Correct it there.`);
    return { id, number, changedAt, unreadable: message };
  }
  const { lines, ...order } = parsed.data;
  return { ...given(order), lines: lines.map(given) };
}

/** Without what is null. */
function given<T extends object>(members: T): { [K in keyof T]: Exclude<T[K], null> } {
  const some = Object.entries(members).filter(([, value]) => value !== null);
  return Object.fromEntries(some) as { [K in keyof T]: Exclude<T[K], null> };
}

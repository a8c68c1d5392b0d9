import {
  type FeedPosition,
  type InboundAccess,
  type InboundNews,
  type InboundPage,
  type OrderRef,
  type ShopAnnouncement,
  type ShopHttp,
  type ShopPurchase,
  type ShopReturn,
  ShopUnavailable,
  type UnreadableAnnouncement,
} from '@samlast/channel-kit';
import type { z } from 'zod';
import { fit } from './fit.ts';
import { idOf } from './message-id.ts';
import { HttpPurchase, HttpReturn, OrderHead, PurchasesAnswer, ReturnsAnswer } from './protocol.ts';

const CALLS = { receipt: 'receipts', closed: 'close', note: 'notes' } as const;
const VERBS = { receipt: 'receive', closed: 'close', note: 'note' } as const;

interface Kind<A extends ShopAnnouncement> {
  /** Below SHOP_URL. */
  readonly path: string;
  /** In front of a call's type, such as purchase-order.receive. */
  readonly type: string;
  /** Names the announcement in a call's body. */
  readonly member: string;
  readonly page: (body: unknown) => { entries: unknown[]; more: boolean };
  readonly read: (raw: unknown) => A | UnreadableAnnouncement;
}

/** Announcements of a system that speaks the protocol of README.md. */
export class HttpInbound<A extends ShopAnnouncement> implements InboundAccess<A> {
  constructor(
    private readonly http: ShopHttp,
    private readonly pageSize: number,
    private readonly kind: Kind<A>,
  ) {}

  async *changed(since: FeedPosition): AsyncIterable<InboundPage<A>> {
    const { path, page, read } = this.kind;
    let position = since;
    for (;;) {
      const query = { changedSince: position.changedAt, after: position.id, limit: this.pageSize };
      const { body } = await this.http.request({ path, query });
      const { entries: raw, more } = page(body);
      const entries = raw.map(read);
      const last = entries.at(-1);
      if (last) position = { changedAt: last.changedAt, id: last.id };
      yield { entries, readTo: position };
      if (!more) return;
      if (!last) throw new ShopUnavailable(`GET /${path} says that there is more, but gives an empty page.`);
    }
  }

  async tell({ id }: OrderRef, news: InboundNews): Promise<void> {
    const { path, member } = this.kind;
    const { kind, ...rest } = news;
    const type = `${this.kind.type}.${VERBS[kind]}`;
    await this.http.request({
      method: 'POST',
      path: `${path}/${encodeURIComponent(id)}/${CALLS[kind]}`,
      messageId: idOf(type, id, news.key),
      headers: { 'idempotency-key': `${id}/${news.key}` },
      body: { type, [member]: id, ...rest },
    });
  }
}

export const purchases: Kind<ShopPurchase> = {
  path: 'purchase-orders',
  type: 'purchase-order',
  member: 'purchaseOrder',
  page: (body) => {
    const { purchaseOrders: entries, more } = fit(PurchasesAnswer, body, 'GET /purchase-orders');
    return { entries, more };
  },
  read: (raw) => {
    const parsed = parse(raw, HttpPurchase);
    if ('unreadable' in parsed) return parsed;
    const { lines, ...order } = parsed;
    return { ...given(order), lines: lines.map(given) };
  },
};

export const returns: Kind<ShopReturn> = {
  path: 'returns',
  type: 'return',
  member: 'return',
  page: (body) => {
    const { returns: entries, more } = fit(ReturnsAnswer, body, 'GET /returns');
    return { entries, more };
  },
  read: (raw) => {
    const parsed = parse(raw, HttpReturn);
    if ('unreadable' in parsed) return parsed;
    const { lines, ...rest } = parsed;
    return { ...given(rest), lines: lines.map(given) };
  },
};

/**
 * One announcement as the system wrote it.
 * @throws ShopUnavailable for one without id or time of change: the feed could not go on past it
 */
function parse<Schema extends z.ZodType<object>>(
  raw: unknown,
  schema: Schema,
): z.output<Schema> | UnreadableAnnouncement {
  const head = OrderHead.safeParse(raw);
  if (!head.success) {
    throw new ShopUnavailable(
      'The feed has an announcement without an id or a time of change. Correct it there: those behind it wait.',
    );
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')} ${issue.message}`);
  const { id, number, changedAt } = head.data;
  return { id, number, changedAt, unreadable: `It does not fit: ${faults.join('; ')}. Correct it there.` };
}

/** Without what is null. */
function given<T extends object>(members: T): { [K in keyof T]: Exclude<T[K], null> } {
  const some = Object.entries(members).filter(([, value]) => value !== null);
  return Object.fromEntries(some) as { [K in keyof T]: Exclude<T[K], null> };
}

import {
  type FeedPosition,
  type InboundAccess,
  type InboundNews,
  type InboundPage,
  misfitOf,
  type OrderRef,
  pagesByTime,
  type ShopReturn,
  type TimedFeed,
  type UnreadableAnnouncement,
} from '@samlast/channel-kit';
import { fitText } from '@samlast/contracts';
import { z } from 'zod';
import type { MedusaAdmin } from './medusa-admin.ts';
import { keyOf, MedusaOrder } from './medusa-orders.ts';

const RETURNS_AT_ONCE = 50;
/**
 * `open` is still being put together. `received` was booked in Medusa, whoever has the goods: one that was announced
 * stays so, and one that was not is nothing that the warehouse should still wait for.
 */
const PASSED_OVER = new Set(['open', 'received']);

export const MedusaReturn = z.object({
  id: z.string(),
  display_id: z.union([z.number(), z.string()]),
  order_id: z.string(),
  status: z.string(),
  created_at: z.iso.datetime({ offset: true }),
  updated_at: z.iso.datetime({ offset: true }),
  items: z
    .array(
      z.object({
        id: z.string(),
        item_id: z.string(),
        quantity: z.number(),
        reason: z.object({ value: z.string(), label: z.string().nullish() }).nullish(),
      }),
    )
    .nullish(),
});
export type MedusaReturn = z.infer<typeof MedusaReturn>;

/** Of every return that is asked for. */
export const RETURN_FIELDS = 'id,display_id,order_id,status,created_at,updated_at,*items,*items.reason';

/** Returns that staff has requested in Medusa's admin, of exchanges and claims too. */
export class MedusaReturns implements InboundAccess<ShopReturn> {
  constructor(private readonly admin: MedusaAdmin) {}

  async *changed(since: FeedPosition): AsyncIterable<InboundPage<ShopReturn>> {
    const feed: TimedFeed<unknown> = async (from, limit) => {
      const found = await this.admin.changedReturns(from, limit);
      return found.map((order) => ({ ...keyOf(order), order }));
    };
    for await (const { orders: found, readTo } of pagesByTime(since, RETURNS_AT_ONCE, [feed])) {
      const entries: (ShopReturn | UnreadableAnnouncement)[] = [];
      for (const one of found) entries.push(...(await this.translate(one)));
      yield { entries, readTo };
    }
  }

  /** What does not go as it was announced stands at the order; what comes back is told of it anyway. */
  async tell({ id, shopNumber }: OrderRef, news: InboundNews): Promise<void> {
    if (news.kind !== 'note') return;
    const order = await this.admin.orderOfReturn(id);
    await this.admin.remark(order, { [`samlast_${shopNumber}_${news.key}`]: news.text });
  }

  private async translate(found: unknown): Promise<(ShopReturn | UnreadableAnnouncement)[]> {
    const { data, error } = MedusaReturn.safeParse(found);
    if (!data) {
      return [{ ...keyOf(found), unreadable: misfitOf(found, error, 'Return', 'display_id') }];
    }
    if (PASSED_OVER.has(data.status)) return [];
    const order = MedusaOrder.safeParse(await this.admin.order(data.order_id)).data;
    if (order) return [toShopReturn(data, order)];
    const { id, updated_at: changedAt } = data;
    return [
      {
        id,
        number: numberOf(data),
        changedAt,
        unreadable: 'Its order cannot be read: look at it in Medusa.',
      },
    ];
  }
}

/** Medusa counts returns from 1, as it does orders. */
const numberOf = ({ display_id: number }: MedusaReturn) => `R${number}`;

/** A return in the kit's words, with those of its lines that the warehouse knows. */
export function toShopReturn(goods: MedusaReturn, order: MedusaOrder): ShopReturn {
  const lines = (goods.items ?? []).flatMap(({ id, item_id: orderLine, quantity, reason }) => {
    const article = order.items.find((item) => item.id === orderLine)?.variant_sku;
    if (!article) return [];
    const cause = reason && { code: reason.value, ...(reason.label && { name: fitText(reason.label, 200) }) };
    return [{ id, orderLine, article, quantity: String(quantity), ...(cause && { cause }) }];
  });
  return {
    id: goods.id,
    number: numberOf(goods),
    order: String(order.display_id),
    placedAt: goods.created_at,
    changedAt: goods.updated_at,
    state: goods.status === 'canceled' ? 'cancelled' : 'placed',
    lines,
  };
}

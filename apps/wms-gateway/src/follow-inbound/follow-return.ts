import { fromMilli, OrderReturned, toMilli, type Event } from '@samlast/contracts';

/** Pieces of one row that came back, of one announced return or of none. */
export interface CameBack {
  row: string;
  article: string;
  quantity: string;
  restocked: boolean;
  cause?: { code: string; name?: string } | undefined;
  /** Number of the announced return. */
  of?: string | undefined;
}

export interface ToldReturns {
  /** How many receipts were told. */
  receipts: number;
  back: CameBack[];
}

export interface ReturnNews {
  events: Event[];
  told: ToldReturns;
}

/** What came back since it was last told, each announced return and the dock apart. Less than before says nothing. */
export function followReturn(
  order: { number: string; channel: string; wmsOrderId: number },
  told: ToldReturns | undefined,
  seen: CameBack[],
  now: string,
): ReturnNews | undefined {
  const before = new Map((told?.back ?? []).map((one) => [keyOf(one), toMilli(one.quantity)]));
  const news = seen.flatMap((one) => {
    const more = toMilli(one.quantity) - (before.get(keyOf(one)) ?? 0n);
    return more > 0n ? [{ ...one, quantity: fromMilli(more) }] : [];
  });
  if (news.length === 0) return undefined;
  let receipts = told?.receipts ?? 0;
  const events = [...new Set(news.map((one) => one.of))].map((of) => {
    receipts += 1;
    return OrderReturned.of({
      number: order.number,
      channel: order.channel,
      receipt: `${order.wmsOrderId}-${receipts}`,
      ...(of !== undefined && { return: of.slice(0, 100) }),
      lines: news
        .filter((one) => one.of === of)
        .map(({ of: _return, ...line }) => ({ ...line, cause: line.cause })),
      returnedAt: now,
    });
  });
  return { events, told: { receipts, back: seen } };
}

const keyOf = ({ row, article, restocked, of = '' }: CameBack) =>
  JSON.stringify([row, article, restocked, of]);

import { fromMilli, OrderReturned, toMilli, type Event, fitText } from '@samlast/contracts';

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

/**
 * What came back since it was last told, returns and the dock apart. A piece is told once: as much is news
 * as the total has grown by, of the row and of each return of it. So one that is scrapped after it was told as fit, or
 * booked on a return after it was found at the dock, is no news. Less than before says nothing.
 */
export function followReturn(
  order: { number: string; channel: string; wmsOrderId: number },
  told: ToldReturns | undefined,
  seen: CameBack[],
  now: string,
): ReturnNews | undefined {
  const before = told?.back ?? [];
  const rows = new Map(seen.map((one) => [rowOf(one), seen.filter((other) => rowOf(other) === rowOf(one))]));
  const news = [...rows].flatMap(([row, there]) =>
    newsOfRow(
      before.filter((one) => rowOf(one) === row),
      there,
    ),
  );
  if (news.length === 0) return undefined;
  let receipts = told?.receipts ?? 0;
  const events = [...new Set(news.map((one) => one.of))].map((of) => {
    receipts += 1;
    return OrderReturned.of({
      number: order.number,
      channel: order.channel,
      receipt: `${order.wmsOrderId}-${receipts}`,
      ...(of !== undefined && { return: fitText(of, 100) }),
      lines: news
        .filter((one) => one.of === of)
        .map(({ of: _return, ...line }) => ({ ...line, cause: line.cause })),
      returnedAt: now,
    });
  });
  const isTold = new Set(news.map(rowOf));
  // Where a row has no news, what was told of it stands, although fewer may be there by now.
  const kept = before.filter((one) => !isTold.has(rowOf(one)));
  return { events, told: { receipts, back: [...kept, ...seen.filter((one) => isTold.has(rowOf(one)))] } };
}

function newsOfRow(before: CameBack[], seen: CameBack[]): CameBack[] {
  let left = sum(seen) - sum(before);
  return [...new Set(seen.map(({ of }) => of))].flatMap((of) => {
    const was = before.filter((one) => one.of === of);
    const there = seen.filter((one) => one.of === of);
    let grown = sum(there) - sum(was);
    return alike(there).flatMap((one) => {
      const more = toMilli(one.quantity) - sum(was.filter((other) => traitsOf(other) === traitsOf(one)));
      const milli = least(more, grown, left);
      if (milli <= 0n) return [];
      grown -= milli;
      left -= milli;
      return [{ ...one, quantity: fromMilli(milli) }];
    });
  });
}

/** Pieces that differ in nothing as one entry. */
function alike(pieces: CameBack[]): CameBack[] {
  const traits = [...new Set(pieces.map(traitsOf))];
  return traits.flatMap((one) => {
    const same = pieces.filter((other) => traitsOf(other) === one);
    return same.slice(0, 1).map((first) => ({ ...first, quantity: fromMilli(sum(same)) }));
  });
}

const sum = (pieces: CameBack[]) => pieces.reduce((total, { quantity }) => total + toMilli(quantity), 0n);
const least = (...all: bigint[]) => all.reduce((one, other) => (other < one ? other : one));
const rowOf = ({ row, article }: CameBack) => JSON.stringify([row, article]);
const traitsOf = ({ restocked, cause }: CameBack) => JSON.stringify([restocked, cause?.code]);

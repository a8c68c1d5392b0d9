// Ongoing's words for what came back of an order, and nowhere else but here.
import { fromMilli, toMilli, fitText } from '@samlast/contracts';
import type { OngoingOrder, OngoingOrderLine, OngoingReturnOrder } from '@samlast/ongoing-client';
import type { CameBack } from './follow-return.ts';

/** `removes` are the codes of causes whose pieces are scrapped. */
export function cameBack(
  order: OngoingOrder,
  returns: readonly OngoingReturnOrder[],
  removes: ReadonlySet<string>,
): CameBack[] {
  const found: CameBack[] = [];
  const announced = new Map<string, Announced[]>();
  for (const { returnOrderInfo: info, returnOrderLines } of returns) {
    for (const line of returnOrderLines) {
      const own = order.orderLines.find(({ id }) => id === line.customerOrderLine?.orderLineId);
      const back = toMilli(line.returnedNumberOfItems ?? '0');
      const scrapped = toMilli(line.returnedRemovedByInventoryNumberOfItems ?? '0');
      if (!own || back <= 0n) continue;
      const row = own.rowNumber ?? '';
      announced.set(row, [...(announced.get(row) ?? []), { milli: back, code: line.returnCause?.code }]);
      const isScrap = line.returnCause?.isRemoveCause === true || removes.has(line.returnCause?.code ?? '');
      const gone = isScrap ? back : scrapped;
      const of = info.returnOrderNumber;
      const cause = causeOf(line.returnCause);
      for (const [milli, restocked] of [
        [back - gone, true],
        [gone, false],
      ] as const) {
        if (milli <= 0n) continue;
        const { articleNumber: article } = own.article;
        found.push({ row, article, quantity: fromMilli(milli), restocked, of, ...(cause && { cause }) });
      }
    }
  }
  return [...found, ...atTheDock(order, announced, removes)];
}

interface Announced {
  milli: bigint;
  code: string | undefined;
}

/** What the order's lines have beyond announced returns, each cause by itself. */
function atTheDock(
  order: OngoingOrder,
  announced: ReadonlyMap<string, Announced[]>,
  removes: ReadonlySet<string>,
): CameBack[] {
  return order.orderLines.flatMap((line) => {
    const row = line.rowNumber ?? '';
    const known = announced.get(row) ?? [];
    const total = toMilli(line.returnedNumberOfItems ?? '0');
    const left = known.reduce((rest, { milli }) => rest - milli, total);
    const { articleNumber: article } = line.article;
    return byCause(line, known, left).map(({ milli, cause }) => ({
      row,
      article,
      quantity: fromMilli(milli),
      restocked: !removes.has(cause?.code ?? ''),
      ...(cause && { cause }),
    }));
  });
}

interface OfCause {
  milli: bigint;
  cause: CameBack['cause'];
}

/**
 * The line says how many came back; its items say why. Pieces of announced returns are among them: those of their
 * causes first, then those that say none, and then any.
 */
function byCause(line: OngoingOrderLine, announced: readonly Announced[], left: bigint): OfCause[] {
  const pools = new Map<string, OfCause>();
  for (const item of line.pickedArticleItems) {
    if (!item.isReturned) continue;
    const code = item.returnCause?.code ?? '';
    const milli = (pools.get(code)?.milli ?? 0n) + toMilli(item.numberOfItems ?? '0');
    pools.set(code, { milli, cause: causeOf(item.returnCause) });
  }
  const [first] = pools.values();
  const take = (pool: OfCause | undefined, wanted: bigint): bigint => {
    const taken = pool && pool.milli < wanted ? pool.milli : wanted;
    if (pool) pool.milli -= taken;
    return pool ? taken : 0n;
  };
  let others = 0n;
  for (const { milli, code } of announced) others += milli - take(pools.get(code ?? ''), milli);
  for (const pool of [pools.get(''), ...pools.values()]) others -= take(pool, others);
  let rest = left;
  const found = [...pools.values()].flatMap((pool) => {
    if (rest <= 0n) return [];
    const milli = take(pool, rest);
    rest -= milli;
    return milli > 0n ? [{ milli, cause: pool.cause }] : [];
  });
  if (rest <= 0n) return found;
  // Its items show fewer than came back.
  const [one, ...more] = found;
  return one ? [{ ...one, milli: one.milli + rest }, ...more] : [{ milli: rest, cause: first?.cause }];
}

function causeOf(cause: { code?: string | undefined; name?: string | undefined } | undefined) {
  return cause?.code
    ? { code: fitText(cause.code, 100), ...(cause.name && { name: fitText(cause.name, 200) }) }
    : undefined;
}

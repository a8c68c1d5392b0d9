// Ongoing's words for what came back of an order, and nowhere else but here.
import { fromMilli, toMilli } from '@samlast/contracts';
import type { OngoingOrder, OngoingReturnOrder } from '@samlast/ongoing-client';
import type { CameBack } from './follow-return.ts';

/** `removes` are the codes of causes whose pieces are scrapped. */
export function cameBack(
  order: OngoingOrder,
  returns: readonly OngoingReturnOrder[],
  removes: ReadonlySet<string>,
): CameBack[] {
  const found: CameBack[] = [];
  const announced = new Map<string, bigint>();
  for (const { returnOrderInfo: info, returnOrderLines } of returns) {
    for (const line of returnOrderLines) {
      const own = order.orderLines.find(({ id }) => id === line.customerOrderLine?.orderLineId);
      const back = toMilli(line.returnedNumberOfItems ?? '0');
      const scrapped = toMilli(line.returnedRemovedByInventoryNumberOfItems ?? '0');
      if (!own || back <= 0n) continue;
      const row = own.rowNumber ?? '';
      announced.set(row, (announced.get(row) ?? 0n) + back);
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

/** What the order's lines have beyond announced returns. */
function atTheDock(
  order: OngoingOrder,
  announced: ReadonlyMap<string, bigint>,
  removes: ReadonlySet<string>,
): CameBack[] {
  return order.orderLines.flatMap((line) => {
    const row = line.rowNumber ?? '';
    const left = toMilli(line.returnedNumberOfItems ?? '0') - (announced.get(row) ?? 0n);
    if (left <= 0n) return [];
    const item = line.pickedArticleItems.find(({ isReturned }) => isReturned);
    const cause = causeOf(item?.returnCause);
    const { articleNumber: article } = line.article;
    const restocked = !removes.has(cause?.code ?? '');
    return [{ row, article, quantity: fromMilli(left), restocked, ...(cause && { cause }) }];
  });
}

function causeOf(cause: { code?: string | undefined; name?: string | undefined } | undefined) {
  return cause?.code
    ? { code: cause.code.slice(0, 100), ...(cause.name && { name: cause.name.slice(0, 200) }) }
    : undefined;
}

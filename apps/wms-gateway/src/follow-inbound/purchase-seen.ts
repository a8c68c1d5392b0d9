// Ongoing's words for what became of a purchase order, and nowhere else but here.
import { fromMilli, toMilli, type PurchaseOrderState, fitText } from '@samlast/contracts';
import type { OngoingPurchaseOrder, OngoingPurchaseOrderLine } from '@samlast/ongoing-client';
import type { Received, SeenPurchase } from './follow-purchase.ts';
import { purchaseStateOf } from './purchase-states.ts';

export function seenPurchase(
  order: OngoingPurchaseOrder,
  statuses: ReadonlyMap<number, PurchaseOrderState>,
): SeenPurchase {
  const { number: status, text } = order.purchaseOrderInfo.purchaseOrderStatus;
  return {
    status,
    statusText: text ?? '',
    state: purchaseStateOf(status, statuses),
    received: order.purchaseOrderLines.flatMap(receivedOf),
    lines: order.purchaseOrderLines.map((line) => ({
      row: line.rowNumber ?? '',
      article: line.article.articleNumber,
      ordered: line.advisedNumberOfItems,
      received: line.receivedNumberOfItems,
    })),
  };
}

/** What the line's items say, and what its sum has beyond them: a tenant may show no items. */
function receivedOf(line: OngoingPurchaseOrderLine): Received[] {
  const found = new Map<string, Received>();
  const add = (milli: bigint, traits: Pick<Received, 'batch' | 'expiresOn'>, serial?: string) => {
    if (milli === 0n) return;
    const key = JSON.stringify(traits);
    const before = found.get(key);
    const serials = [...(before?.serials ?? []), ...(serial === undefined ? [] : [fitText(serial, 100)])];
    found.set(key, {
      row: line.rowNumber ?? '',
      article: line.article.articleNumber,
      ...traits,
      ...(serials.length > 0 && { serials }),
      quantity: fromMilli(toMilli(before?.quantity ?? '0') + milli),
    });
  };
  let counted = 0n;
  for (const { numberOfItems = '0', batchNumber, expiryDate, serial } of line.articleItems) {
    const milli = toMilli(numberOfItems);
    counted += milli;
    const expiresOn = expiryDate && /^\d{4}-\d\d-\d\d/.exec(expiryDate)?.[0];
    add(
      milli,
      { ...(batchNumber && { batch: fitText(batchNumber, 100) }), ...(expiresOn && { expiresOn }) },
      serial,
    );
  }
  add(toMilli(line.receivedNumberOfItems) - counted, {});
  return [...found.values()];
}

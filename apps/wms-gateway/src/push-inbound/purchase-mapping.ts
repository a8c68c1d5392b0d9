// Ongoing's words for a purchase order, and nowhere else but here and where receipts are followed.
import { toMilli, type PurchaseOrder } from '@samlast/contracts';
import type { OngoingPurchaseOrder, PurchaseOrderInput } from '@samlast/ongoing-client';
import type { FoundOrder } from '../push-orders/judge.ts';

type Line = PurchaseOrder['lines'][number];

/** `type` says where it came from, where the order itself does not (promise P4). */
export function toOngoingPurchase(
  order: PurchaseOrder,
  origin: string,
  type: { code: string; name?: string | undefined } | undefined,
): PurchaseOrderInput {
  const { expectedOn, supplier, note } = order;
  const from = order.type ?? type;
  return {
    purchaseOrderNumber: order.number,
    goodsOwnerReference: origin,
    referenceNumber: order.shopNumber,
    ...(expectedOn && { inDate: expectedOn, advanced: { advisedDate: expectedOn } }),
    ...(supplier && {
      supplierInfo: { supplierNumber: supplier.number, supplierName: supplier.name ?? supplier.number },
    }),
    ...(from && { purchaseOrderType: { code: from.code, name: from.name ?? from.code } }),
    ...(note && { purchaseOrderRemark: note }),
    purchaseOrderLines: order.lines.map((line) => ({
      rowNumber: line.row,
      articleNumber: line.article,
      numberOfItems: line.quantity,
      ...((line.expectedOn ?? expectedOn) && { inDate: line.expectedOn ?? expectedOn }),
      ...(line.batch && { batchNumber: line.batch }),
      ...(line.unitPrice && { rowPrice: rowPrice(line) }),
    })),
  };
}

function rowPrice({ quantity, unitPrice = '0' }: Line): number {
  return Math.round(Number(unitPrice) * Number(toMilli(quantity)) * 10) / 10_000;
}

/** `cancelled` tells which status numbers mean that. */
export function fromOngoingPurchase(
  order: OngoingPurchaseOrder,
  cancelled: (status: number) => boolean,
): FoundOrder {
  const { purchaseOrderInfo: info } = order;
  return {
    wmsOrderId: info.purchaseOrderId,
    origin: info.goodsOwnerReference,
    status: info.purchaseOrderStatus.number,
    cancelled: cancelled(info.purchaseOrderStatus.number),
    lines: order.purchaseOrderLines.map((line) => ({
      row: line.rowNumber ?? '',
      article: line.article.articleNumber,
      quantity: line.advisedNumberOfItems,
    })),
  };
}

/**
 * Whether Ongoing has all that was written. Where it does not show a member, it counts as not there: what is written
 * once more is the same.
 */
export function purchaseIsThere(
  { supplierInfo, purchaseOrderInfo: info, purchaseOrderLines }: OngoingPurchaseOrder,
  input: PurchaseOrderInput,
): boolean {
  const header: [wanted: string | undefined, there: string | undefined][] = [
    [input.inDate, dayOf(info.inDate)],
    [input.advanced?.advisedDate, dayOf(info.advanced?.advisedDate)],
    [input.supplierInfo?.supplierNumber, supplierInfo?.supplierNumber],
    [input.purchaseOrderType?.code, info.purchaseOrderType?.code],
    [input.purchaseOrderRemark, info.purchaseOrderRemark],
  ];
  return (
    header.every(([wanted, there]) => isSame(wanted, there)) &&
    input.purchaseOrderLines.every((line) => {
      const there = purchaseOrderLines.find(({ rowNumber }) => rowNumber === line.rowNumber);
      return (
        isSame(line.inDate, dayOf(there?.inDate)) &&
        isSame(line.batchNumber, there?.batchNumber) &&
        (line.rowPrice === undefined || Math.abs(line.rowPrice - (there?.rowPrice ?? Number.NaN)) < 0.005)
      );
    })
  );
}

const dayOf = (time: string | undefined) => time?.slice(0, 10);
const plain = (text: string | undefined) => (text ?? '').trim().toLowerCase();
/** What is not written may be anything. What Ongoing keeps in its own way, such as case, is the same. */
const isSame = (wanted: string | undefined, there: string | undefined) =>
  wanted === undefined || plain(wanted) === plain(there);

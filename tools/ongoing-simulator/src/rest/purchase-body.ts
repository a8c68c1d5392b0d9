import { z } from 'zod';
import { toMilli } from '../warehouse/milli.ts';
import type { PurchaseOrderWrite } from '../warehouse/purchase-orders.ts';
import { Refusal } from '../warehouse/refusal.ts';
import { checkBody, decimal, known, refuseUnknown, text } from './body.ts';
import type { Call } from './route.ts';

export const PURCHASE_MEMBERS = [
  'supplierOrderNumber',
  'goodsOwnerReference',
  'referenceNumber',
  'inDate',
  'supplierInfo',
  'sellerInfo',
  'purchaseOrderType',
  'purchaseOrderRemark',
  'warehouseId',
  'invoiceNumber',
  'classes',
  'tracking',
  'textLines',
  'customsInfo',
  'freeValues',
  'advanced',
];
export const PURCHASE_LINE_MEMBERS = [
  'comment',
  'rowPrice',
  'currencyCode',
  'batchNumber',
  'serialNumber',
  'expiryDate',
  'productionDate',
  'inDate',
  'articleItemStatusId',
  'externalOrderLineId',
  'lineType',
  'returnCause',
  'lineFreeValues',
  'textLines',
];

const date = z.string().refine((value) => !Number.isNaN(Date.parse(value)), 'must be a date');
const group = z.looseObject({}).nullish();

const Line = z.looseObject({
  rowNumber: text,
  articleNumber: text,
  numberOfItems: decimal.pipe(z.number().min(0)).nullish(),
  inDate: date.nullish(),
});

const PurchaseBody = z.looseObject({
  goodsOwnerId: z.int(),
  purchaseOrderNumber: text.pipe(z.string().max(50)),
  inDate: date.nullish(),
  supplierInfo: group,
  purchaseOrderType: group,
  advanced: z
    .looseObject({ purchaseOrderStatusCreated: z.int().nullish(), advisedDate: date.nullish() })
    .nullish(),
  purchaseOrderLines: z.array(Line).nullish(),
});

export function purchaseWriteOf(call: Call): {
  number: string;
  write: PurchaseOrderWrite;
  status: number | undefined;
} {
  const keys = ['goodsOwnerId', 'purchaseOrderNumber', 'purchaseOrderLines'];
  const body = checkBody(call, PurchaseBody, PURCHASE_MEMBERS, keys);
  const { knobs } = call.warehouse.ground;
  const lines = body.purchaseOrderLines?.map((line, index) => {
    const lineKeys = ['rowNumber', 'articleNumber', 'numberOfItems'];
    if (knobs.rejectUnknownKeys)
      refuseUnknown(line, [...PURCHASE_LINE_MEMBERS, ...lineKeys], `purchaseOrderLines[${index}].`);
    return {
      row: line.rowNumber,
      articleNumber: line.articleNumber,
      advised: toMilli(line.numberOfItems ?? 0),
      fields: known(line, PURCHASE_LINE_MEMBERS),
    };
  });
  const status = body.advanced?.purchaseOrderStatusCreated ?? undefined;
  if (status !== undefined && !knobs.purchaseStatusSet.some(({ number }) => number === status))
    throw new Refusal(400, `There is no purchase order status ${status}.`);
  return {
    number: body.purchaseOrderNumber,
    write: { fields: known(body, PURCHASE_MEMBERS), lines },
    status,
  };
}

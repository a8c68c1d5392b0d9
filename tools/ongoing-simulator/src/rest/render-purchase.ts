import { fromMilli } from '../warehouse/milli.ts';
import { received, type PurchaseLine, type PurchaseOrder } from '../warehouse/model.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { renderRef } from './render-order.ts';
import { time, type GoodsOwner } from './route.ts';

const INFO_MEMBERS = [
  'supplierOrderNumber',
  'goodsOwnerReference',
  'referenceNumber',
  'purchaseOrderType',
  'purchaseOrderRemark',
  'invoiceNumber',
  'freeValues',
];
const LINE_MEMBERS = [
  'comment',
  'rowPrice',
  'currencyCode',
  'batchNumber',
  'serialNumber',
  'lineType',
  'returnCause',
];

export function renderPurchase(warehouse: Warehouse, goodsOwner: GoodsOwner, order: PurchaseOrder): object {
  const { fields } = order;
  const { purchaseStatusSet } = warehouse.ground.knobs;
  const advanced = (fields.advanced ?? {}) as Record<string, unknown>;
  return {
    goodsOwner,
    supplierInfo: fields.supplierInfo ?? null,
    sellerInfo: fields.sellerInfo ?? null,
    purchaseOrderInfo: {
      purchaseOrderId: order.id,
      purchaseOrderNumber: order.number,
      ...members(fields, INFO_MEMBERS),
      purchaseOrderStatus: {
        number: order.status,
        text: purchaseStatusSet.find(({ number }) => number === order.status)?.text ?? '',
      },
      inDate: dateOf(fields.inDate),
      warehouse: { id: 1, code: 'MAIN', name: 'Main warehouse' },
      createdDate: time(order.createdAt),
      createdByUser: null,
      advanced: {
        arrivalDate: null,
        orderDate: dateOf(advanced.orderDate),
        advisedDate: dateOf(advanced.advisedDate),
        container: advanced.container ?? null,
        purchaseOrderIsReturnType: advanced.purchaseOrderIsReturnType ?? false,
      },
    },
    purchaseOrderLines: order.lines.map((line) => renderLine(warehouse, line)),
    classes: fields.classes ?? [],
    textLines: fields.textLines ?? [],
  };
}

function renderLine(warehouse: Warehouse, line: PurchaseLine): object {
  return {
    id: line.id,
    rowNumber: line.row,
    article: renderRef(warehouse, line.articleId),
    ...members(line.fields, LINE_MEMBERS),
    inDate: dateOf(line.fields.inDate),
    advisedNumberOfItems: fromMilli(line.advised),
    receivedNumberOfItems: fromMilli(received(line)),
    reportedNumberOfItems: line.reported === null ? null : fromMilli(line.reported),
    articleItems: line.items.map((item) => ({
      originalArticleItemId: item.id,
      numberOfItems: fromMilli(item.quantity),
      inDate: time(item.receivedAt),
      serial: item.serial ?? null,
      batchNumber: item.batch ?? null,
      expiryDate: item.expiryDate ?? null,
      location: item.location,
      articleItemStatus: null,
      isLocked: false,
      isLockedForSale: false,
      receivedByUser: { userId: 12 },
    })),
    subPurchaseOrderLines: [],
    lineFreeValues: line.fields.lineFreeValues ?? null,
    externalOrderLineId: line.fields.externalOrderLineId ?? null,
  };
}

const dateOf = (value: unknown) => (typeof value === 'string' ? value.slice(0, 10) : null);

function members(fields: Record<string, unknown>, names: string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, fields[name] ?? null]));
}

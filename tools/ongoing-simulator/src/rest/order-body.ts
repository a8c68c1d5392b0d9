import { z } from 'zod';
import { toMilli } from '../warehouse/milli.ts';
import type { OrderWrite } from '../warehouse/orders.ts';
import { checkBody, date, decimal, known, refuseUnknown, text } from './body.ts';
import type { Call } from './route.ts';

export const ORDER_MEMBERS = [
  'deliveryDate',
  'consignee',
  'goodsOwnerOrderId',
  'referenceNumber',
  'consigneeOrderNumber',
  'salesCode',
  'orderType',
  'marketPlace',
  'classes',
  'wayOfDelivery',
  'transporter',
  'returnTransporter',
  'termsOfDeliveryType',
  'servicePointCode',
  'orderRemark',
  'deliveryInstruction',
  'warehouseInstruction',
  'freeText1',
  'freeText2',
  'freeText3',
  'orderFreeDateTime1',
  'emailNotification',
  'smsNotification',
  'telephoneNotification',
  'freightPrice',
  'customerPrice',
  'customsInfo',
  'warehouseId',
  'pickingPriority',
  'preparedTransportDocumentId',
  'productionCode',
  'transporterBulkId',
  'invoiceUrl',
  'languageCode',
  'advanced',
];
const LINE_MEMBERS = [
  'comment',
  'warehouseInstruction',
  'shouldBePicked',
  'prices',
  'vat',
  'lineTotalCustomsValue',
  'serialNumber',
  'batchNumber',
  'articleItemStatus',
  'minDaysToExpiryDate',
  'maxDaysToExpiryDate',
  'deliveryDate',
  'lineType',
  'externalId',
  'customerArticleNumber',
  'lineFreeValues',
  'weight',
  'minWeight',
  'maxWeight',
];

const Line = z.looseObject({
  rowNumber: text,
  articleNumber: text,
  numberOfItems: decimal.pipe(z.number().min(0)),
  shouldBePicked: z.boolean().nullish(),
});
const group = z.looseObject({}).nullish();

const OrderBody = z.looseObject({
  goodsOwnerId: z.int(),
  orderNumber: text.pipe(z.string().max(50)),
  deliveryDate: date,
  consignee: z.looseObject({}),
  orderLines: z.array(Line).nullish(),
  orderType: group,
  wayOfDelivery: group,
  marketPlace: group,
  classes: z.array(z.looseObject({})).nullish(),
});

export function orderWriteOf(call: Call): { number: string; write: OrderWrite } {
  const body = checkBody(call, OrderBody, ORDER_MEMBERS, ['goodsOwnerId', 'orderNumber', 'orderLines']);
  const strict = call.warehouse.ground.knobs.rejectUnknownKeys;
  const lines = body.orderLines?.map((line, index) => {
    const keys = ['rowNumber', 'articleNumber', 'numberOfItems'];
    if (strict) refuseUnknown(line, [...LINE_MEMBERS, ...keys], `orderLines[${index}].`);
    return {
      row: line.rowNumber,
      articleNumber: line.articleNumber,
      ordered: toMilli(line.numberOfItems),
      fields: known(line, LINE_MEMBERS),
    };
  });
  return { number: body.orderNumber, write: { fields: known(body, ORDER_MEMBERS), lines } };
}

import { fromMilli } from '../warehouse/milli.ts';
import {
  lineAllocated,
  linePicked,
  lineReturned,
  type LineStock,
  type Order,
  type OrderLine,
  type Track,
} from '../warehouse/model.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { kindOf } from './render-article.ts';
import { time, type GoodsOwner } from './route.ts';

const INFO_MEMBERS = [
  'goodsOwnerOrderId',
  'referenceNumber',
  'salesCode',
  'orderRemark',
  'deliveryInstruction',
  'servicePointCode',
  'freeText1',
  'freeText2',
  'freeText3',
  'orderFreeDateTime1',
  'emailNotification',
  'smsNotification',
  'telephoneNotification',
  'customsInfo',
  'preparedTransportDocumentId',
  'termsOfDeliveryType',
  'customerPrice',
  'freightPrice',
  'consigneeOrderNumber',
  'warehouseInstruction',
  'pickingPriority',
  'productionCode',
  'invoiceUrl',
];
const CONSIGNEE_MEMBERS = [
  'customerNumber',
  'name',
  'address1',
  'address2',
  'address3',
  'postCode',
  'city',
  'countryCode',
  'countryStateCode',
  'remark',
  'doorCode',
  'organisationNumber',
  'vatNumber',
  'customerGroup',
  'invoiceAddress',
  'advanced',
];
const LINE_MEMBERS = [
  'comment',
  'prices',
  'vat',
  'lineType',
  'externalId',
  'customerArticleNumber',
  'serialNumber',
  'batchNumber',
  'lineTotalCustomsValue',
  'deliveryDate',
  'minDaysToExpiryDate',
  'maxDaysToExpiryDate',
  'warehouseInstruction',
];

export function renderOrder(warehouse: Warehouse, goodsOwner: GoodsOwner, order: Order): object {
  const { fields } = order;
  return {
    goodsOwner,
    orderInfo: renderInfo(warehouse, order),
    consignee: {
      id: warehouse.registers.customers.get(String(member(fields.consignee, 'customerNumber'))) ?? null,
      ...members(fields.consignee, CONSIGNEE_MEMBERS),
    },
    orderLines: order.lines.map((line) => renderLine(warehouse, order, line)),
    parcels: order.parcels.map((parcel) => ({
      id: parcel.id,
      parcelNumber: parcel.number,
      isReturnParcel: parcel.isReturn,
      tracking:
        parcel.waybill || parcel.trackingUrl
          ? { trackingUrl: parcel.trackingUrl, freightPrice: null, waybill: parcel.waybill }
          : null,
      advanced: null,
    })),
    tracking: renderTracks(order.tracking),
    returnTracking: renderTracks(order.returnTracking),
    transporter: order.carrier
      ? {
          transporterName: order.carrier,
          name: order.carrier,
          code: order.carrier.toUpperCase().replaceAll(' ', '_'),
          serviceCode: null,
          serviceComment: null,
          transporterContract: null,
        }
      : null,
    returnTransporter: fields.returnTransporter ?? null,
    shipmentInfo: order.shipmentId ? { shipmentId: order.shipmentId, parcels: [] } : null,
    classes: codes(fields.classes),
    advanced: { orderTextLines: member(fields.advanced, 'orderTextLines') ?? [] },
  };
}

function renderInfo(warehouse: Warehouse, order: Order): object {
  const { fields } = order;
  const status = warehouse.ground.knobs.statusSet.find(({ number }) => number === order.status);
  const total = (amount: (line: OrderLine) => number) =>
    fromMilli(order.lines.reduce((sum, line) => sum + amount(line), 0));
  const deliveryDate = typeof fields.deliveryDate === 'string' ? fields.deliveryDate : null;
  return {
    orderId: order.id,
    orderNumber: order.number,
    ...members(fields, INFO_MEMBERS),
    orderType: code(fields.orderType),
    wayOfDelivery: code(fields.wayOfDelivery),
    deliveryDate: deliveryDate?.slice(0, 10) ?? null,
    createdDate: time(order.createdAt),
    shippedTime: time(order.shippedAt),
    wayBill: order.waybill,
    returnWayBill: order.returnWaybill,
    orderStatus: { number: order.status, text: status?.text ?? '' },
    orderedNumberOfItems: total((line) => line.ordered),
    allocatedNumberOfItems: total(lineAllocated),
    pickedNumberOfItems: total(linePicked),
    warehouse: { id: 1, code: 'MAIN', name: 'Main warehouse' },
    marketPlace: fields.marketPlace
      ? members(fields.marketPlace, ['marketPlace', 'marketPlaceOrderNumber'])
      : null,
    sortLocation: null,
    advanced: {
      invoiceNumber: member(fields.advanced, 'invoiceNumber') ?? null,
      arrivalDate: null,
      deliveryDateWithTime: deliveryDate === null ? null : time(Date.parse(deliveryDate)),
      orderHeaderUpdated: time(order.updatedAt),
      transportPaymentType: null,
      backOrderInfo: order.backOrderFor === null ? null : { backOrderForOrderId: order.backOrderFor },
    },
  };
}

function renderLine(warehouse: Warehouse, order: Order, line: OrderLine): object {
  const isKit = line.stock.some((stock) => stock.articleId !== line.articleId);
  const plain = isKit ? undefined : line.stock[0];
  return {
    id: line.id,
    rowNumber: line.row,
    article: renderRef(warehouse, line.articleId),
    ...members(line.fields, LINE_MEMBERS),
    orderedNumberOfItems: fromMilli(line.ordered),
    allocatedNumberOfItems: fromMilli(lineAllocated(line)),
    pickedNumberOfItems: fromMilli(linePicked(line)),
    packedNumberOfItems: fromMilli(plain ? packed(plain) : 0),
    returnedNumberOfItems: fromMilli(lineReturned(line)),
    reportedNumberOfItems: line.reported === null ? null : fromMilli(line.reported),
    reportedReturnedNumberOfItems: line.reportedReturned === null ? null : fromMilli(line.reportedReturned),
    shouldBePicked: line.fields.shouldBePicked ?? true,
    pickedArticleItems: plain ? renderPicked(order, plain) : [],
    subOrderLines: isKit ? line.stock.map((stock) => renderPart(warehouse, order, line, stock)) : [],
    freeValues: line.fields.lineFreeValues ?? null,
    pickOrderInfo: null,
  };
}

function renderPart(warehouse: Warehouse, order: Order, line: OrderLine, stock: LineStock): object {
  return {
    id: line.id * 100 + line.stock.indexOf(stock),
    rowNumber: null,
    article: renderRef(warehouse, stock.articleId),
    orderedNumberOfItems: fromMilli(stock.ordered),
    allocatedNumberOfItems: fromMilli(stock.allocated),
    pickedNumberOfItems: fromMilli(stock.picked),
    packedNumberOfItems: fromMilli(packed(stock)),
    returnedNumberOfItems: fromMilli(stock.returned),
    pickedArticleItems: renderPicked(order, stock),
  };
}

export function renderRef(warehouse: Warehouse, articleId: number): object {
  const article = warehouse.articles.get(articleId);
  return {
    articleSystemId: article.id,
    articleNumber: article.number,
    articleName: article.fields.articleName ?? null,
    productCode: article.fields.productCode ?? null,
    articleKind: kindOf(article),
  };
}

function renderPicked(order: Order, stock: LineStock): object[] {
  return stock.pickedItems.map((item) => {
    const parcel = order.parcels.find(({ id }) => id === item.parcelId);
    return {
      articleItemId: item.id,
      originalArticleItemId: item.articleItemId,
      numberOfItems: fromMilli(item.quantity),
      serial: item.serial ?? null,
      batchNumber: item.batch ?? null,
      expiryDate: item.expiryDate ?? null,
      inDate: null,
      pickedTime: time(item.pickedAt),
      packedTime: time(item.packedAt),
      isPicked: true,
      isReturned: item.returnedAt !== null,
      returnDate: time(item.returnedAt)?.slice(0, 10) ?? null,
      returnCause: item.returnCause === undefined ? null : { code: item.returnCause, name: item.returnCause },
      location: item.location,
      parcel: parcel ? { id: parcel.id, parcelNumber: parcel.number } : null,
      purchaseOrderInfo: null,
    };
  });
}

/** `tracking` is null until there is a label (observed live, reference section 4.8). */
function renderTracks(tracks: Track[]): object[] | null {
  if (tracks.length === 0) return null;
  return tracks.map(({ waybill, trackingUrl, created }) => ({
    waybill,
    trackingUrl,
    created: time(created),
    freightPrice: null,
  }));
}

const packed = (stock: LineStock) =>
  stock.pickedItems.reduce((sum, item) => sum + (item.packedAt === null ? 0 : item.quantity), 0);

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function members(value: unknown, names: string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, member(value, name) ?? null]));
}

function code(value: unknown): object | null {
  return value ? members(value, ['code', 'name']) : null;
}

const codes = (value: unknown) => (Array.isArray(value) ? value.map((one) => code(one)) : []);

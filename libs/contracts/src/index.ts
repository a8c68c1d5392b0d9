export { defineEvent, type DataOf, type Event, type EventDefinition, type Topic } from './event.ts';
export {
  ChannelArticles,
  ChannelOrders,
  ChannelPurchaseOrders,
  ChannelReturns,
  ChannelShelves,
  deadLetterTopic,
  StockLevels,
  StockOrders,
  topics,
  WmsArticles,
  WmsOrders,
  WmsPurchaseOrders,
  WmsReturns,
  WmsStock,
} from './topics.ts';
export { events } from './events.ts';
export { fromMilli, NonNegativeQuantity, PositiveQuantity, Quantity, toMilli } from './quantity.ts';
export {
  ChannelCode,
  fromWmsNumber,
  NUMBER_LENGTH_MAX,
  NumberRefused,
  sameNumberKey,
  ShopNumber,
  toWmsNumber,
  WmsNumber,
} from './numbers.ts';
export { type Channel, Channels } from './channels.ts';
export { fitText, storable } from './text.ts';
export {
  Amount,
  ArticleNumber,
  CodeAndName,
  Consignee,
  Order,
  OrderAmended,
  OrderCancelRequested,
  OrderLine,
  OrderPlaced,
  Timestamp,
  Warehouse,
} from './order.ts';
export {
  Article,
  ArticleAccepted,
  ArticleListed,
  ArticlePublished,
  ArticleRefused,
  ArticleWithdrawn,
} from './article.ts';
export { ArticleAspect, type ArticleField, aspectOf, type AspectClaim, ownerOf } from './article-aspects.ts';
export {
  Counted,
  LevelVersion,
  LineAccepted,
  OrderCancelForwarded,
  OrderRejected,
  OrderReleased,
  OrderReserved,
  OrderAmendmentRefused,
  OrderEndangered,
  OrderShort,
  OrderWaiting,
  ShelfMethod,
  ShelfRefused,
  ShelfSet,
  Shortage,
  StockLevelChanged,
  StockObserved,
  WmsStep,
} from './stock.ts';
export {
  OrderAccepted,
  OrderCancelled,
  OrderCancelRefused,
  OrderEdited,
  OrderPart,
  OrderRefused,
  OrderShipped,
  OrderSplit,
  OrderState,
  OrderStatusChanged,
} from './warehouse.ts';
export {
  PurchaseOrder,
  PurchaseOrderAccepted,
  PurchaseOrderAmended,
  PurchaseOrderCancelled,
  PurchaseOrderCancelRefused,
  PurchaseOrderCancelRequested,
  PurchaseOrderClosed,
  PurchaseOrderPlaced,
  PurchaseOrderReceived,
  PurchaseOrderRefused,
  PurchaseOrderState,
  PurchaseOrderStatusChanged,
  StockExpected,
} from './purchase-order.ts';
export {
  OrderReturned,
  Return,
  ReturnAccepted,
  ReturnAnnounced,
  ReturnCancelled,
  ReturnCancelRefused,
  ReturnRefused,
  ReturnWithdrawn,
} from './return.ts';

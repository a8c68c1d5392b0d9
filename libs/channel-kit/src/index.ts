export {
  type ChannelConfig,
  type ChannelDefinition,
  defineChannel,
  defineChannelConfig,
  requireLocation,
  type ShopTools,
  wrongSettings,
} from './channel.ts';
export { channelService } from './channel-service.ts';
export { consigneeFrom } from './consignee.ts';
export { decimal } from './decimal.ts';
export {
  standardHeaders,
  standardWebhook,
  type WebhookMeaning,
  WebhookSecrets,
} from './receive-webhooks/standard-webhook.ts';
export { hasSigned, jsonOf, refused } from './receive-webhooks/webhook-body.ts';
export type {
  InboundAccess,
  InboundNews,
  InboundPage,
  ShopAnnouncement,
  ShopPurchase,
  ShopReturn,
  UnreadableAnnouncement,
} from './announce-inbound/inbound.ts';
export { misfitOf } from './import-orders/misfit.ts';
export { pagesByTime, type TimedFeed, type TimedOrder } from './import-orders/pages-by-time.ts';
export { runChannel } from './run-channel.ts';
export { gradeOf, type Safety } from './safety.ts';
export { ShopHttp, type ShopHttpSettings, type ShopRequest, type ShopResponse } from './shop-http.ts';
export {
  CannotRead,
  type FeedPosition,
  type ChangeOutcome,
  type OrderNote,
  type OrderPage,
  type OrderRef,
  type ReadOrder,
  type ReturnedGoods,
  readOrder,
  type Shipment,
  type Shop,
  type ShopArticle,
  type ShopFeatures,
  type ShopOrder,
  type ShopOrderLine,
  type UnreadableOrder,
} from './shop.ts';
export type { ShelfAccess, ShelfAnswer, ShelfNumber, ShelfWrite } from './shop-shelf.ts';
export { ShopFailure, ShopRefused, ShopUnavailable } from './shop-errors.ts';
export type { OrderHint, ShopWebhook, WebhookDelivery, WebhookVerdict } from './shop-webhook.ts';

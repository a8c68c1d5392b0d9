export {
  type ChannelConfig,
  type ChannelDefinition,
  defineChannel,
  defineChannelConfig,
  type ShopTools,
} from './channel.ts';
export { channelService } from './channel-service.ts';
export {
  standardHeaders,
  standardWebhook,
  type WebhookMeaning,
  WebhookSecrets,
} from './receive-webhooks/standard-webhook.ts';
export type {
  InboundAccess,
  InboundNews,
  InboundPage,
  ShopAnnouncement,
  ShopPurchase,
  ShopReturn,
  UnreadableAnnouncement,
} from './announce-inbound/inbound.ts';
export { runChannel } from './run-channel.ts';
export { ShopHttp, type ShopHttpSettings, type ShopRequest, type ShopResponse } from './shop-http.ts';
export {
  CannotRead,
  type FeedPosition,
  type OrderPage,
  type OrderRef,
  type ReadOrder,
  type ReturnedGoods,
  readOrder,
  type ShelfAccess,
  type ShelfAnswer,
  type ShelfNumber,
  type ShelfWrite,
  type Shipment,
  type Shop,
  type ShopArticle,
  type ShopFeatures,
  type ShopOrder,
  type ShopOrderLine,
  type UnreadableOrder,
} from './shop.ts';
export { ShopFailure, ShopRefused, ShopUnavailable } from './shop-errors.ts';
export type { OrderHint, ShopWebhook, WebhookDelivery, WebhookVerdict } from './shop-webhook.ts';

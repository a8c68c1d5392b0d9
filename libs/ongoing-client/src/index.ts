export { OrderContent, type OngoingOrderContent } from './order-content.ts';
export { OngoingClient } from './client.ts';
export { ReportedNumbers } from './reported-numbers.ts';
export type { Page } from './pages.ts';
export type { ClientOptions, RequestReport } from './calls.ts';
export type {
  AlternativeBarCode,
  ArticleFilter,
  ArticleInput,
  DangerousGoodsInput,
  OngoingArticle,
  OngoingDangerousGoods,
  OngoingStructure,
} from './article.ts';
export {
  OrderAnswer,
  type OngoingOrder,
  type OngoingOrderLine,
  type OrderFilter,
  type OrderInput,
  type OrderLineInput,
} from './order.ts';
export type {
  OngoingPurchaseOrder,
  OngoingPurchaseOrderLine,
  PurchaseOrderFilter,
  PurchaseOrderInput,
} from './purchase-order.ts';
export {
  ReturnOrderAnswer,
  type OngoingReturnOrder,
  type ReturnOrderFilter,
  type ReturnOrderInput,
} from './return-order.ts';
export type { OddItem } from './odd-items.ts';
export { trackingOf, traitsOf, type TrackedLine, type TrackedParcel } from './tracking.ts';
export type {
  ArticleWriteOutcome,
  OrderWriteOutcome,
  PurchaseOrderWriteOutcome,
  ReturnOrderWriteOutcome,
  Refused,
  Unknown,
  UnknownCause,
} from './outcome.ts';
export {
  OngoingAccessError,
  OngoingAnswerInvalid,
  OngoingReadRefused,
  OngoingUnreachable,
} from './errors.ts';
export { HttpTransport } from './http-transport.ts';
export {
  FENCED,
  TransportFailure,
  type Transport,
  type TransportFailureKind,
  type TransportRequest,
  type TransportResponse,
} from './transport.ts';

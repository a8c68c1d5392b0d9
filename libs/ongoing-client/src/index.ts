export { OngoingClient } from './client.ts';
export type { Page } from './pages.ts';
export type { ClientOptions, RequestReport } from './calls.ts';
export type { ArticleFilter, ArticleInput, OngoingArticle } from './article.ts';
export type { OngoingOrder, OngoingOrderLine, OrderFilter, OrderInput, OrderLineInput } from './order.ts';
export type {
  OngoingPurchaseOrder,
  OngoingPurchaseOrderLine,
  PurchaseOrderFilter,
  PurchaseOrderInput,
} from './purchase-order.ts';
export type { OngoingReturnOrder, ReturnOrderFilter, ReturnOrderInput } from './return-order.ts';
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
  TransportFailure,
  type Transport,
  type TransportFailureKind,
  type TransportRequest,
  type TransportResponse,
} from './transport.ts';

import { buildSchema } from 'graphql';

/** What of Shopify's Admin API 2026-04 this fake has, member for member as documented there. */
export const schema = buildSchema(`
directive @idempotent(key: String!) on FIELD

scalar DateTime
scalar Decimal
scalar URL

interface Node { id: ID! }

type Query {
  shop: Shop!
  currentAppInstallation: AppInstallation!
  node(id: ID!): Node
  nodes(ids: [ID!]!): [Node]!
  location(id: ID): Location
  order(id: ID!): Order
  orders(first: Int, last: Int, after: String, query: String, sortKey: OrderSortKeys = PROCESSED_AT,
    reverse: Boolean = false): OrderConnection!
  inventoryItems(first: Int, after: String, query: String): InventoryItemConnection!
  productVariants(first: Int, after: String, query: String): ProductVariantConnection!
  fulfillment(id: ID!): Fulfillment
  fulfillmentOrder(id: ID!): FulfillmentOrder
  return(id: ID!): Return
  job(id: ID!): Job
  webhookSubscriptions(first: Int, after: String, topics: [WebhookSubscriptionTopic!]):
    WebhookSubscriptionConnection!
}

type Mutation {
  inventorySetQuantities(input: InventorySetQuantitiesInput!): InventorySetQuantitiesPayload
  orderUpdate(input: OrderInput!): OrderUpdatePayload
  orderCancel(orderId: ID!, reason: OrderCancelReason!, restock: Boolean!,
    refundMethod: OrderCancelRefundMethodInput, notifyCustomer: Boolean = false, staffNote: String): OrderCancelPayload
  orderEditBegin(id: ID!): OrderEditBeginPayload
  orderEditSetQuantity(id: ID!, lineItemId: ID!, quantity: Int!, restock: Boolean): OrderEditSetQuantityPayload
  orderEditCommit(id: ID!, notifyCustomer: Boolean, staffNote: String): OrderEditCommitPayload
  fulfillmentCreate(fulfillment: FulfillmentInput!, message: String): FulfillmentCreatePayload
  fulfillmentTrackingInfoUpdate(fulfillmentId: ID!, trackingInfoInput: FulfillmentTrackingInput!,
    notifyCustomer: Boolean): FulfillmentTrackingInfoUpdatePayload
  fulfillmentCancel(id: ID!): FulfillmentCancelPayload
  refundCreate(input: RefundInput!): RefundCreatePayload
  returnCreate(returnInput: ReturnInput!): ReturnCreatePayload
  returnCancel(id: ID!): ReturnCancelPayload
  reverseFulfillmentOrderDispose(dispositionInputs: [ReverseFulfillmentOrderDisposeInput!]!):
    ReverseFulfillmentOrderDisposePayload
  metafieldsSet(metafields: [MetafieldsSetInput!]!): MetafieldsSetPayload
  webhookSubscriptionCreate(topic: WebhookSubscriptionTopic!, webhookSubscription: WebhookSubscriptionInput!):
    WebhookSubscriptionCreatePayload
  webhookSubscriptionDelete(id: ID!): WebhookSubscriptionDeletePayload
}

type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
type UserError { field: [String!] message: String! }
type Shop { id: ID! name: String! myshopifyDomain: String! currencyCode: String! }
type AppInstallation { id: ID! accessScopes: [AccessScope!]! }
type AccessScope { handle: String! }
type Location implements Node { id: ID! name: String! isActive: Boolean! }
type MoneyV2 { amount: Decimal! currencyCode: String! }
type MoneyBag { shopMoney: MoneyV2! presentmentMoney: MoneyV2! }
type Attribute { key: String! value: String }
type Metafield implements Node { id: ID! namespace: String! key: String! type: String! value: String! compareDigest: String! }
type Job { id: ID! done: Boolean! }

type InventoryItem implements Node {
  id: ID! sku: String tracked: Boolean! requiresShipping: Boolean! variant: ProductVariant
  inventoryLevel(locationId: ID!): InventoryLevel
}
type InventoryItemConnection { nodes: [InventoryItem!]! edges: [InventoryItemEdge!]! pageInfo: PageInfo! }
type InventoryItemEdge { cursor: String! node: InventoryItem! }
type InventoryLevel implements Node { id: ID! quantities(names: [String!]!): [InventoryQuantity!]! location: Location! }
type InventoryQuantity { id: ID! name: String! quantity: Int! }
enum ProductVariantInventoryPolicy { DENY CONTINUE }
enum ProductStatus { ACTIVE ARCHIVED DRAFT }
type Product implements Node { id: ID! title: String! status: ProductStatus! }
type ProductVariant implements Node {
  id: ID! sku: String barcode: String title: String! displayName: String! price: Decimal!
  inventoryPolicy: ProductVariantInventoryPolicy! inventoryItem: InventoryItem! product: Product!
}
type ProductVariantConnection { nodes: [ProductVariant!]! edges: [ProductVariantEdge!]! pageInfo: PageInfo! }
type ProductVariantEdge { cursor: String! node: ProductVariant! }

enum OrderSortKeys { CREATED_AT ID ORDER_NUMBER PROCESSED_AT UPDATED_AT }
enum OrderDisplayFinancialStatus { AUTHORIZED EXPIRED PAID PARTIALLY_PAID PARTIALLY_REFUNDED PENDING REFUNDED VOIDED }
enum OrderDisplayFulfillmentStatus { FULFILLED IN_PROGRESS ON_HOLD PARTIALLY_FULFILLED UNFULFILLED }
enum OrderReturnStatus { IN_PROGRESS INSPECTION_COMPLETE NO_RETURN RETURNED RETURN_FAILED RETURN_REQUESTED }
enum OrderCancelReason { CUSTOMER DECLINED FRAUD INVENTORY OTHER STAFF }
type MailingAddress {
  name: String company: String address1: String address2: String zip: String city: String
  provinceCode: String countryCodeV2: String phone: String
}
type ShippingLine { title: String! code: String }
type Order implements Node {
  id: ID! name: String! createdAt: DateTime! updatedAt: DateTime! cancelledAt: DateTime
  cancelReason: OrderCancelReason test: Boolean! currencyCode: String! email: String phone: String note: String
  tags: [String!]! customAttributes: [Attribute!]!
  displayFinancialStatus: OrderDisplayFinancialStatus
  displayFulfillmentStatus: OrderDisplayFulfillmentStatus! returnStatus: OrderReturnStatus!
  shippingAddress: MailingAddress shippingLine: ShippingLine
  lineItems(first: Int, after: String): LineItemConnection!
  fulfillments(first: Int): [Fulfillment!]!
  fulfillmentOrders(first: Int, after: String): FulfillmentOrderConnection!
  returns(first: Int, after: String): ReturnConnection!
  metafield(namespace: String, key: String!): Metafield
}
type OrderConnection { nodes: [Order!]! edges: [OrderEdge!]! pageInfo: PageInfo! }
type OrderEdge { cursor: String! node: Order! }
type LineItem implements Node {
  id: ID! sku: String title: String! name: String! quantity: Int! currentQuantity: Int! unfulfilledQuantity: Int!
  requiresShipping: Boolean! isGiftCard: Boolean! variant: ProductVariant
  originalUnitPriceSet: MoneyBag! discountedUnitPriceSet: MoneyBag!
}
type LineItemConnection { nodes: [LineItem!]! edges: [LineItemEdge!]! pageInfo: PageInfo! }
type LineItemEdge { cursor: String! node: LineItem! }

enum FulfillmentStatus { CANCELLED ERROR FAILURE SUCCESS }
type FulfillmentTrackingInfo { company: String number: String url: URL }
type Fulfillment implements Node {
  id: ID! name: String! status: FulfillmentStatus! createdAt: DateTime!
  trackingInfo(first: Int): [FulfillmentTrackingInfo!]!
  fulfillmentLineItems(first: Int, after: String): FulfillmentLineItemConnection!
}
type FulfillmentLineItem implements Node { id: ID! quantity: Int lineItem: LineItem! }
type FulfillmentLineItemConnection { nodes: [FulfillmentLineItem!]! edges: [FulfillmentLineItemEdge!]! pageInfo: PageInfo! }
type FulfillmentLineItemEdge { cursor: String! node: FulfillmentLineItem! }
enum FulfillmentOrderStatus { CANCELLED CLOSED INCOMPLETE IN_PROGRESS ON_HOLD OPEN SCHEDULED }
type FulfillmentOrderAssignedLocation { location: Location }
type FulfillmentOrder implements Node {
  id: ID! status: FulfillmentOrderStatus! assignedLocation: FulfillmentOrderAssignedLocation!
  lineItems(first: Int, after: String): FulfillmentOrderLineItemConnection!
}
type FulfillmentOrderConnection { nodes: [FulfillmentOrder!]! edges: [FulfillmentOrderEdge!]! pageInfo: PageInfo! }
type FulfillmentOrderEdge { cursor: String! node: FulfillmentOrder! }
type FulfillmentOrderLineItem implements Node { id: ID! totalQuantity: Int! remainingQuantity: Int! lineItem: LineItem! }
type FulfillmentOrderLineItemConnection { nodes: [FulfillmentOrderLineItem!]! edges: [FulfillmentOrderLineItemEdge!]! pageInfo: PageInfo! }
type FulfillmentOrderLineItemEdge { cursor: String! node: FulfillmentOrderLineItem! }

enum ReturnStatus { CANCELED CLOSED DECLINED OPEN REQUESTED }
enum ReturnReason { COLOR DEFECTIVE NOT_AS_DESCRIBED OTHER SIZE_TOO_LARGE SIZE_TOO_SMALL STYLE UNKNOWN UNWANTED WRONG_ITEM }
enum ReverseFulfillmentOrderDispositionType { MISSING NOT_RESTOCKED PROCESSING_REQUIRED RESTOCKED }
type Return implements Node {
  id: ID! name: String! status: ReturnStatus! createdAt: DateTime! order: Order!
  returnLineItems(first: Int, after: String): ReturnLineItemTypeConnection!
  reverseFulfillmentOrders(first: Int, after: String): ReverseFulfillmentOrderConnection!
}
type ReturnConnection { nodes: [Return!]! edges: [ReturnEdge!]! pageInfo: PageInfo! }
type ReturnEdge { cursor: String! node: Return! }
interface ReturnLineItemType { id: ID! quantity: Int! }
type ReturnLineItem implements ReturnLineItemType & Node {
  id: ID! quantity: Int! returnReason: ReturnReason! returnReasonNote: String! fulfillmentLineItem: FulfillmentLineItem!
}
type ReturnLineItemTypeConnection { nodes: [ReturnLineItemType!]! edges: [ReturnLineItemTypeEdge!]! pageInfo: PageInfo! }
type ReturnLineItemTypeEdge { cursor: String! node: ReturnLineItemType! }
type ReverseFulfillmentOrder implements Node {
  id: ID! lineItems(first: Int, after: String): ReverseFulfillmentOrderLineItemConnection!
}
type ReverseFulfillmentOrderConnection { nodes: [ReverseFulfillmentOrder!]! edges: [ReverseFulfillmentOrderEdge!]! pageInfo: PageInfo! }
type ReverseFulfillmentOrderEdge { cursor: String! node: ReverseFulfillmentOrder! }
type ReverseFulfillmentOrderDisposition { type: ReverseFulfillmentOrderDispositionType! quantity: Int! }
type ReverseFulfillmentOrderLineItem implements Node {
  id: ID! totalQuantity: Int! fulfillmentLineItem: FulfillmentLineItem
  dispositions: [ReverseFulfillmentOrderDisposition!]!
}
type ReverseFulfillmentOrderLineItemConnection { nodes: [ReverseFulfillmentOrderLineItem!]! edges: [ReverseFulfillmentOrderLineItemEdge!]! pageInfo: PageInfo! }
type ReverseFulfillmentOrderLineItemEdge { cursor: String! node: ReverseFulfillmentOrderLineItem! }

enum WebhookSubscriptionTopic {
  APP_UNINSTALLED INVENTORY_LEVELS_UPDATE ORDERS_CANCELLED ORDERS_CREATE ORDERS_EDITED ORDERS_FULFILLED
  ORDERS_UPDATED PRODUCTS_UPDATE REFUNDS_CREATE RETURNS_APPROVE RETURNS_CANCEL
}
enum WebhookSubscriptionFormat { JSON XML }
type WebhookSubscription implements Node { id: ID! topic: WebhookSubscriptionTopic! uri: String! format: WebhookSubscriptionFormat! createdAt: DateTime! }
type WebhookSubscriptionConnection { nodes: [WebhookSubscription!]! edges: [WebhookSubscriptionEdge!]! pageInfo: PageInfo! }
type WebhookSubscriptionEdge { cursor: String! node: WebhookSubscription! }

input InventorySetQuantitiesInput { name: String! reason: String! referenceDocumentUri: String quantities: [InventoryQuantityInput!]! }
input InventoryQuantityInput { inventoryItemId: ID! locationId: ID! quantity: Int! changeFromQuantity: Int }
enum InventorySetQuantitiesUserErrorCode {
  CHANGE_FROM_QUANTITY_STALE IDEMPOTENCY_CONCURRENT_REQUEST IDEMPOTENCY_KEY_PARAMETER_MISMATCH INVALID_INVENTORY_ITEM
  INVALID_LOCATION INVALID_NAME INVALID_QUANTITY_NEGATIVE INVALID_QUANTITY_TOO_HIGH INVALID_QUANTITY_TOO_LOW
  INVALID_REASON INVALID_REFERENCE_DOCUMENT ITEM_NOT_STOCKED_AT_LOCATION
  NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR NON_MUTABLE_INVENTORY_ITEM
}
type InventorySetQuantitiesUserError { code: InventorySetQuantitiesUserErrorCode field: [String!] message: String! }
type InventoryChange { name: String! delta: Int! quantityAfterChange: Int item: InventoryItem location: Location }
type InventoryAdjustmentGroup implements Node {
  id: ID! createdAt: DateTime! reason: String! referenceDocumentUri: String
  changes(inventoryItemIds: [ID!], locationIds: [ID!], quantityNames: [String!]): [InventoryChange!]!
}
type InventorySetQuantitiesPayload { inventoryAdjustmentGroup: InventoryAdjustmentGroup userErrors: [InventorySetQuantitiesUserError!]! }

input AttributeInput { key: String! value: String! }
input OrderInput { id: ID! note: String tags: [String!] customAttributes: [AttributeInput!] }
type OrderUpdatePayload { order: Order userErrors: [UserError!]! }
input OrderCancelRefundMethodInput { originalPaymentMethodsRefund: Boolean }
enum OrderCancelUserErrorCode { INVALID NOT_FOUND }
type OrderCancelUserError { code: OrderCancelUserErrorCode field: [String!] message: String! }
type OrderCancelPayload { job: Job orderCancelUserErrors: [OrderCancelUserError!]! userErrors: [UserError!]! }
type CalculatedLineItem { id: ID! quantity: Int! title: String! }
type CalculatedLineItemConnection { nodes: [CalculatedLineItem!]! pageInfo: PageInfo! }
type CalculatedOrder implements Node { id: ID! lineItems(first: Int, after: String): CalculatedLineItemConnection! }
type OrderEditBeginPayload { calculatedOrder: CalculatedOrder userErrors: [UserError!]! }
type OrderEditSetQuantityPayload { calculatedOrder: CalculatedOrder calculatedLineItem: CalculatedLineItem userErrors: [UserError!]! }
type OrderEditCommitPayload { order: Order userErrors: [UserError!]! }

input FulfillmentInput {
  lineItemsByFulfillmentOrder: [FulfillmentOrderLineItemsInput!]! notifyCustomer: Boolean = false
  trackingInfo: FulfillmentTrackingInput
}
input FulfillmentOrderLineItemsInput { fulfillmentOrderId: ID! fulfillmentOrderLineItems: [FulfillmentOrderLineItemInput!] }
input FulfillmentOrderLineItemInput { id: ID! quantity: Int! }
input FulfillmentTrackingInput { company: String number: String url: URL numbers: [String!] urls: [URL!] }
type FulfillmentCreatePayload { fulfillment: Fulfillment userErrors: [UserError!]! }
type FulfillmentTrackingInfoUpdatePayload { fulfillment: Fulfillment userErrors: [UserError!]! }
type FulfillmentCancelPayload { fulfillment: Fulfillment userErrors: [UserError!]! }

enum RefundLineItemRestockType { CANCEL NO_RESTOCK RETURN }
input RefundLineItemInput { lineItemId: ID! quantity: Int! restockType: RefundLineItemRestockType locationId: ID }
input RefundInput { orderId: ID! note: String notify: Boolean refundLineItems: [RefundLineItemInput!] }
type Refund implements Node { id: ID! }
type RefundCreatePayload { refund: Refund order: Order userErrors: [UserError!]! }

input ReturnLineItemInput { fulfillmentLineItemId: ID! quantity: Int! returnReason: ReturnReason! returnReasonNote: String = "" }
input ReturnInput { orderId: ID! returnLineItems: [ReturnLineItemInput!]! notifyCustomer: Boolean = false }
enum ReturnErrorCode { INVALID NOT_FOUND }
type ReturnUserError { code: ReturnErrorCode field: [String!] message: String! }
type ReturnCreatePayload { return: Return userErrors: [ReturnUserError!]! }
type ReturnCancelPayload { return: Return userErrors: [ReturnUserError!]! }
input ReverseFulfillmentOrderDisposeInput {
  reverseFulfillmentOrderLineItemId: ID! quantity: Int! locationId: ID dispositionType: ReverseFulfillmentOrderDispositionType!
}
type ReverseFulfillmentOrderDisposePayload {
  reverseFulfillmentOrderLineItems: [ReverseFulfillmentOrderLineItem!] userErrors: [ReturnUserError!]!
}

input MetafieldsSetInput { ownerId: ID! namespace: String key: String! type: String value: String! compareDigest: String }
type MetafieldsSetUserError { code: String field: [String!] message: String! }
type MetafieldsSetPayload { metafields: [Metafield!] userErrors: [MetafieldsSetUserError!]! }

input WebhookSubscriptionInput { uri: String format: WebhookSubscriptionFormat includeFields: [String!] }
type WebhookSubscriptionCreatePayload { webhookSubscription: WebhookSubscription userErrors: [UserError!]! }
type WebhookSubscriptionDeletePayload { deletedWebhookSubscriptionId: ID userErrors: [UserError!]! }
`);

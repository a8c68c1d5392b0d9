/** What the fake shop knows. Ids are numbers here and `gid://shopify/<Type>/<number>` outside. */
export interface Variant {
  readonly id: number;
  readonly productId: number;
  readonly inventoryItemId: number;
  sku: string;
  barcode: string;
  readonly title: string;
  readonly productTitle: string;
  readonly price: string;
  active: boolean;
  tracked: boolean;
  requiresShipping: boolean;
  inventoryPolicy: 'DENY' | 'CONTINUE';
  /** By location; an item is stocked only where it has a level. */
  readonly levels: Map<number, Quantities>;
}

/** `on_hand` is the sum of the rest. */
export interface Quantities {
  available: number;
  committed: number;
  reserved: number;
  damaged: number;
  safety_stock: number;
  quality_control: number;
}

export interface LineItem {
  readonly id: number;
  readonly fulfillmentOrderLineItemId: number;
  /** Null for a line that staff typed in. */
  readonly variant: Variant | null;
  /** As it was when it was sold. */
  readonly sku: string;
  readonly title: string;
  readonly requiresShipping: boolean;
  readonly isGiftCard: boolean;
  readonly price: string;
  /** Ordered, with what edits added since. */
  quantity: number;
  /** Taken out by edits, refunds and the cancel, before it was fulfilled. */
  removed: number;
  /** Refunded after it was fulfilled. */
  returned: number;
}

export interface Fulfillment {
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
  status: 'SUCCESS' | 'CANCELLED';
  tracking: Tracking;
  readonly lines: { readonly id: number; readonly line: LineItem; readonly quantity: number }[];
}

export interface Tracking {
  company?: string | null;
  number?: string | null;
  url?: string | null;
}

export interface Return {
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
  status: 'REQUESTED' | 'OPEN' | 'CLOSED' | 'CANCELED' | 'DECLINED';
  readonly lines: ReturnLine[];
}

export interface ReturnLine {
  readonly id: number;
  readonly reverseLineId: number;
  readonly fulfillmentLineId: number;
  readonly line: LineItem;
  readonly quantity: number;
  readonly reason: string;
  readonly note: string;
  readonly dispositions: { readonly type: Disposition; readonly quantity: number }[];
}

export type Disposition = 'RESTOCKED' | 'NOT_RESTOCKED' | 'MISSING' | 'PROCESSING_REQUIRED';
export type RestockType = 'CANCEL' | 'RETURN' | 'NO_RESTOCK';

export interface Refund {
  readonly id: number;
  readonly lines: { readonly line: LineItem; readonly quantity: number; readonly restockType: RestockType }[];
}

export interface Address {
  readonly name?: string | null;
  readonly company?: string | null;
  readonly address1?: string | null;
  readonly address2?: string | null;
  readonly zip?: string | null;
  readonly city?: string | null;
  readonly provinceCode?: string | null;
  readonly countryCodeV2?: string | null;
  readonly phone?: string | null;
}

export type FinancialStatus = 'PENDING' | 'AUTHORIZED' | 'PAID' | 'VOIDED' | 'EXPIRED' | 'REFUNDED';

export interface Order {
  readonly id: number;
  readonly fulfillmentOrderId: number;
  /** Where it is fulfilled from. */
  readonly locationId: number;
  name: string;
  readonly createdAt: number;
  updatedAt: number;
  /** The time under which the search finds it; behind `updatedAt` while the search is late, undefined before that. */
  indexedAt: number | undefined;
  cancelledAt?: number;
  cancelReason?: string;
  staffNote?: string;
  held: boolean;
  financialStatus: FinancialStatus;
  readonly test: boolean;
  readonly currencyCode: string;
  email: string | null;
  phone: string | null;
  note: string | null;
  customAttributes: { readonly key: string; readonly value: string }[];
  tags: string[];
  shippingAddress: Address | null;
  shippingTitle: string | null;
  readonly lines: LineItem[];
  readonly fulfillments: Fulfillment[];
  readonly returns: Return[];
  readonly refunds: Refund[];
  readonly metafields: Map<string, { type: string; value: string }>;
}

export interface Job {
  readonly id: number;
  done: boolean;
}

export interface Subscription {
  readonly id: number;
  readonly topic: string;
  readonly uri: string;
  readonly createdAt: number;
  failures: number;
}

export const fulfilledOf = (order: Order, line: LineItem): number =>
  order.fulfillments
    .filter(({ status }) => status === 'SUCCESS')
    .flatMap(({ lines }) => lines)
    .filter((one) => one.line === line)
    .reduce((sum, { quantity }) => sum + quantity, 0);

export const unfulfilledOf = (order: Order, line: LineItem): number =>
  line.quantity - line.removed - fulfilledOf(order, line);

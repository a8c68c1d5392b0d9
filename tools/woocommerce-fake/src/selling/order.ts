export const STATUSES = [
  'pending',
  'processing',
  'on-hold',
  'completed',
  'cancelled',
  'refunded',
  'failed',
] as const;
export type OrderStatus = (typeof STATUSES)[number] | 'trash' | 'checkout-draft';

export interface Address {
  first_name: string;
  last_name: string;
  company: string;
  address_1: string;
  address_2: string;
  city: string;
  state: string;
  postcode: string;
  country: string;
  phone: string;
  email?: string;
}

export interface Meta {
  readonly id: number;
  readonly key: string;
  value: unknown;
}

export interface LineItem {
  readonly id: number;
  readonly productId: number;
  readonly variationId: number;
  readonly name: string;
  quantity: number;
  readonly price: string;
  /** Pieces that this line has taken off the stock and not put back: `_reduced_stock`. */
  reduced: number;
  readonly meta: Meta[];
}

export interface Refund {
  readonly id: number;
  readonly at: number;
  readonly reason: string;
  readonly amount: number;
  readonly lines: readonly { id: number; of: LineItem; quantity: number }[];
}

export interface Note {
  readonly id: number;
  readonly at: number;
  readonly text: string;
  readonly toCustomer: boolean;
  readonly author: string;
}

/** Of the Shipment Tracking extension. */
export interface Tracking {
  readonly tracking_id: string;
  readonly tracking_provider: string;
  readonly tracking_link: string;
  readonly tracking_number: string;
  readonly date_shipped: string;
}

/** An order as lists show it from a moment on. */
export interface Version {
  readonly visibleAt: number;
  readonly modified: number;
  readonly status: OrderStatus;
  readonly json: object;
}

export interface Order {
  readonly id: number;
  number: string;
  status: OrderStatus;
  readonly createdVia: 'checkout' | 'admin';
  currency: string;
  readonly created: number;
  modified: number;
  paid?: number;
  completed?: number;
  customerNote: string;
  billing: Address;
  shipping: Address;
  /** Whether its pieces were taken off the stock, which is done once. */
  stockReduced: boolean;
  /** Until when its checkout holds the pieces. */
  heldUntil: number;
  readonly meta: Meta[];
  readonly lines: LineItem[];
  readonly shippingLines: {
    id: number;
    method_id: string;
    instance_id: string;
    method_title: string;
    total: string;
  }[];
  readonly feeLines: { id: number; name: string; total: string }[];
  readonly refunds: Refund[];
  readonly notes: Note[];
  readonly trackings: Tracking[];
  readonly versions: Version[];
}

export const emptyAddress = (): Address => ({
  first_name: '',
  last_name: '',
  company: '',
  address_1: '',
  address_2: '',
  city: '',
  state: '',
  postcode: '',
  country: '',
  phone: '',
});

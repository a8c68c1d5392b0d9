import type { VendureShop } from './vendure-shop.mjs';

export interface Line {
  sku: string;
  quantity: number;
}

export interface Buyer {
  email?: string;
  /** Fields of Vendure's CreateAddressInput, over those of a buyer in Hamburg. */
  address?: Record<string, string>;
}

export type Sale = { placed: true; orderId: string; number: string } | { placed: false; reason: string };

/** A buyer's session: asks the shop interface under it. */
export type Session = (query: string, variables?: Record<string, unknown>) => Promise<unknown>;

/** An order as the admin interface tells it; only what tests look at. */
export interface VendureOrder {
  id: string;
  code: string;
  state: string;
  orderPlacedAt: string | null;
  updatedAt: string;
  customFields: { samlastClaim: string | null };
  lines: { id: string; quantity: number; productVariant: { sku: string } }[];
  fulfillments: {
    id: string;
    state: string;
    method: string;
    trackingCode: string;
    lines: { quantity: number }[];
  }[];
  history: { items: { type: string; data: unknown }[] };
}

export function buyerOf(shop: VendureShop): {
  /** A session with cart, address and shipping, up to the step before the payment. */
  filledCart(lines: Line[], buyer?: Buyer): Promise<Session>;
  /** Throws with the shop's reason where it refuses. */
  step(session: Session, state: string): Promise<{ id: string; code: string; state: string }>;
  pay(session: Session): Promise<{ id: string; code: string; state: string }>;
  buy(lines: Line[], buyer?: Buyer): Promise<Sale>;
};

export function shopkeeperOf(shop: VendureShop): {
  order(id: string): Promise<VendureOrder>;
  orders(): Promise<VendureOrder[]>;
  stock(sku: string): Promise<{ onHand: number; allocated: number; available: number }>;
  setStock(sku: string, onHand: number): Promise<unknown>;
  takeSkuOff(sku: string): Promise<unknown>;
  cancel(id: string): Promise<void>;
  /** Of the order's first line. */
  change(id: string, quantity: number): Promise<void>;
  touch(id: string): Promise<unknown>;
};

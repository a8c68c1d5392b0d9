import type { MedusaShop } from './medusa-shop.mjs';

export interface Line {
  sku: string;
  quantity: number;
}

export interface Buyer {
  email?: string;
  /** Fields of Medusa's shipping address, over those of a buyer in Hamburg. */
  address?: Record<string, string>;
}

export type Sale = { placed: true; orderId: string; number: string } | { placed: false; reason: string };

/** An order as the admin interface tells it; only what tests look at. */
export interface MedusaOrder {
  id: string;
  display_id: number;
  status: string;
  email: string;
  created_at: string;
  updated_at: string;
  payment_status: string;
  fulfillment_status: string;
  items: {
    id: string;
    variant_sku: string;
    quantity: number;
    detail: { quantity: number; fulfilled_quantity: number; shipped_quantity: number };
  }[];
  shipping_address: Record<string, string>;
  metadata: Record<string, unknown> | null;
}

export interface Fulfillment {
  id: string;
  cancelled: boolean;
  shippedAt: string | null;
  quantity: number;
  trackingNumbers: string[];
  trackingUrls: string[];
  metadata: Record<string, unknown>;
}

/** A buyer in front of the shop, over the store interface. */
export function buyerOf(shop: MedusaShop): {
  /** A cart with address, shipping and payment chosen; throws when the shop refuses an article already here. */
  readyCart(lines: Line[], who?: Buyer): Promise<string>;
  /** Pays: places the order, or tells why the shop refused the sale. */
  complete(cartId: string): Promise<Sale>;
  /** readyCart and complete. */
  buy(lines: Line[], who?: Buyer): Promise<Sale>;
  /** The stock that the shop shows for an article. */
  visible(sku: string): Promise<number>;
};

/** The shopkeeper, over the admin interface; also what a test asks for the truth. */
export function shopkeeperOf(shop: MedusaShop): {
  order(id: string): Promise<MedusaOrder>;
  /** Every order there is, phantoms of refused checkouts included: those are not_paid and reserve nothing. */
  orders(): Promise<MedusaOrder[]>;
  stock(sku: string): Promise<{ stocked: number; reserved: number; available: number }>;
  setStock(sku: string, stocked: number): Promise<unknown>;
  reservations(sku: string): Promise<{ id: string; line_item_id: string; quantity: number }[]>;
  fulfillments(orderId: string): Promise<Fulfillment[]>;
  cancel(orderId: string): Promise<unknown>;
  /** Edits the order: so many pieces of its first line from now on. */
  changeQuantity(id: string, quantity: number): Promise<void>;
  /** All pieces of a shipped order come back, as staff books it: announced, then received. */
  takeBack(id: string): Promise<void>;
  /** So many pieces of the order's first line will come back; the return's id and number. */
  announceReturn(id: string, quantity: number): Promise<{ id: string; number: string }>;
  /** They will not come after all. */
  cancelReturn(id: string): Promise<unknown>;
  /** An edit that moves updated_at and nothing that matters. */
  touch(orderId: string): Promise<unknown>;
  /**
   * Leaves an order as a refused checkout now and then leaves one: pending, not paid, nothing reserved; its id. The
   * article's other reservations go with it.
   */
  leaveOrphan(sku: string): Promise<string>;
  /** What is bought of the variant from now on has no article number. */
  takeSkuOff(sku: string): Promise<unknown>;
};

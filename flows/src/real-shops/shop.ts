import type { StartedProcess } from '@samlast/test-stack';
import type { ShopBook } from './audit/books.ts';

export interface Line {
  article: string;
  quantity: number;
}

export interface Buyer {
  email: string;
  street: string;
}

export type Sale = { placed: true; orderId: string; number: string } | { placed: false; reason: string };

/** A buyer who stands before the last step with a full cart. */
export interface Checkout {
  /** Takes the last step; whoever was refused may try it again with the same cart. Throws where nobody knows. */
  press(): Promise<Sale>;
}

/** A real shop as its buyers, its staff and the auditor use it, over its own interfaces alone. */
export interface RealShop {
  readonly code: string;
  readonly kind: string;
  readonly url: string;
  readonly process: StartedProcess;
  /** What its channel needs to reach it, by way of this address. */
  env(url: string): Record<string, string>;
  /** Its line in channels.json, where it differs. */
  readonly line?: Record<string, unknown>;
  /** Refused where the shop does not even let the articles into the cart. */
  fillCart(lines: readonly Line[], buyer: Buyer): Promise<Checkout | { refused: string }>;
  /** By its staff; false where the shop does not allow it any more. */
  cancel(orderId: string): Promise<boolean>;
  /** So many pieces of the first line will come back; false where the shop does not allow it (yet). */
  announceReturn?(orderId: string, quantity: number): Promise<boolean>;
  /** Goods that an ERP orders from a supplier. */
  purchase?(article: string, quantity: number): Promise<void>;
  /** What a buyer could take of an article. */
  offers(article: string): Promise<number>;
  /** Everything, for the auditor. */
  read(): Promise<ShopBook>;
}

export interface ShopSetup {
  code: string;
  /** A Postgres server on which databases may be made. */
  postgres: string;
  articles: readonly string[];
  plugin: {
    channelUrl: string;
    /** In a shop that asks before it takes the money. */
    claims?: { token: string; payWithinS: number };
    webhooks: { secret: string };
  };
}

/** Whether the shop did it. A fault that is no refusal of the shop is thrown on by `refusalOf`. */
export async function done(work: Promise<unknown>, refusalOf: (error: unknown) => string): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    refusalOf(error);
    return false;
  }
}

let buyers = 0;

/** Each of them somebody else: a shop takes two carts of one new address for one customer, and refuses one of them. */
export function nextBuyer(): Buyer {
  const which = ++buyers;
  return { email: `ada-${which}@buyer.example`, street: `Hafenstrasse ${which}` };
}

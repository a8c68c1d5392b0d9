import type { PurchaseOrder, Return } from '@samlast/contracts';
import type { FeedPosition, OrderRef } from '../shop.ts';

/** What a system announces to come in to the warehouse. */
export type InboundKind = 'purchase-order' | 'return';

/**
 * How purchase orders, or returns, are read from a system, and what became of them is told to it. As with orders, an
 * adapter translates and calls, every call may throw, and a `ShopRefused` says that no retry can help.
 */
export interface InboundAccess<Announcement extends ShopAnnouncement = ShopAnnouncement> {
  /** Those that are new or changed since a position, oldest change first, page by page, as `Shop.changedOrders`. */
  changed(since: FeedPosition): AsyncIterable<InboundPage<Announcement>>;

  /**
   * Tells what became of one. Called again with the same `key` when an answer was lost; it must then happen once.
   */
  tell(ref: OrderRef, news: InboundNews): Promise<void>;
}

export interface InboundPage<Announcement extends ShopAnnouncement = ShopAnnouncement> {
  readonly entries: readonly (Announcement | UnreadableAnnouncement)[];
  readonly readTo: FeedPosition;
}

export interface ShopAnnouncement {
  /** The system's own, unchangeable id. */
  readonly id: string;
  /** What its staff call it, such as PO-900. */
  readonly number: string;
  readonly placedAt: string;
  readonly changedAt: string;
  readonly state: 'placed' | 'cancelled';
  readonly cancelReason?: string | undefined;
}

/** Goods ordered from a supplier. */
export interface ShopPurchase
  extends ShopAnnouncement, Pick<PurchaseOrder, 'type' | 'supplier' | 'expectedOn' | 'note'> {
  /** `id` is unique in the purchase order and stable, at most 50 characters: it is the row in the WMS. */
  readonly lines: readonly (Omit<PurchaseOrder['lines'][number], 'row'> & { readonly id: string })[];
}

/** Goods of an order that its buyer will send back. `cancelled` when they will not come after all. */
export interface ShopReturn extends ShopAnnouncement {
  /** The order's number, as buyers and staff call it. */
  readonly order: string;
  /** `id` is the row of the return, `orderLine` the id of the order's line. */
  readonly lines: readonly (Pick<Return['lines'][number], 'article' | 'quantity' | 'cause'> & {
    readonly id: string;
    readonly orderLine: string;
  })[];
}

/** One that the adapter could not translate: listed with its reason until it changes. */
export interface UnreadableAnnouncement {
  readonly id: string;
  readonly number?: string | undefined;
  readonly changedAt: string;
  /** In words for its keeper: what is missing or wrong, and what to do. */
  readonly unreadable: string;
}

/** What became of an announcement; `key` is the same however often it is told. Line ids are the system's own. */
export type InboundNews = { readonly key: string } & (
  | {
      readonly kind: 'receipt';
      readonly receipt: string;
      readonly lines: readonly {
        id: string;
        article: string;
        quantity: string;
        batch?: string;
        serials?: string[];
        expiresOn?: string;
      }[];
      readonly receivedAt: string;
    }
  | {
      readonly kind: 'closed';
      readonly deviation: boolean;
      readonly lines: readonly { id: string; article: string; ordered: string; received: string }[];
      readonly closedAt: string;
    }
  | { readonly kind: 'note'; readonly text: string }
);

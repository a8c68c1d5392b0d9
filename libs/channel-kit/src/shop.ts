import type { Article, Consignee } from '@samlast/contracts';
import type { InboundAccess, ShopPurchase, ShopReturn } from './announce-inbound/inbound.ts';
import type { Safety } from './safety.ts';
import type { ShelfAccess } from './shop-shelf.ts';
import type { OrderHint, ShopWebhook } from './shop-webhook.ts';

/**
 * What an adapter tells the kit about its shop system, and does there for it. An adapter translates and calls; it
 * keeps no state, decides nothing about stock and knows no other part of Samlast.
 *
 * Every call may throw. A `ShopRefused` says that no retry can help, everything else is tried again with a growing
 * pause (at least `retryAfterMs` of a `ShopUnavailable`). Quantities are decimal strings: "2", "0.5".
 */
export interface Shop {
  readonly features: ShopFeatures;

  /**
   * Orders that are new or changed since a position, oldest change first, page by page; a page may be empty. Each page
   * says how far the feed has been read with it. Pages must not skip an order when others change meanwhile: ask for
   * what follows the last (time, id) read, never for page numbers. An order may come several times.
   * The feed must hold changes of state (cancelled, fulfilled) as well as new orders. Where the system has two feeds
   * for that, as Vendure has, read both and give the lower of both positions.
   */
  changedOrders(since: FeedPosition): AsyncIterable<OrderPage>;

  /** One order as it is now; undefined when the shop has none with this id. `hint` is the webhook's, if one came. */
  order(id: string, hint?: OrderHint): Promise<ReadOrder | undefined>;

  /** How the shop's stock is read and written; absent where the system shows none. */
  readonly shelf?: ShelfAccess;

  /**
   * Tells the shop of one parcel. It is called again with the same parcel when an answer was lost or the process
   * ended in between, and must then not make a second fulfilment: use the shop's idempotency key, or look for the
   * parcel among the order's fulfilments first (write `shipment.parcel` where it can be found again).
   */
  fulfil?(order: OrderRef, shipment: Shipment): Promise<void>;

  /** Cancels an order that Samlast cannot deliver. An order that is cancelled already is a success. */
  cancel?(order: OrderRef, reason: string): Promise<void>;

  /**
   * Writes a remark at the order for the shop's staff. Called again with the same key it should not write it twice. It
   * must not show as a change of the order's own members. `change` is there where the remark says what became of one.
   */
  note?(order: OrderRef, note: OrderNote): Promise<void>;

  /**
   * Everything that the shop sells, page by page. What two complete lists in a row lack is taken for deleted, and for
   * renamed where its id is there under another number; so an unfinished list must throw. Read
   * at start, then every ARTICLES_POLL_MS and on a webhook.
   */
  articles?(): AsyncIterable<ShopArticle[]>;

  /** Purchase orders of an ERP; absent where the system makes none. */
  readonly purchases?: InboundAccess<ShopPurchase>;

  /** Returns that the shop announces; absent where it announces none. */
  readonly returns?: InboundAccess<ShopReturn>;

  /**
   * Tells the shop of goods that came back, announced or not, once per `goods.receipt`. Where a kind of shop cannot
   * take it, its staff reads it as a note. The shop must not raise its own number for it: the next level does.
   */
  returned?(order: OrderRef, goods: ReturnedGoods): Promise<void>;

  /** How a webhook proves where it comes from, and what it speaks of; absent where the system sends none. */
  readonly webhook?: ShopWebhook;

  /** Ends what the adapter holds open. */
  close?(): Promise<void>;
}

export interface ShopFeatures {
  /**
   * How long after a change the feed may still not show it, in milliseconds. The kit reads the feed again from that
   * far back, and takes nothing as read that is younger. Meanwhile an order must stay in the feed as it was: one that
   * vanishes from it while its change is hidden would be taken for never sold. Declared by the adapter, tested by
   * `channelContract`.
   */
  readonly feedLagMs: number;
  /** The shop adds an order's pieces to its own number when it is cancelled there. */
  readonly restocksCancelled: boolean;
  /** Fulfilments, cancels and notes that may be under way at the same time; 4 when left out. */
  readonly callsAtOnce?: number;
  /** Best effort when left out. `channelContract` refuses what it has not seen, README.md and health say it. */
  readonly safety?: readonly Safety[];
}

/** A place in the feed of changed orders: everything before it has been read. */
export interface FeedPosition {
  /** The shop's own time of change of the last order read, ISO 8601. */
  readonly changedAt: string;
  /** That order's id; empty for all orders of that time on. */
  readonly id: string;
}

export interface OrderPage {
  readonly orders: readonly ReadOrder[];
  /** Where to go on after this page. Never later than an order that the page left out. */
  readonly readTo: FeedPosition;
}

/** An order that could be read, or why not. One that cannot be read never stops the others. */
export type ReadOrder = ShopOrder | UnreadableOrder;

export interface ShopOrder {
  /** The shop's own, unchangeable id: what makes an import happen once. */
  readonly id: string;
  /** What buyer and staff call the order, such as 5178. */
  readonly number: string;
  readonly placedAt: string;
  readonly changedAt: string;
  /**
   * `not-yet` does not count until it is read again with another state: a checkout that is not done, or that failed
   * and left something behind (shops.md, findings 5 and 6). `held` is an order whose pieces the shop has taken off its
   * number, and that must not be sent yet: they stay off the shelf. Both only matter until the order is imported.
   */
  readonly state: 'placed' | 'held' | 'cancelled' | 'not-yet';
  readonly cancelReason?: string;
  readonly consignee: Consignee;
  readonly lines: readonly ShopOrderLine[];
  readonly currency?: string;
  readonly shippingMethod?: { code: string; name?: string };
  readonly deliveryDate?: string;
  readonly note?: string;
  readonly claimKey?: string;
}

export interface ShopOrderLine {
  /** Unique in the order and stable, at most 50 characters: it is the row in the WMS. */
  readonly id: string;
  readonly article: string;
  /** Where its pieces lie, for a shop that knows; absent for the goods owner's only warehouse. */
  readonly warehouse?: string;
  /** What the buyer is to get now; after an edit in the shop the new quantity. */
  readonly quantity: string;
  /** false for freight and fees, which nobody picks. true when left out. */
  readonly picked?: boolean;
  /** Pieces of this line that the shop holds as fulfilled, however that came. */
  readonly fulfilled?: string;
  readonly name?: string;
  readonly unitPrice?: string;
  readonly comment?: string;
}

/** An order that the adapter could not translate: listed with its reason until it changes or somebody retries it. */
export interface UnreadableOrder {
  readonly id: string;
  readonly number?: string;
  readonly placedAt?: string;
  readonly changedAt: string;
  /** In words for a shop keeper: what is missing or wrong, and what to do. No names or addresses. */
  readonly unreadable: string;
  /** The claim that its buyer took, where even that can be read: it is kept as long as the order is there. */
  readonly claimKey?: string;
}

export interface OrderRef {
  /** The shop's own id. */
  readonly id: string;
  /** The shop's own number. */
  readonly shopNumber: string;
  /** The number in the WMS. */
  readonly number: string;
}

export interface OrderNote {
  readonly key: string;
  readonly text: string;
  readonly change?: {
    /** The order's time of change as it was read with that change; earlier changes are answered with it. */
    readonly changedAt: string;
    readonly outcome: ChangeOutcome;
  };
}

/**
 * What became of an order's change. `done`: the warehouse has it. `waits`: for pieces, in the order's turn. `short`:
 * not carried out, since what it wants more is not there. `too-late`: not carried out. `in-part`: carried out as far as
 * the remark says. `refused`: the warehouse will not take it.
 */
export type ChangeOutcome = 'done' | 'waits' | 'short' | 'too-late' | 'in-part' | 'refused';

export interface Shipment {
  /** Stable id of the parcel within the order; the idempotency key of its fulfilment is the order's id with it. */
  readonly parcel: string;
  /** Never none: a parcel of unknown content is told as a note. `id` is the shop's own line id. */
  readonly lines: readonly {
    id: string;
    article: string;
    quantity: string;
    /** Where the warehouse knows them. */
    serials?: string[];
    batches?: { batch: string; quantity: string }[];
  }[];
  readonly carrier?: string;
  readonly trackingNumber?: string;
  readonly trackingUrl?: string;
  readonly shippedAt: string;
}

export interface ReturnedGoods {
  /** Stable id within the order. */
  readonly receipt: string;
  /** Number in the WMS of the announced return; absent for goods that were found at the dock. */
  readonly return?: string;
  /** `id` is the shop's own line id; `restocked` where they can be sold again. */
  readonly lines: readonly {
    id: string;
    article: string;
    quantity: string;
    restocked: boolean;
    cause?: { code: string; name?: string };
  }[];
  readonly returnedAt: string;
}

/**
 * What a shop says of an article it sells: its master data as far as it has any, and its own id for it. Where it does
 * not fit, the kit lists it for the shop's people; the others go on.
 */
export interface ShopArticle {
  readonly id: string;
  readonly article: Article;
  /** false when the shop has taken it off sale; true when left out. */
  readonly listed?: boolean;
}

/** Thrown by an adapter's translation of an order; `readOrder` makes an `UnreadableOrder` of it. */
export class CannotRead extends Error {
  override readonly name = 'CannotRead';
}

/** Translates one order of a page, so that one that cannot be translated does not stop the others. */
export function readOrder(known: Omit<UnreadableOrder, 'unreadable'>, translate: () => ShopOrder): ReadOrder {
  try {
    return translate();
  } catch (error) {
    if (error instanceof CannotRead) return { ...known, unreadable: error.message };
    // The message of any other error could quote the order, and with it a name or an address.
    const kind = error instanceof Error ? error.name : 'an error';
    return {
      ...known,
      unreadable: `It has a shape that this channel does not know (${kind}). Report it with the order's id.`,
    };
  }
}

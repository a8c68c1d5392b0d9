export interface FarSale {
  readonly id: string;
  readonly number: string;
}

/** A shop as a channel's suite plays it: what buyers and staff do there, past the channel. */
export interface FarSide {
  /** The channel's own variables for reaching this shop. */
  readonly env: Record<string, string>;
  /** An article that is new in the shop, with so many pieces on offer; its number. */
  newArticle(offered: number): Promise<string>;
  /** What the shop offers to buyers now. Absent where the system sells without asking what there is, as an ERP does. */
  offered?(article: string): Promise<number>;
  /** Undefined when the shop refuses the sale. */
  buy(article: string, quantity: number): Promise<FarSale | undefined>;
  /** One order of several articles, which are all there. Absent where the suite's stand-in sells one at a time. */
  buyLines?(lines: readonly { article: string; quantity: number }[]): Promise<FarSale>;
  /**
   * A buyer who has done all but the last step, so that several can take it at once; undefined in the end when the shop
   * refuses the sale, in whichever step. Absent where a sale is one step: then `buy` is called.
   */
  atTheTill?(article: string, quantity: number): Promise<() => Promise<FarSale | undefined>>;
  /**
   * A shop of this kind that claims its buyers' pieces at this channel service before it sells them, and refuses them
   * where nobody can say; the same one that claims from now on, or another. Absent where the kind cannot do that.
   */
  claiming?(channel: { url: string; token: string }): Promise<FarSide>;
  /** Staff cancels the order; the shop puts the pieces back or does not, as it always does. */
  cancel(id: string): Promise<void>;
  /** Staff changes something of the order that concerns nobody else, so that the feed shows it again. */
  touch(id: string): Promise<void>;
  /**
   * Staff changes how many pieces of its one article the order has; the shop puts back or takes off its number what
   * that changes. Absent where the system shows no changes; such a channel leaves the part `changes` of the suite out.
   */
  change?(id: string, quantity: number): Promise<void>;
  order(id: string): Promise<FarOrder>;
  /** More orders than the adapter reads in one page; the suite places so many. */
  readonly moreThanOnePage: number;
  /** Makes what looks like an order and does not count, as a checkout that failed leaves it; its id. */
  phantom(): Promise<string>;
  /** Makes an order that cannot be translated or numbered; its id. */
  unreadable(): Promise<string>;
  /**
   * What the shop sends to tell of an order. Absent where the system sends no webhooks; such a channel leaves the part
   * `webhooks` of the suite out, so that none of its tests passes without having asked anything.
   */
  webhookAbout?(order: string, message: FarMessage): FarWebhook;
  /** What staff does with purchase orders; absent where the system makes none. */
  readonly purchases?: FarPurchases;
  /** The system takes no remark at an order that is cancelled there; its people look at Samlast's own list then. */
  readonly isSilentOnceCancelled?: boolean;
  /** Returns that staff announces; absent where the system announces none. */
  readonly returns?: FarReturns | undefined;
  /**
   * Staff books by hand, past the warehouse, that all pieces of the order have come back and can be sold again. Absent
   * where the system takes no such booking, or offers nothing.
   */
  restockByHand?(id: string): Promise<void>;
  /** How long what is asked of this system may take on a busy machine, in milliseconds; 30,000 when left out. */
  readonly patienceMs?: number;
  stop(): Promise<void>;
}

/** Purchase orders of one article each, as the staff of an ERP makes and sees them. */
export interface FarPurchases {
  place(article: string, quantity: number): Promise<{ id: string; number: string }>;
  /** Changes how many pieces are ordered. */
  change(id: string, quantity: number): Promise<void>;
  cancel(id: string): Promise<void>;
  /** Changes something that concerns nobody else, so that the feed shows it again. */
  touch(id: string): Promise<void>;
  /** One entry for each receipt that is booked, with its pieces. */
  receipts(id: string): Promise<number[]>;
  /** Remarks that the channel left. */
  notes(id: string): Promise<number>;
}

/** Returns of a shipped order's one article, as staff approves them. */
export interface FarReturns {
  announce(order: string, quantity: number): Promise<{ id: string; number: string }>;
  /** The goods will not come after all. */
  withdraw(id: string): Promise<void>;
}

export interface FarFulfilment {
  readonly trackingNumber?: string;
  readonly quantity: number;
  /** Left out, and not undefined, where the system has no place for it. */
  readonly carrier?: string;
  readonly trackingUrl?: string;
}

export interface FarOrder {
  readonly cancelled: boolean;
  /** One entry per fulfilment that stands. */
  readonly fulfilments: readonly FarFulfilment[];
  /** Remarks that the channel left at the order. */
  readonly notes: number;
  /** Receipts of goods that came back, where they are more than a remark. */
  readonly returned?: number;
}

export interface FarMessage {
  /** The sender's id of the message; the same when it tries again. */
  readonly id: string;
  /** When this try is made, and signed. */
  readonly at: Date;
  readonly what: 'placed' | 'changed';
}

/** A delivery to `POST /webhooks/<name>`. */
export interface FarWebhook {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A shop as a channel's suite plays it: what buyers and staff do there, past the channel. */
export interface FarSide {
  /** The channel's own variables for reaching this shop. */
  readonly env: Record<string, string>;
  /** An article that is new in the shop, with so many pieces on offer; its number. */
  newArticle(offered: number): Promise<string>;
  /** What the shop offers to buyers now. */
  offered(article: string): Promise<number>;
  /** Undefined when the shop refuses the sale. */
  buy(article: string, quantity: number): Promise<{ id: string; number: string } | undefined>;
  /** Staff cancels the order; the shop puts the pieces back or does not, as it always does. */
  cancel(id: string): Promise<void>;
  /** Staff changes something of the order that concerns nobody else, so that the feed shows it again. */
  touch(id: string): Promise<void>;
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
  stop(): Promise<void>;
}

export interface FarOrder {
  readonly cancelled: boolean;
  /** One entry per fulfilment that stands. */
  readonly fulfilments: readonly { readonly trackingNumber?: string; readonly quantity: number }[];
  /** Remarks that the channel left at the order. */
  readonly notes: number;
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

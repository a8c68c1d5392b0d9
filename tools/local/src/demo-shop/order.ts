// What a demo shop keeps of an order.

export interface DemoLine {
  readonly id: string;
  readonly article: string;
  quantity: number;
  fulfilled: number;
  /** What the buyer wrote about this line. */
  readonly comment?: string;
}

export interface DemoFulfilment {
  readonly id: string;
  readonly key: string;
  readonly carrier?: string;
  readonly trackingNumber?: string;
  readonly trackingUrl?: string;
  readonly lines: readonly DemoSent[];
  readonly at: string;
}

/** Pieces of a line in a parcel, with what they may be told apart by. */
export interface DemoSent {
  readonly id: string;
  readonly quantity: number;
  readonly serials?: readonly string[];
  readonly batches?: readonly { batch: string; quantity: string }[];
}

export interface DemoBuyer {
  readonly name: string;
  readonly company?: string;
  readonly address1?: string;
  readonly address2?: string;
  readonly address3?: string;
  readonly postCode?: string;
  readonly city?: string;
  readonly countryCode?: string;
  readonly stateCode?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly customerNumber?: string;
  readonly remark?: string;
}

export interface DemoOrder {
  readonly id: string;
  readonly number: string;
  readonly placedAt: string;
  changedAt: string;
  state: 'placed' | 'cancelled';
  cancelReason?: string;
  readonly currency: string;
  buyer: DemoBuyer;
  shippingMethod?: { code: string; name?: string };
  deliveryDate?: string;
  /** Under which claim its pieces were promised before it was placed. */
  readonly claimKey?: string;
  /** What the buyer wrote about the order. */
  note?: string;
  readonly lines: DemoLine[];
  readonly fulfilments: DemoFulfilment[];
  readonly notes: DemoNote[];
  /** What came back, each receipt once. */
  returned?: DemoReturned[];
}

export interface DemoNote {
  readonly key: string;
  readonly text: string;
  readonly at: string;
  /** Where it says what became of a change. */
  readonly change?: { readonly changedAt: string; readonly outcome: string };
}

/** What staff changes of an order; what is left out stays. */
export interface DemoChange {
  /** Of a line that is there its quantity, 0 to take it off; or one more line. */
  readonly lines?: readonly ({ id: string; quantity: number } | { article: string; quantity: number })[];
  readonly buyer?: Partial<DemoBuyer>;
  readonly note?: string;
  readonly shippingMethod?: { code: string; name?: string };
  readonly deliveryDate?: string;
}

export interface DemoReturned {
  readonly key: string;
  readonly return?: string | undefined;
  readonly lines: readonly { id: string; quantity: string; restocked: boolean; cause?: { code: string } }[];
}

export interface DemoWish {
  readonly lines: readonly { article: string; quantity: number; comment?: string }[];
  readonly note?: string;
  readonly buyer?: DemoBuyer;
  /** Only for tests: an order that is older than the shop's clock says. */
  readonly placedAt?: string;
  /** What it was claimed under. Of promised pieces the shop's own number is lowered, and not asked. */
  readonly claim?: { readonly key: string; readonly promised: boolean };
}

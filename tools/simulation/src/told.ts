import type { Channel } from './channel.ts';
import type { ShopOrder } from './shop.ts';
import type { Pieces } from './warehouse.ts';

/** What became of one order, by what everybody was told. */
export interface Told {
  readonly number: string;
  readonly channel: Channel;
  readonly pieces: Pieces;
  readonly order: ShopOrder;
  /** Its buyer was promised the pieces before the sale: by a confirmed claim, or by a lease that covered it. */
  readonly promised: boolean;
  /** Of these what its buyer never gave up, whatever staff changed. */
  readonly kept: Map<string, number>;
  /** As the how manieth the authority has read it. */
  placed?: number;
  /** What was reserved last, by which revision, and what may be delivered of it all. */
  reserved?: Pieces;
  revision: number;
  taken: Pieces;
  /** The warehouse would not take a change of it. */
  changeRefused: boolean;
  short: boolean;
  rejected: boolean;
  /** The authority has said that it is none any more. */
  over: boolean;
  /** Its pieces are nobody's any more. */
  ended: boolean;
  buyerCancelled: boolean;
  cancelRefused: boolean;
  /** Put back by the shop itself, and the authority has not heard of it. */
  readonly putBack: Map<string, number>;
  releasedByHand: boolean;
}

export function newTold(channel: Channel, order: ShopOrder, promised: boolean): Told {
  return {
    number: `${order.number}-${channel.code}`,
    channel,
    pieces: new Map(order.pieces),
    kept: new Map(order.pieces),
    order,
    promised,
    revision: 0,
    taken: new Map(),
    changeRefused: false,
    short: false,
    rejected: false,
    over: false,
    ended: false,
    buyerCancelled: false,
    putBack: new Map(),
    cancelRefused: false,
    releasedByHand: false,
  };
}

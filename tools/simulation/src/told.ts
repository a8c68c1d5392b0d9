import type { Channel } from './channel.ts';
import type { ShopOrder } from './shop.ts';
import type { Pieces } from './pieces.ts';

/** What became of one order, by what everybody was told. */
export interface Told {
  readonly number: string;
  readonly channel: Channel;
  readonly pieces: Pieces;
  readonly order: ShopOrder;
  /** Its buyer was promised the pieces before the sale: by a confirmed claim, or by a lease that covered it. */
  promised: boolean;
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
  readonly soldAt: number;
  /** What staff has taken off it and the shop has put back by itself, until the authority hears of that. */
  lowered: Lowered[];
}

export interface Lowered {
  readonly article: string;
  readonly count: number;
  readonly changedAt: number;
  /** That tells it, once it is sent on. */
  revision?: number;
}

/** Takes out what the authority has heard of with this revision. */
export function heardOf(told: Told, upTo: number): Lowered[] {
  const heard = told.lowered.filter(({ revision = Infinity }) => upTo >= revision);
  if (heard.length > 0) told.lowered = told.lowered.filter((one) => !heard.includes(one));
  return heard;
}

export function newTold(channel: Channel, order: ShopOrder, promised: boolean, soldAt: number): Told {
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
    soldAt,
    lowered: [],
  };
}

import type { Chance } from '../testing/chance.ts';
import type { Market } from './market.ts';

export interface Sold {
  code: string;
  orderId: string;
  /** In the warehouse. */
  number: string;
  /**
   * Who had to do with it first. What staff cancels the floor leaves alone, and the other way round, but for those
   * orders that staff cancels too late on purpose.
   */
  touchedBy?: 'staff' | 'floor';
  /** Picked, and not handed over yet. */
  isPicked?: boolean;
  /** All of it is handed over. */
  isGone?: boolean;
  /** Goods of it come back: announced by the shop's staff, or as the floor finds them. */
  comesBack?: boolean;
}

/** What everybody in the play knows of it. The auditor never asks. */
export class Day {
  readonly sold: Sold[] = [];
  readonly counts = {
    refused: 0,
    unanswered: 0,
    cancelled: 0,
    cancelledTooLate: 0,
    cancelledInWarehouse: 0,
    shipped: 0,
    shippedInParts: 0,
    returned: 0,
    announced: 0,
    receivedAsAnnounced: 0,
    corrections: 0,
    counterSales: 0,
    purchases: 0,
    receipts: 0,
  };

  constructor(
    readonly market: Market,
    readonly articles: readonly string[],
  ) {}

  soldBy(code: string): Sold[] {
    return this.sold.filter((one) => one.code === code);
  }

  /** Mostly one piece of one article. */
  draw(chance: Chance): { article: string; quantity: number }[] {
    const count = chance.next() < 0.7 ? 1 : 2;
    const from = chance.below(this.articles.length);
    return Array.from({ length: count }, (_, index) => ({
      article: this.articles[(from + index) % this.articles.length] ?? '',
      quantity: chance.next() < 0.75 ? 1 : 2,
    }));
  }
}

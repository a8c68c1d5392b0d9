import { eventually } from '@samlast/test-stack';
import type { Market } from './market.ts';
import { type Checkout, nextBuyer, type RealShop, type Sale } from './shop.ts';

const CANCELLED = 1000;
const TRY_AGAIN = /Please try again/;
const PRESSES_MOST = 10;

interface Waiting {
  shop: RealShop;
  checkout?: Checkout;
}

/** Many buyers for one article. Who is refused keeps the cart and comes again in the next round. */
export class Crowd {
  refused = 0;
  private readonly waiting: Waiting[];

  constructor(
    private readonly market: Market,
    private readonly article: string,
    buyers: Readonly<Record<string, number>>,
  ) {
    this.waiting = Object.entries(buyers).flatMap(([code, count]) =>
      Array.from({ length: count }, () => ({ shop: market.shop(code) })),
    );
  }

  /** Everybody who has no cart fills one, in as far as their shop lets them. */
  async fillCarts(): Promise<void> {
    await Promise.all(
      this.market.shops.map(async (shop) => {
        // One after another: a shop's own work is the same, and nobody hurries yet.
        for (const one of this.waiting) {
          if (one.shop !== shop || one.checkout) continue;
          const filled = await shop.fillCart([{ article: this.article, quantity: 1 }], nextBuyer());
          if ('press' in filled) one.checkout = filled;
        }
      }),
    );
  }

  /**
   * All press at once, but for those of one shop, who come when the first of the others has been answered. Who is told
   * to try again does so.
   *
   * @returns the codes of the shops that sold
   */
  async rush(late?: string): Promise<{ sold: string[]; pressedAgain: number }> {
    let pressedAgain = 0;
    const press = async (checkout: Checkout): Promise<Sale> => {
      for (let presses = 1; ; presses++) {
        const sale = await checkout.press();
        if (sale.placed || presses >= PRESSES_MOST || !TRY_AGAIN.test(sale.reason)) return sale;
        pressedAgain += 1;
      }
    };
    const take = async (one: Waiting): Promise<string[]> => {
      if (!one.checkout) return [];
      const sale = await press(one.checkout);
      if (sale.placed) delete one.checkout;
      else this.refused += 1;
      return sale.placed ? [one.shop.code] : [];
    };
    const early = this.waiting.filter(({ shop }) => shop.code !== late).map(take);
    await Promise.race(early);
    const others = this.waiting.filter(({ shop }) => shop.code === late).map(take);
    return { sold: (await Promise.all([...early, ...others])).flat(), pressedAgain };
  }

  /** Every shop offers so many. */
  async offered(pieces: number, withinMs = 60_000): Promise<void> {
    await eventually(
      async () => {
        const all = await this.each();
        if (all.some((one) => one !== pieces)) throw new Error(`they offer ${all.join(', ')}`);
        return true;
      },
      { withinMs, everyMs: 100, message: `every shop offers ${pieces}` },
    );
  }

  /** What all shops offer together. */
  async offers(): Promise<number> {
    return (await this.each()).reduce((sum, one) => sum + one, 0);
  }

  /** The warehouse has so many pieces of it in orders that live. */
  async inWarehouse(pieces: number, withinMs = 60_000): Promise<void> {
    await eventually(
      async () => {
        const orders = await this.market.control.orders();
        const there = orders
          .filter(({ status }) => status < CANCELLED)
          .flatMap(({ lines }) => lines)
          .reduce((sum, { ordered }) => sum + Number(ordered), 0);
        if (there !== pieces) throw new Error(`it has ${there}`);
        return true;
      },
      { withinMs, message: `the warehouse has ${pieces} pieces in orders` },
    );
  }

  /** What each shop offers. */
  each(): Promise<number[]> {
    return Promise.all(this.market.shops.map(async (shop) => Math.max(0, await shop.offers(this.article))));
  }
}

import type { Chance } from '../testing/chance.ts';
import type { Day, Sold } from './day.ts';
import { nextBuyer, type RealShop, type Sale } from './shop.ts';

/** Whoever reads this tries again, as the sentence asks for. */
const TRY_AGAIN = /nobody can say/;
const PRESSES_MOST = 12;
/** A shop that refuses so many times as often as it is to sell is out of order. */
const ATTEMPTS_PER_SALE = 5;

export interface Queue {
  shop: RealShop;
  orders: number;
  /** So many buyers at a time. */
  lanes: number;
}

/** Buyers come until the shop has sold so often; after some of the sales staff cancels an order. */
export async function sell(day: Day, { shop, orders, lanes }: Queue, chance: Chance): Promise<void> {
  let left = orders;
  let attempts = orders * ATTEMPTS_PER_SALE + 20;
  const lane = async (luck: Chance) => {
    while (left > 0) {
      left -= 1;
      if (--attempts < 0) throw new Error(`${shop.code} has refused nearly everybody`);
      const sold = await buy(day, shop, luck);
      if (sold) {
        await maybeCancel(day, shop, luck);
        await maybeOrder(day, shop, luck);
        await maybeAnnounce(day, shop, luck);
      } else left += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, () => lane(chance.part())));
}

async function buy(day: Day, shop: RealShop, chance: Chance): Promise<Sold | undefined> {
  const wanted = day.draw(chance);
  let sale: Sale;
  try {
    const checkout = await shop.fillCart(wanted, nextBuyer());
    if ('refused' in checkout) {
      day.counts.refused += 1;
      return undefined;
    }
    sale = await checkout.press();
    for (let presses = 1; !sale.placed && TRY_AGAIN.test(sale.reason) && presses < PRESSES_MOST; presses++)
      sale = await checkout.press();
  } catch {
    // Whether it is an order only the shop knows; the auditor will find it there.
    day.counts.unanswered += 1;
    return undefined;
  }
  if (!sale.placed) {
    day.counts.refused += 1;
    return undefined;
  }
  const sold = { code: shop.code, orderId: sale.orderId, number: `${sale.number}-${shop.code}` };
  day.sold.push(sold);
  return sold;
}

/** Staff cancels an order that nobody has touched, or one that the warehouse has packed already. */
async function maybeCancel(day: Day, shop: RealShop, chance: Chance): Promise<void> {
  const draw = chance.next();
  const mine = day.soldBy(shop.code);
  if (draw < 0.12) {
    const open = mine.filter(({ touchedBy }) => touchedBy === undefined);
    if (open.length === 0) return;
    const chosen = chance.of(open);
    chosen.touchedBy = 'staff';
    if (await shop.cancel(chosen.orderId)) day.counts.cancelled += 1;
  } else if (draw < 0.22) {
    const picked = mine.find(({ isPicked }) => isPicked === true);
    if (!picked) return;
    picked.isPicked = false;
    if (await shop.cancel(picked.orderId)) day.counts.cancelledTooLate += 1;
  }
}

/** A buyer tells the shop that a piece will come back. */
async function maybeAnnounce(day: Day, shop: RealShop, chance: Chance): Promise<void> {
  if (!shop.announceReturn || chance.next() > 0.4) return;
  const order = day.soldBy(shop.code).find(({ isGone, comesBack }) => isGone && !comesBack);
  if (!order) return;
  order.comesBack = true;
  order.comesBack = await shop.announceReturn(order.orderId, 1);
  if (order.comesBack) day.counts.announced += 1;
}

/** An ERP orders goods for one in three of its sales. */
async function maybeOrder(day: Day, shop: RealShop, chance: Chance): Promise<void> {
  if (!shop.purchase || chance.next() > 0.35) return;
  await shop.purchase(chance.of(day.articles), 2 + chance.below(4));
  day.counts.purchases += 1;
}

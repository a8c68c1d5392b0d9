import type { Chance } from '../testing/chance.ts';
import { sell } from './buyers.ts';
import type { Day } from './day.ts';
import { Floor } from './floor.ts';
import { Killer } from './killer.ts';
import { Trouble } from './trouble.ts';

export interface Play {
  /** Placed in all shops together. */
  orders: number;
  /** The warehouse's faults are on, and answers of shops and channels get lost. */
  troubled?: boolean;
}

export interface Played {
  seconds: number;
  killed: string[];
  /** Answers that were lost between shops and channels. */
  dropped: number;
}

/**
 * Of a hundred orders. An order costs Medusa 0.7 s of a processor from the cart on and Vendure 0.15, so most are placed
 * in the latter; Tryton, the ERP, is told of what its customers want by its staff.
 */
const SHARES: Readonly<Record<string, { of100: number; lanes: number }>> = {
  MA: { of100: 15, lanes: 1 },
  MB: { of100: 15, lanes: 1 },
  VE: { of100: 50, lanes: 2 },
  ERP: { of100: 20, lanes: 1 },
};

/** Buyers, staff, the floor and a power that fails: all at a time, each by a luck of its own. */
export async function play(day: Day, { orders, troubled = false }: Play, chance: Chance): Promise<Played> {
  const beganAt = performance.now();
  const { market } = day;
  const floor = new Floor(day, chance.part());
  const killer = new Killer(market.supervisor, market.system.names, chance.part());
  const trouble = new Trouble(market, chance.part());
  const around = [floor.work(), killer.work(), ...(troubled ? [trouble.work()] : [])];
  const shopping = Promise.all(
    market.shops.map((shop) => {
      const { of100, lanes } = SHARES[shop.code] ?? { of100: 0, lanes: 1 };
      return sell(day, { shop, orders: Math.ceil((orders * of100) / 100), lanes }, chance.part());
    }),
  );
  // Whoever fails first ends all of it.
  await Promise.race([shopping, Promise.all(around)]).catch(() => undefined);
  killer.end();
  floor.end();
  trouble.end();
  await Promise.all([shopping, ...around]);
  const seconds = Math.round((performance.now() - beganAt) / 1_000);
  return { seconds, killed: killer.killed, dropped: trouble.dropped };
}

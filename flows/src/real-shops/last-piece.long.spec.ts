import { afterAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { Chance } from '../testing/chance.ts';
import { realShops } from '../testing/config.ts';
import { Market } from './market.ts';
import { Crowd } from './crowd.ts';

const ARTICLE = 'LAST';
const MINUTE = 60_000;
/** Twenty over three shops. */
const buyers = { MA: 7, MB: 7, VE: 6 };
const { rounds } = realShops;
const chance = new Chance();

let market: Market | undefined;

/** Vendure asks long before Medusa does: its buyers would have every piece if all pressed at one time in each round. */
const late = () => chance.of([undefined, 'VE', 'VE']);

async function open(mode: 'claim' | 'lease', pieces: number): Promise<Market> {
  const modes = { MA: mode, MB: mode, VE: mode };
  market = await Market.open({ modes, pieces: { [ARTICLE]: pieces } });
  await market.agrees({ withinMs: 2 * MINUTE });
  return market;
}

async function close(): Promise<void> {
  await market?.close();
  market = undefined;
}

/** Pieces of orders that are not cancelled, in the shops and in the warehouse. */
async function soldOf(where: Market): Promise<{ inShops: number; inWarehouse: number }> {
  const { shops, warehouse } = await where.agrees({ withinMs: 3 * MINUTE });
  const pieces = (orders: { cancelled: boolean; lines: { quantity: number }[] }[]) =>
    orders
      .filter(({ cancelled }) => !cancelled)
      .flatMap(({ lines }) => lines)
      .reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    inShops: pieces(shops.flatMap(({ orders }) => orders)),
    inWarehouse: pieces(warehouse.orders),
  };
}

afterAll(close, MINUTE);

describe('twenty buyers on the last piece, over two Medusa shops and a Vendure shop', () => {
  it(
    `that claim: one order in each of ${rounds} rounds`,
    async () => {
      const where = await open('claim', 1);
      const crowd = new Crowd(where, ARTICLE, buyers);
      const winners: string[] = [];
      const again: number[] = [];
      for (let round = 1; round <= rounds; round++) {
        if (round > 1) await where.control.receive({ article: ARTICLE, quantity: 1 });
        await crowd.offered(1);
        await crowd.fillCarts();
        const { sold, pressedAgain } = await crowd.rush(late());
        expect(`round ${round}: ${sold.length} (${sold.join()})`).toMatch(/: 1 /);
        winners.push(...sold);
        again.push(pressedAgain);
        await crowd.inWarehouse(round);
      }
      expect(winners).toHaveLength(rounds);
      expect(await soldOf(where)).toEqual({ inShops: rounds, inWarehouse: rounds });
      const asked = again.reduce((sum, one) => sum + one, 0);
      console.error(`claims: ${tally(winners)}; asked to try again: ${asked}; refused: ${crowd.refused}`);
      await close();
    },
    25 * MINUTE,
  );

  it(
    `on lease, which never ask: no piece twice in ${rounds} rounds`,
    async () => {
      // So that everybody has a cart before the first round: a shop that shows nothing lets nothing into a cart.
      const plenty = 30;
      const where = await open('lease', plenty);
      const crowd = new Crowd(where, ARTICLE, buyers);
      await crowd.fillCarts();
      await where.control.adjust({ article: ARTICLE, quantity: -plenty });
      await crowd.offered(0);
      let there = 0;
      const winners: string[] = [];
      for (let round = 1; round <= rounds; round++) {
        const quantity = 1 + chance.below(3);
        there += quantity;
        await where.control.receive({ article: ARTICLE, quantity });
        await eventually(async () => (await crowd.offers()) === there - winners.length, {
          withinMs: MINUTE,
          message: `the shops offer ${there - winners.length} pieces between them`,
        });
        await crowd.fillCarts();
        const left = there - winners.length;
        const offered = await crowd.each();
        const { sold } = await crowd.rush(late());
        winners.push(...sold);
        if (winners.length > there)
          throw new Error(
            `round ${round}: ${left} there, offered ${offered.join(', ')}, sold by ${sold.join(', ')}`,
          );
        await crowd.inWarehouse(winners.length);
      }
      expect(winners.length).toBeGreaterThanOrEqual(rounds * 0.8);
      expect(await soldOf(where)).toEqual({ inShops: winners.length, inWarehouse: winners.length });
      console.error(`leases: ${tally(winners)} of ${there}; refused: ${crowd.refused}`);
      await close();
    },
    25 * MINUTE,
  );
});

function tally(winners: readonly string[]): string {
  const codes = [...new Set(winners)].toSorted();
  return codes.map((code) => `${code} ${winners.filter((one) => one === code).length}`).join(', ');
}

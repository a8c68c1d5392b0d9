import { afterAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { Chance } from '../testing/chance.ts';
import { realShops } from '../testing/config.ts';
import { Crowd } from './crowd.ts';
import { Killer } from './killer.ts';
import { Market } from './market.ts';

const ARTICLE = 'LAST';
const MINUTE = 60_000;
/** Twenty over three shops. */
const buyers = { MA: 7, MB: 7, VE: 6 };
const { rounds } = realShops;
/** After the others, in the same shops: one service dies in each of them. */
const troubled = Math.ceil(rounds / 3);
/** What a service that has died needs until it has its part of the bus again, and the others have theirs. */
const RECOVERED_MS = 3 * MINUTE;
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

/** A rush in the midst of which one service dies, and comes back. */
async function rushWhileOneDies(crowd: Crowd, killer: Killer): Promise<string[]> {
  const struck = killer.strike(2_000);
  const { sold } = await crowd.rush(late());
  await struck;
  return sold;
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
    `that claim: one order in each of ${rounds} rounds, and of ${troubled} in which a service dies`,
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
      const killer = new Killer(where.supervisor, where.system.names, chance.part());
      const all = rounds + troubled;
      for (let round = rounds + 1; round <= all; round++) {
        await where.control.receive({ article: ARTICLE, quantity: 1 });
        await crowd.offered(1, RECOVERED_MS);
        await crowd.fillCarts();
        const sold = await rushWhileOneDies(crowd, killer);
        // Whoever had claimed it when the answer was lost may have been told no, and has it when he comes again.
        await eventually(async () => sold.length > 0 || (sold.push(...(await crowd.rush()).sold), false), {
          withinMs: RECOVERED_MS,
          everyMs: 500,
          message: `the piece is sold although ${killer.killed.at(-1)} died`,
        });
        expect(`round ${round} (${killer.killed.at(-1)} died): ${sold.length} (${sold.join()})`).toMatch(
          /: 1 /,
        );
        winners.push(...sold);
        await crowd.inWarehouse(round, RECOVERED_MS);
      }
      expect(winners).toHaveLength(all);
      expect(await soldOf(where)).toEqual({ inShops: all, inWarehouse: all });
      const asked = again.reduce((sum, one) => sum + one, 0);
      console.error(
        `claims: ${tally(winners)}; asked to try again: ${asked}; refused: ${crowd.refused}; died: ${killer.killed.join(', ')}`,
      );
      await close();
    },
    45 * MINUTE,
  );

  it(
    `on lease, which never ask: no piece twice in ${rounds} rounds, nor in ${troubled} in which a service dies`,
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
      const killer = new Killer(where.supervisor, where.system.names, chance.part());
      const all = rounds + troubled;
      for (let round = 1; round <= all; round++) {
        const dies = round > rounds;
        const quantity = 1 + chance.below(3);
        there += quantity;
        await where.control.receive({ article: ARTICLE, quantity });
        await eventually(async () => (await crowd.offers()) === there - winners.length, {
          withinMs: dies ? RECOVERED_MS : MINUTE,
          message: `the shops offer ${there - winners.length} pieces between them`,
        });
        await crowd.fillCarts();
        const left = there - winners.length;
        const offered = await crowd.each();
        const sold = dies ? await rushWhileOneDies(crowd, killer) : (await crowd.rush(late())).sold;
        winners.push(...sold);
        if (winners.length > there)
          throw new Error(
            `round ${round}${dies ? ` (${killer.killed.at(-1)} died)` : ''}: ${left} there, offered ${offered.join(', ')}, sold by ${sold.join(', ')}`,
          );
        await crowd.inWarehouse(winners.length, dies ? RECOVERED_MS : MINUTE);
      }
      expect(winners.length).toBeGreaterThanOrEqual(all * 0.8);
      expect(await soldOf(where)).toEqual({ inShops: winners.length, inWarehouse: winners.length });
      console.error(
        `leases: ${tally(winners)} of ${there}; refused: ${crowd.refused}; died: ${killer.killed.join(', ')}`,
      );
      await close();
    },
    45 * MINUTE,
  );
});

function tally(winners: readonly string[]): string {
  const codes = [...new Set(winners)].toSorted();
  return codes.map((code) => `${code} ${winners.filter((one) => one === code).length}`).join(', ');
}

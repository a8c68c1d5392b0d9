import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { Chance } from '../testing/chance.ts';
import { realShops } from '../testing/config.ts';
import type { ShopBook } from './audit/books.ts';
import { Day } from './day.ts';
import { Market } from './market.ts';
import { play, type Played } from './play.ts';

/** Enough of most, and a few that all want. */
const pieces = { TEE: 120, CAP: 110, MUG: 100, BELT: 90, HAT: 40, SOCK: 12, VASE: 6 };
const modes = { MA: 'claim', MB: 'lease', VE: 'claim', ERP: 'shared' } as const;
const MINUTE = 60_000;
/** A claim that nobody knows of any more is given back when its time to pay is over; that takes longest. */
const AGREED_WITHIN_MS = 4 * MINUTE;
const chance = new Chance();

let market: Market;
let day: Day;

const ordersIn = (shops: readonly ShopBook[]) => shops.reduce((sum, { orders }) => sum + orders.length, 0);

function say(what: string, { seconds, killed, dropped }: Played, shops: readonly ShopBook[]): void {
  const each = shops.map(({ code, orders }) => {
    const cancelled = orders.filter((order) => order.cancelled).length;
    return `${code} ${orders.length} (${cancelled} cancelled)`;
  });
  const counts = Object.entries(day.counts).map(([name, count]) => `${name} ${count}`);
  console.error(
    `${what}: ${each.join(', ')} in ${seconds} s; killed ${killed.length}: ${killed.join(' ')}; ` +
      `${dropped} answers dropped beside the warehouse's; ${counts.join(', ')}; ` +
      `ended by themselves: ${market.supervisor.ended.length}`,
  );
}

beforeAll(async () => {
  market = await Market.open({ modes, pieces });
  day = new Day(market, Object.keys(pieces));
  await market.agrees({ withinMs: 2 * MINUTE });
});

afterAll(() => market?.close());

describe('two Medusa shops, a Vendure shop and a Tryton ERP on one goods owner, with every service killed on the way', () => {
  it(
    'agree with the warehouse line by line after a day of orders, cancels, parcels, returns and corrections',
    async () => {
      const played = await play(day, { orders: realShops.orders }, chance.part());
      const { shops } = await market.agrees({ withinMs: AGREED_WITHIN_MS });
      say('a day with kills', played, shops);
      expect(ordersIn(shops)).toBeGreaterThanOrEqual(realShops.orders);
      expect(played.killed.length).toBeGreaterThan(0);
    },
    20 * MINUTE,
  );

  it(
    'agree after a day on which the warehouse fails, and answers and webhooks get lost, come late or twice',
    async () => {
      const before = ordersIn((await market.books()).shops);
      const played = await play(day, { orders: realShops.troubled, troubled: true }, chance.part());
      const { shops } = await market.agrees({ withinMs: AGREED_WITHIN_MS });
      say('a day with kills and faults', played, shops);
      expect(ordersIn(shops)).toBeGreaterThanOrEqual(before + realShops.troubled);
    },
    20 * MINUTE,
  );

  it('have set nothing aside but parcels of orders that were cancelled too late', async () => {
    const letters = await Promise.all(
      market.system.names.map((name) => market.system.ask<object[]>(name, '/ops/dead-letters')),
    );
    expect(letters.flat()).toEqual([]);
    const { shops } = await market.books();
    const cancelled = new Set(
      shops.flatMap(({ code, orders }) =>
        orders.filter((order) => order.cancelled).map(({ number }) => `${number}-${code}`),
      ),
    );
    await eventually(
      async () => {
        const jobs = await Promise.all(
          market.shops.map(({ code }) =>
            market.system.ask<{ kind: string; number: string; reason: string }[]>(
              `channel-${code.toLowerCase()}`,
              '/ops/jobs',
            ),
          ),
        );
        const left = jobs.flat().filter(({ kind, number }) => kind !== 'fulfil' || !cancelled.has(number));
        expect(left).toEqual([]);
        return true;
      },
      { withinMs: MINUTE },
    );
  });

  it('have books that explain every figure, and logs without a name or an address', async () => {
    const verified = await market.system.ask<unknown>('stock-authority', '/ops/verify', { method: 'POST' });
    expect(verified).toMatchObject({ agrees: true });
    expect(market.system.output).toContain('ready');
    for (const canary of ['Ada', 'Hafenstrasse', '@buyer.example'])
      expect(market.system.output).not.toContain(canary);
  });
});

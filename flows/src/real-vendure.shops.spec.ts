import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { buyerOf, shopkeeperOf } from '../../tools/real-shops/vendure/vendure-buyer.mjs';
import type { VendureShop } from '../../tools/real-shops/vendure/vendure-shop.mjs';
import type { ClaimingShops } from './testing/claiming-shops.ts';
import { startClaimingVendure } from './testing/claiming-vendure.ts';
import { WRONG_CONFIGURATION } from './testing/system.ts';

const SHARED = 'TEE-BLK-M';
const PIECES = 6;
const ROUNDS = 5;
const BUYERS = 6;
const LAST = Array.from({ length: ROUNDS }, (_, round) => `LAST-${round}`);
const NEVER_MS = '3600000';
/** By the stock authority; or, once the shelf shows what is claimed, by Vendure's own look at it. */
const refused = /Sold out: 0 of [\w-]+ are left, not 1\.|insufficient stock/;

let shops: ClaimingShops<VendureShop>;

const keeper = () => shopkeeperOf(shops.shop);
const warehouseOrders = () => shops.system.simulator.control.orders();

/** A buyer of the Vendure shop who has filled a cart and stands before the payment's step. */
const readyBuyer = async (article: string) => {
  const buyer = buyerOf(shops.shop);
  const session = await buyer.filledCart([{ sku: article, quantity: 1 }]);
  return {
    checkOut: () => buyer.step(session, 'ArrangingPayment'),
    pay: () => buyer.pay(session),
    goBack: () => buyer.step(session, 'AddingItems'),
  };
};

beforeAll(async () => {
  shops = await startClaimingVendure(
    'VE',
    { [SHARED]: PIECES, ...Object.fromEntries(LAST.map((article) => [article, 1])) },
    // Orders come by webhook or not at all.
    { env: { POLL_MS: NEVER_MS } },
  );
});

afterAll(() => shops?.stop());

describe('a real Vendure shop that claims, beside another shop', () => {
  it('shows what the warehouse has', async () => {
    for (const article of LAST) await shops.show(article, 1);
    await shops.show(SHARED, PIECES);
  });

  it('sends an order to the warehouse at once, and gets its parcel back', async () => {
    const sale = await buyerOf(shops.shop).buy([{ sku: SHARED, quantity: 2 }]);
    if (!sale.placed) throw new Error(`the shop refused: ${sale.reason}`);
    const order = `${sale.number}-VE`;
    expect((await shops.arrived(order)).puts.done).toBe(1);
    await shops.show(SHARED, PIECES - 2);
    await shops.system.simulator.control.pick({ order });
    await shops.system.simulator.control.ship({ order, carrier: 'PostNord', waybill: 'UA1VE' });
    await eventually(
      async () => {
        const { state, fulfillments } = await keeper().order(sale.orderId);
        expect([state, fulfillments]).toEqual([
          'Shipped',
          [expect.objectContaining({ state: 'Shipped', trackingCode: 'UA1VE' })],
        ]);
        return true;
      },
      { withinMs: 30_000 },
    );
    await shops.show(SHARED, PIECES - 2);
  });

  it('sells the last piece once, whoever presses first in whichever shop', async () => {
    for (const article of LAST) {
      const buyers = await Promise.all(Array.from({ length: BUYERS }, () => readyBuyer(article)));
      const [sales, elsewhere] = await Promise.all([
        Promise.allSettled(buyers.map(async ({ checkOut, pay }) => (await checkOut(), pay()))),
        Promise.all(Array.from({ length: BUYERS }, () => shops.demoSells(article))),
      ]);
      const sold =
        sales.filter(({ status }) => status === 'fulfilled').length + elsewhere.filter(Boolean).length;
      expect(`${article}: ${sold}`).toBe(`${article}: 1`);
      for (const sale of sales) if (sale.status === 'rejected') expect(String(sale.reason)).toMatch(refused);
    }
    await eventually(
      async () => {
        const lines = (await warehouseOrders()).flatMap((order) => order.lines.map(({ article }) => article));
        expect(lines.filter((article) => LAST.includes(article)).toSorted()).toEqual(LAST);
        return true;
      },
      { withinMs: 30_000 },
    );
    for (const article of LAST) await shops.show(article, 0);
  });

  it('gives a piece back when its buyer goes back to the cart, and asks anew', async () => {
    const article = 'LAST-0';
    await shops.system.simulator.control.receive({ article, quantity: 1 });
    await shops.show(article, 1);
    const [first, second] = [await readyBuyer(article), await readyBuyer(article)];
    await first.checkOut();
    await expect(second.checkOut()).rejects.toThrow(refused);
    await first.goBack();
    await shops.show(article, 1);
    await second.checkOut();
    await expect(first.checkOut()).rejects.toThrow(refused);
    const { code } = await second.pay();
    await shops.arrived(`${code}-VE`);
    const order = (await keeper().orders()).find((one) => one.code === code);
    expect(order?.customFields.samlastClaim).toMatch(new RegExp(`^${code}-[0-9a-f]{12}$`));
  });

  it('refuses to sell while nobody can say, and sells again afterwards', async () => {
    await shops.show(SHARED, PIECES - 2);
    await shops.system.kill('channel-ve');
    const buyer = await readyBuyer(SHARED);
    await expect(buyer.checkOut()).rejects.toThrow(/nobody can say/);
    await shops.system.startPart('channel-ve');
    const { code } = await buyer.checkOut().then(() => buyer.pay());
    await shops.arrived(`${code}-VE`);
    const order = (await keeper().orders()).find((one) => one.code === code);
    expect(order?.state).toBe('PaymentSettled');
  });

  it('lets no channel start with a stock location that there is not, and says which there are', async () => {
    await shops.system.plan('astray', 'channel-ve', { VENDURE_STOCK_LOCATION_ID: '999' });
    const { code, output } = await shops.system.refused('astray');
    expect(code).toBe(WRONG_CONFIGURATION);
    expect(output).toContain('VENDURE_STOCK_LOCATION_ID');
    expect(output).toContain(shops.shop.stockLocationId);
  });

  it('keeps the names and addresses of buyers out of every log', () => {
    expect(shops.system.output).toContain('ready');
    for (const canary of ['Ada', 'Hafenstrasse', 'ada@buyer.example'])
      expect(shops.system.output).not.toContain(canary);
  });
});

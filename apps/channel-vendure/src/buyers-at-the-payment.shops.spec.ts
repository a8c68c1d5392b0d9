import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, testDatabase, type TestDatabase } from '@samlast/test-stack';
import { Client } from 'pg';
import { buyerOf, shopkeeperOf } from '../../../tools/real-shops/vendure/vendure-buyer.mjs';
import { startVendureShop } from '../../../tools/real-shops/vendure/vendure-shop.mjs';

const BUYERS = 6;
const DATABASE = 'vendure_lessee';
const soldOut = /Sold out: 0 of [\w-]+ are left, not 1\./;

let databases: TestDatabase;
let shop: Awaited<ReturnType<typeof startVendureShop>>;

const carts = (article: string) =>
  Promise.all(
    Array.from({ length: BUYERS }, async (_, index) => {
      const lines = [{ sku: article, quantity: 1 }];
      const session = await buyerOf(shop).filledCart(lines, { email: `buyer-${index}@buyer.example` });
      return {
        checkOut: () => buyerOf(shop).step(session, 'ArrangingPayment'),
        goBack: () => buyerOf(shop).step(session, 'AddingItems'),
        pay: () => buyerOf(shop).pay(session),
      };
    }),
  );

/** As if the order's buyer had come to the payment yesterday. */
async function yesterday(orderId: string): Promise<void> {
  const url = new URL(databases.url);
  url.pathname = DATABASE;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  await client.query(`UPDATE "order" SET "updatedAt" = now() - interval '1 day' WHERE id = $1`, [orderId]);
  await client.end();
}

beforeAll(async () => {
  databases = await testDatabase('shops');
  // The plugin asks nobody: this shop sells on lease what it was given.
  const options = { code: 'lessee', database: DATABASE, postgres: databases.url, fresh: true, stock: 1 };
  shop = await startVendureShop({ ...options, skus: ['RUSH', 'BACK', 'LATE'] });
});

afterAll(async () => {
  await shop?.process.stop();
  await databases?.drop();
});

describe('a Vendure shop that does not claim', () => {
  it('lets one buyer to the payment for its last piece, of all that press at once', async () => {
    const buyers = await carts('RUSH');
    const steps = await Promise.allSettled(buyers.map(({ checkOut }) => checkOut()));
    const refusals = steps.flatMap((step) => (step.status === 'rejected' ? [String(step.reason)] : []));
    expect(refusals).toHaveLength(BUYERS - 1);
    for (const refusal of refusals) expect(refusal).toMatch(soldOut);
    await buyers[steps.findIndex(({ status }) => status === 'fulfilled')]?.pay();
    expect(await shopkeeperOf(shop).stock('RUSH')).toEqual({ onHand: 1, allocated: 1, available: 0 });
  });

  it('lets the next one there when the first goes back to the cart', async () => {
    const [first, second] = await carts('BACK');
    await first?.checkOut();
    await expect(second?.checkOut()).rejects.toThrow(soldOut);
    await first?.goBack();
    await second?.checkOut();
    await expect(first?.checkOut()).rejects.toThrow(soldOut);
    await second?.pay();
    expect(await shopkeeperOf(shop).stock('BACK')).toEqual({ onHand: 1, allocated: 1, available: 0 });
  });

  it('sends who is late back to the cart, where nobody can pay, and lets the next one through', async () => {
    const [late, next] = await carts('LATE');
    const order = await late?.checkOut();
    await expect(next?.checkOut()).rejects.toThrow(soldOut);
    await yesterday(order?.id ?? '');
    await eventually(() => next?.checkOut(), { withinMs: 45_000, everyMs: 1000 });
    await expect(late?.pay()).rejects.toThrow(/ArrangingPayment/);
    await next?.pay();
    expect(await shopkeeperOf(shop).stock('LATE')).toEqual({ onHand: 1, allocated: 1, available: 0 });
  });
});

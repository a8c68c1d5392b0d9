import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@samlast/test-stack';
import { Client } from 'pg';
import { buyerOf, shopkeeperOf } from '../../../tools/real-shops/medusa-buyer.mjs';
import { startMedusaShop } from '../../../tools/real-shops/medusa-shop.mjs';

const DATABASE = 'medusa_lessee';

let databases: TestDatabase;
let shop: Awaited<ReturnType<typeof startMedusaShop>>;

// The plugin asks nobody: this shop sells on lease what it was given.
async function start(fresh = false): Promise<void> {
  const options = { code: 'lessee', database: DATABASE, postgres: databases.url, stock: 1, skus: ['A', 'B'] };
  shop = await startMedusaShop({ ...options, fresh, plugin: { channelUrl: 'http://127.0.0.1:9' } });
}

beforeAll(async () => {
  databases = await testDatabase('shops');
  await start(true);
});

afterAll(async () => {
  await shop?.process.stop();
  await databases?.drop();
});

/** Meanwhile a step of Medusa's fails that takes back what a refused checkout has done. */
async function trippingOver(tables: readonly string[], work: () => Promise<void>): Promise<void> {
  const url = new URL(databases.url);
  url.pathname = DATABASE;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  await client.query(
    `CREATE FUNCTION trip() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'tripped'; END$$`,
  );
  for (const table of tables)
    await client.query(
      `CREATE TRIGGER trip BEFORE UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION trip()`,
    );
  await work();
  await client.query('DROP FUNCTION trip CASCADE');
  await client.end();
}

/** Presses once more where the shop asks for it, as after a refusal that was not taken back in whole. */
async function pressed(cart: string) {
  const sale = await buyerOf(shop).complete(cart);
  return !sale.placed && /Please try again/.test(sale.reason) ? buyerOf(shop).complete(cart) : sale;
}

const cartOf = (sku: string, name: string) =>
  buyerOf(shop).readyCart([{ sku, quantity: 1 }], {
    email: `${name}@buyer.example`,
    address: { address_1: `Hafenstrasse ${name}` },
  });

describe('a Medusa shop that does not claim', () => {
  it.each([
    { sku: 'A', left: 'a link', tables: ['order_cart'] },
    { sku: 'B', left: 'a link and its order', tables: ['order_cart', '"order"'] },
  ])(
    'tells nobody that an order is placed which was refused and left $left behind',
    async ({ sku, tables }) => {
      const cart = await cartOf(sku, 'ada');
      await shopkeeperOf(shop).setStock(sku, 0);
      await trippingOver(tables, async () => {
        expect(await buyerOf(shop).complete(cart)).toMatchObject({ placed: false });
      });
      // Medusa's lock on the cart ends with its process, or after two minutes.
      await shop.process.stop();
      await start();
      const no = (reason: RegExp) => ({ placed: false, reason: expect.stringMatching(reason) });
      expect(await buyerOf(shop).complete(cart)).toEqual(no(/Please try again/));
      // On a busy machine Medusa may be taking back the checkout still, and says that in its own words.
      expect(await buyerOf(shop).complete(cart)).toEqual(
        no(/Not enough stock|"temp_failure" is not allowed/),
      );
      await shopkeeperOf(shop).setStock(sku, 1);
      const placed = await pressed(cart);
      expect(placed).toMatchObject({ placed: true });
      expect(await shopkeeperOf(shop).stock(sku)).toEqual({ stocked: 1, reserved: 1, available: 0 });
      // Who gets no answer and presses once more is told of the same order.
      expect(await buyerOf(shop).complete(cart)).toEqual(placed);
      const orders = await shopkeeperOf(shop).orders();
      const mine = orders.filter(({ items }: { items: { variant_sku: string }[] }) =>
        items.some((item) => item.variant_sku === sku),
      );
      expect(mine).toHaveLength(1);
    },
  );
});

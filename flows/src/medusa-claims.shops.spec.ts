import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { buyerOf, shopkeeperOf } from '../../tools/real-shops/medusa-buyer.mjs';
import type { MedusaShop } from '../../tools/real-shops/medusa-shop.mjs';
import { startClaimingMedusa } from './testing/claiming-medusa.ts';
import type { ClaimingShops } from './testing/claiming-shops.ts';

const ROUNDS = 3;
const BUYERS = 4;
const LAST = Array.from({ length: ROUNDS }, (_, round) => `LAST-${round}`);
const PLENTY = 'TEE-BLK-M';
const PIECES = 5;

let shops: ClaimingShops<MedusaShop>;

let buyers = 0;
// Medusa refuses two carts of one new address that come at the same time.
const readyCart = (article: string) =>
  buyerOf(shops.shop).readyCart([{ sku: article, quantity: 1 }], {
    email: `buyer-${++buyers}@buyer.example`,
  });
const complete = (cart: string) => buyerOf(shops.shop).complete(cart);

beforeAll(async () => {
  shops = await startClaimingMedusa('ME', {
    [PLENTY]: PIECES,
    ...Object.fromEntries(LAST.map((article) => [article, 1])),
  });
});

afterAll(() => shops?.stop());

describe('a real Medusa shop that claims, beside another shop', () => {
  it('sells the last piece once, and a refused buyer leaves no order behind', async () => {
    const sold: string[] = [];
    for (const article of LAST) {
      await shops.show(article, 1);
      const carts = await Promise.all(Array.from({ length: BUYERS }, () => readyCart(article)));
      const [sales, elsewhere] = await Promise.all([
        Promise.all(carts.map(complete)),
        Promise.all(Array.from({ length: BUYERS }, () => shops.demoSells(article))),
      ]);
      const here = sales.flatMap((sale) => (sale.placed ? [`${sale.number}-ME`] : []));
      expect(`${article}: ${here.length + elsewhere.filter(Boolean).length}`).toBe(`${article}: 1`);
      for (const sale of sales)
        if (!sale.placed) expect(sale.reason).toMatch(/Sold out: 0 of [\w-]+ are left, not 1\.|inventory/);
      sold.push(...here);
    }
    for (const number of sold) await shops.arrived(number);
    expect(await shopkeeperOf(shops.shop).orders()).toHaveLength(sold.length);
  });

  it('sells to a buyer who was refused and tries the same cart again when there is a piece', async () => {
    const article = 'LAST-0';
    await shops.show(article, 0);
    await shops.system.simulator.control.receive({ article, quantity: 1 });
    await shops.show(article, 1);
    const [first, second] = [await readyCart(article), await readyCart(article)];
    const sale = await complete(first);
    expect(sale).toEqual(expect.objectContaining({ placed: true }));
    expect(await complete(second)).toMatchObject({ placed: false });
    await shops.system.simulator.control.receive({ article, quantity: 1 });
    await shops.show(article, 1);
    const later = await complete(second);
    expect(later).toEqual(expect.objectContaining({ placed: true }));
    if (later.placed) await shops.arrived(`${later.number}-ME`);
  });

  it('refuses to sell while nobody can say, and sells the same cart afterwards', async () => {
    await shops.show(PLENTY, PIECES);
    const cart = await readyCart(PLENTY);
    await shops.system.kill('channel-me');
    const refused = await complete(cart);
    expect(refused).toMatchObject({ placed: false, reason: expect.stringContaining('nobody can say') });
    await shops.system.startPart('channel-me');
    const sale = await complete(cart);
    expect(sale).toEqual(expect.objectContaining({ placed: true }));
    if (sale.placed) await shops.arrived(`${sale.number}-ME`);
    await shops.show(PLENTY, PIECES - 1);
  });

  it('takes the pieces of a claim for its order, never a second set', async () => {
    // A read during which the order was on its way subtracts it twice, until the next one.
    await eventually(
      async () => {
        const path = `/ops/articles/${PLENTY}`;
        const article = await shops.system.ask<{ claimed: string; free: string }>('stock-authority', path);
        expect(article).toMatchObject({ claimed: '0', free: String(PIECES - 1) });
        return true;
      },
      { withinMs: 60_000 },
    );
  });
});

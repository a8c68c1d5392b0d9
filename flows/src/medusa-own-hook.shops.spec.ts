import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { buyerOf, shopkeeperOf } from '../../tools/real-shops/medusa-buyer.mjs';
import type { MedusaShop } from '../../tools/real-shops/medusa-shop.mjs';
import { startClaimingMedusa } from './testing/claiming-medusa.ts';
import type { ClaimingShops } from './testing/claiming-shops.ts';

const BUYERS = 4;
const [LAST, ALONE] = ['LAST', 'ALONE'];

let shops: ClaimingShops<MedusaShop>;
let buyers = 0;
// Medusa refuses two carts of one new address that come at the same time.
const readyCart = (article: string, at = 'buyer.example') =>
  buyerOf(shops.shop).readyCart([{ sku: article, quantity: 1 }], { email: `buyer-${++buyers}@${at}` });
const complete = (cart: string) => buyerOf(shops.shop).complete(cart);

beforeAll(async () => {
  shops = await startClaimingMedusa('MO', { [LAST]: 1, [ALONE]: 1 }, { hook: 'own', unanswered: 'sell' });
});

afterAll(() => shops?.stop());

const authoritySays = async (article: string, figures: object) =>
  eventually(
    async () => {
      expect(await shops.system.ask('stock-authority', `/ops/articles/${article}`)).toMatchObject(figures);
      return true;
    },
    { withinMs: 60_000 },
  );

describe('a real Medusa shop with a check of its own in the hook that the plugin takes', () => {
  it('refuses by its own check, and no piece is claimed for whom it refuses', async () => {
    await shops.show(LAST, 1);
    const sale = await complete(await readyCart(LAST, 'no-sale.example'));
    expect(sale).toMatchObject({ placed: false, reason: expect.stringContaining('does not sell to you') });
    await authoritySays(LAST, { claimed: '0', free: '1' });
  });

  it('sells the last piece once, beside another shop', async () => {
    const carts = await Promise.all(Array.from({ length: BUYERS }, () => readyCart(LAST)));
    const [sales, elsewhere] = await Promise.all([
      Promise.all(carts.map(complete)),
      Promise.all(Array.from({ length: BUYERS }, () => shops.demoSells(LAST))),
    ]);
    const here = sales.filter(({ placed }) => placed).length;
    expect(here + elsewhere.filter(Boolean).length).toBe(1);
    await shops.show(LAST, 0);
  });
});

describe('a real Medusa shop that sells while nobody answers', () => {
  it('sells what it shows by its own number, once, and its order takes the piece when the channel is back', async () => {
    await shops.show(ALONE, 1);
    const carts = await Promise.all(Array.from({ length: BUYERS }, () => readyCart(ALONE)));
    await shops.system.kill('channel-mo');
    const sales = await Promise.all(carts.map(complete));
    const placed = sales.flatMap((sale) => (sale.placed ? [sale.number] : []));
    expect(placed).toHaveLength(1);
    await shops.system.startPart('channel-mo');
    await shops.arrived(`${placed[0]}-MO`);
    await shops.show(ALONE, 0);
    await authoritySays(ALONE, { claimed: '0', free: '0', reserved: '0' });
    expect((await shopkeeperOf(shops.shop).stock(ALONE)).available).toBe(0);
  });
});

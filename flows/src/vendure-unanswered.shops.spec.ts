import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { buyerOf } from '../../tools/real-shops/vendure/vendure-buyer.mjs';
import type { VendureShop } from '../../tools/real-shops/vendure/vendure-shop.mjs';
import type { ClaimingShops } from './testing/claiming-shops.ts';
import { startClaimingVendure } from './testing/claiming-vendure.ts';

const BUYERS = 4;
const ALONE = 'ALONE';

let shops: ClaimingShops<VendureShop>;

beforeAll(async () => {
  shops = await startClaimingVendure('VU', { [ALONE]: 1 }, { unanswered: 'sell' });
});

afterAll(() => shops?.stop());

describe('a real Vendure shop that sells while nobody answers', () => {
  it('sells what it shows by its own number, once, and its order takes the piece when the channel is back', async () => {
    await shops.show(ALONE, 1);
    const buyer = buyerOf(shops.shop);
    const carts = await Promise.all(
      Array.from({ length: BUYERS }, () => buyer.filledCart([{ sku: ALONE, quantity: 1 }])),
    );
    await shops.system.kill('channel-vu');
    const sales = await Promise.allSettled(
      carts.map(async (cart) => {
        await buyer.step(cart, 'ArrangingPayment');
        return buyer.pay(cart);
      }),
    );
    const placed = sales.flatMap((sale) => (sale.status === 'fulfilled' ? [sale.value.code] : []));
    expect(placed).toHaveLength(1);
    await shops.system.startPart('channel-vu');
    await shops.arrived(`${placed[0]}-VU`);
    await shops.show(ALONE, 0);
    await eventually(
      async () => {
        expect(await shops.system.ask('stock-authority', `/ops/articles/${ALONE}`)).toMatchObject({
          claimed: '0',
          free: '0',
        });
        return true;
      },
      { withinMs: 60_000 },
    );
  });
});

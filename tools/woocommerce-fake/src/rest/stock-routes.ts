import { z } from 'zod';
import type { WooShop } from '../woo-shop.ts';
import { parsed } from './body.ts';
import type { Call, Route } from './call.ts';
import { texts } from './lists.ts';
import { invalidParam, Refusal } from './refusal.ts';

const MOST = 100;
const Whole = z.int();
const Writes = z.strictObject({
  writes: z.array(z.strictObject({ sku: z.string(), write_id: z.string(), from: Whole, to: Whole.min(0) })),
});

/** What plugins/woocommerce adds to a shop, step by step as its PHP does it. */
export const stockRoutes: Route[] = [
  {
    method: 'GET',
    path: 'wc-samlast/v1/stock',
    answer: (call) => {
      const shop = withPlugin(call);
      const skus = texts(call.query, 'skus');
      if (skus.length === 0) throw invalidParam('skus', 'skus is a required property.');
      if (skus.length > MOST) throw invalidParam('skus', `skus must contain at most ${MOST} items.`);
      return { body: { articles: skus.flatMap((sku) => read(shop, sku)) } };
    },
  },
  {
    method: 'POST',
    path: 'wc-samlast/v1/stock',
    answer: (call) => {
      const shop = withPlugin(call);
      const { writes } = parsed(Writes, call.body);
      if (writes.length > MOST) throw invalidParam('writes', `writes must contain at most ${MOST} items.`);
      return { body: { answers: writes.map((one) => write(shop, one)) } };
    },
  },
];

function withPlugin({ shop }: Call): WooShop {
  if (!shop.hasStockEndpoint)
    throw new Refusal(404, 'rest_no_route', 'No route was found matching the URL and request method.');
  return shop;
}

function read(shop: WooShop, sku: string): object[] {
  return shop.products.bySku(sku).map((product) => ({
    sku,
    id: product.id,
    managed: product.manageStock,
    stock: product.manageStock ? (product.stock ?? 0) : 0,
    held: shop.orders.held(product.id),
  }));
}

function write(shop: WooShop, { sku, from, to }: z.output<typeof Writes>['writes'][number]): object {
  const [product, second] = shop.products.bySku(sku);
  if (!product) return { sku, outcome: 'unknown' };
  if (second) return { sku, outcome: 'duplicate' };
  if (!product.manageStock) return { sku, outcome: 'unmanaged' };
  // From here to the end a row of the database is locked there.
  const stock = product.stock ?? 0;
  if (stock !== from) return { sku, outcome: 'changed', stock };
  const held = shop.orders.held(product.id);
  const written = Math.max(to, Math.min(held, stock));
  shop.products.save(product, { stock: written });
  return { sku, outcome: 'set', stock: written };
}

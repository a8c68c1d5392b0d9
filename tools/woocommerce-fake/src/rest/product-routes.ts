import { z } from 'zod';
import type { Product } from '../selling/products.ts';
import type { WooShop } from '../woo-shop.ts';
import { parsed } from './body.ts';
import type { Call, Route } from './call.ts';
import { pageOf, texts } from './lists.ts';
import { Refusal } from './refusal.ts';

const BATCH_MOST = 100;

const ProductChange = z.strictObject({
  manage_stock: z.boolean().optional(),
  stock_quantity: z.number().nullable().optional(),
});
const Batch = z.strictObject({
  update: z.array(ProductChange.extend({ id: z.int() })).default([]),
});

export const productRoutes: Route[] = [
  {
    method: 'GET',
    path: 'wc/v3/products',
    answer: (call) => list(call, found(call)),
  },
  {
    method: 'GET',
    path: 'wc/v3/products/#',
    answer: ({ shop, ids }) => ({ body: shop.renderProduct(productOf(shop, ids[0], 404)) }),
  },
  {
    method: 'PUT',
    path: 'wc/v3/products/#',
    answer: ({ shop, ids, body }) => {
      const product = simple(productOf(shop, ids[0], 400));
      return { body: shop.renderProduct(change(shop, product, parsed(ProductChange, body))) };
    },
  },
  {
    method: 'POST',
    path: 'wc/v3/products/batch',
    answer: ({ shop, body }) => ({
      body: {
        update: batch(body, ({ id, ...to }) => change(shop, simple(productOf(shop, id, 400)), to), shop),
      },
    }),
  },
  {
    method: 'GET',
    path: 'wc/v3/products/#/variations',
    answer: (call) => list(call, variationsOf(call)),
  },
  {
    method: 'PUT',
    path: 'wc/v3/products/#/variations/#',
    answer: ({ shop, ids: [parent = 0, id], body }) => {
      const product = variation(shop, parent, id, 400);
      return { body: shop.renderProduct(change(shop, product, parsed(ProductChange, body))) };
    },
  },
  {
    method: 'POST',
    path: 'wc/v3/products/#/variations/batch',
    answer: ({ shop, ids: [parent = 0], body }) => ({
      body: {
        update: batch(body, ({ id, ...to }) => change(shop, variation(shop, parent, id, 404), to), shop),
      },
    }),
  },
];

/** A SKU finds variations too, the list without one does not. It is compared without regard to case. */
function found({ shop, query }: Call): Product[] {
  const asked = query.get('sku');
  const all = shop.products.list();
  if (!asked) return all.filter(({ parentId }) => parentId === 0);
  const skus = new Set([...texts(query, 'sku'), asked].map((sku) => sku.toLowerCase()));
  return all.filter(({ sku }) => sku !== '' && skus.has(sku.toLowerCase()));
}

function variationsOf({ shop, ids: [parent] }: Call): Product[] {
  productOf(shop, parent, 404);
  return shop.products.list().filter(({ parentId }) => parentId === parent);
}

function list({ shop, query, url }: Call, products: Product[]) {
  const all = products.map((product) => ({
    id: product.id,
    created: product.created,
    modified: product.modified,
    json: shop.renderProduct(product),
  }));
  const { entries, headers } = pageOf(all, query, shop.clock, url);
  return { body: entries, headers };
}

type Update = z.output<typeof Batch>['update'][number];

/** What is wrong with one of them is said at that one, and the others are done. */
function batch(body: unknown, make: (update: Update) => Product, shop: WooShop): object[] {
  const { update } = parsed(Batch, body);
  if (update.length > BATCH_MOST) {
    const text = `Unable to accept more than ${BATCH_MOST} items for this request.`;
    throw new Refusal(413, 'woocommerce_rest_request_entity_too_large', text);
  }
  return update.map((one) => {
    try {
      return shop.renderProduct(make(one));
    } catch (error) {
      if (error instanceof Refusal) return { id: one.id, error: error.body };
      throw error;
    }
  });
}

/** The number is replaced, whatever it is by now. Without stock management it is not kept at all. */
function change(shop: WooShop, product: Product, to: z.output<typeof ProductChange>): Product {
  const manageStock = to.manage_stock ?? product.manageStock;
  const stock = manageStock ? (to.stock_quantity ?? product.stock ?? 0) : null;
  shop.products.save(product, { manageStock, stock });
  return product;
}

function productOf(shop: WooShop, id: number | undefined, status: 400 | 404): Product {
  const product = id === undefined ? undefined : shop.products.find(id);
  if (!product || product.status === 'trash')
    throw new Refusal(status, 'woocommerce_rest_product_invalid_id', 'Invalid ID.');
  return product;
}

function simple(product: Product): Product {
  if (product.parentId === 0) return product;
  const text =
    'To manipulate product variations you should use the /products/<product_id>/variations/<id> endpoint.';
  throw new Refusal(404, 'woocommerce_rest_invalid_product_id', text);
}

function variation(shop: WooShop, parent: number, id: number | undefined, status: 400 | 404): Product {
  const product = id === undefined ? undefined : shop.products.find(id);
  if (!product || product.parentId !== parent)
    throw new Refusal(status, 'woocommerce_rest_product_variation_invalid_id', 'Invalid ID.');
  return product;
}

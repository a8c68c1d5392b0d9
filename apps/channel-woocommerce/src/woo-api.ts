import { ShopHttp, ShopRefused, type ShopRequest, ShopUnavailable } from '@samlast/channel-kit';
import { z } from 'zod';
import type { WooCommerceConfig } from './config.ts';
import { ORDER_FIELDS, Refunds } from './woo-orders.ts';

const PAGE_MOST = 100;
/** Orders of one second that are told apart by leaving out those that were read: addresses must not get too long. */
const SAME_SECOND_MOST = 500;

const Orders = z.array(z.looseObject({ id: z.int() }));
const Notes = z.array(z.object({ note: z.string() }));
const Trackings = z.array(z.object({ tracking_number: z.string() }));
const Product = z.object({
  id: z.int(),
  name: z.string().nullish(),
  type: z.string().nullish(),
  status: z.string(),
  sku: z.string().nullish(),
  global_unique_id: z.string().nullish(),
  virtual: z.boolean().nullish(),
  // A variation whose stock its product keeps says `parent`.
  manage_stock: z.union([z.boolean(), z.literal('parent')]).nullish(),
  stock_quantity: z.number().nullish(),
  parent_id: z.int().nullish(),
  attributes: z.array(z.object({ option: z.string().nullish() })).nullish(),
});
export type WooProduct = z.infer<typeof Product>;
const PRODUCT_FIELDS = Object.keys(Product.shape).join(',');
const Updated = z.object({
  update: z.array(
    z.object({
      id: z.int(),
      manage_stock: Product.shape.manage_stock,
      error: z.object({ code: z.string(), message: z.string() }).optional(),
    }),
  ),
});

/** The calls of WooCommerce's REST interface that a channel needs, with their answers parsed. */
export class WooApi {
  private readonly http: ShopHttp;

  constructor(config: WooCommerceConfig) {
    const { WOOCOMMERCE_KEY: key, WOOCOMMERCE_SECRET: secret } = config;
    const authorization = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;
    this.http = new ShopHttp({
      url: `${config.WOOCOMMERCE_URL.replace(/\/+$/, '')}/wp-json/`,
      headers: () => ({ authorization }),
      perSecond: config.WOOCOMMERCE_CALLS_PER_SECOND,
    });
  }

  /**
   * Orders changed at or after a time, oldest change first; each as it came, since one broken must not hide the others.
   * WooCommerce compares whole seconds and leaves the one out that is named. A time with an offset it would turn into
   * the site's zone and then compare with GMT, so it gets none. Never asked for page numbers: an order that changes
   * meanwhile would move the others to the page before.
   */
  async changedOrders(from: string, limit: number, status: 'any' | 'trash'): Promise<unknown[]> {
    const after = new Date(Date.parse(from) - 1000).toISOString().slice(0, 19);
    const read: z.output<typeof Orders> = [];
    for (;;) {
      const most = Math.min(limit - read.length, PAGE_MOST);
      const page = await this.get(Orders, 'wc/v3/orders', {
        modified_after: after,
        dates_are_gmt: 'true',
        orderby: 'modified',
        order: 'asc',
        status,
        per_page: most,
        exclude: read.length > 0 ? read.map(({ id }) => id).join(',') : undefined,
        _fields: ORDER_FIELDS,
      });
      read.push(...page);
      if (page.length < most || read.length >= limit) return read;
      if (read.length >= SAME_SECOND_MOST) {
        throw new ShopUnavailable(
          `More than ${SAME_SECOND_MOST} orders were changed in the same second, ${from}. ` +
            'Save some of them again in the shop, a few at a time; the rest is then read.',
        );
      }
    }
  }

  async order(id: string): Promise<unknown> {
    const path = `wc/v3/orders/${encodeURIComponent(id)}`;
    const { status, body } = await this.http.request({
      path,
      query: { _fields: ORDER_FIELDS },
      accept: [404],
    });
    return status === 404 ? undefined : body;
  }

  async refunds(order: number): Promise<z.output<typeof Refunds>> {
    return this.get(Refunds, `wc/v3/orders/${order}/refunds`, { per_page: PAGE_MOST });
  }

  async changeOrder(id: string, change: object): Promise<void> {
    await this.http.request({ method: 'PUT', path: `wc/v3/orders/${encodeURIComponent(id)}`, body: change });
  }

  async notes(id: string): Promise<string[]> {
    const notes = await this.get(Notes, `wc/v3/orders/${encodeURIComponent(id)}/notes`);
    return notes.map(({ note }) => note);
  }

  async addNote(id: string, note: string, toCustomer = false): Promise<void> {
    const path = `wc/v3/orders/${encodeURIComponent(id)}/notes`;
    await this.http.request({ method: 'POST', path, body: { note, customer_note: toCustomer } });
  }

  async trackingNumbers(id: string): Promise<string[]> {
    const trackings = await this.get(Trackings, trackingPath(id));
    return trackings.map(({ tracking_number: number }) => number);
  }

  async addTracking(id: string, tracking: object): Promise<void> {
    await this.http.request({ method: 'POST', path: trackingPath(id), body: tracking });
  }

  /** Those with one of these SKUs, variations among them. It is asked for with commas between. */
  async productsBySku(skus: readonly string[]): Promise<WooProduct[]> {
    const asked = [
      skus.filter((sku) => !sku.includes(',')).join(','),
      ...skus.filter((sku) => sku.includes(',')),
    ];
    const found = new Map<number, WooProduct>();
    for (const sku of asked.filter(Boolean)) {
      const query = { sku, per_page: PAGE_MOST, _fields: PRODUCT_FIELDS };
      const products = await this.get(z.array(Product), 'wc/v3/products', query);
      for (const product of products) found.set(product.id, product);
    }
    return [...found.values()];
  }

  /** Products, or with a parent its variations, in the order of their ids; all of them, or only these. */
  async products(
    page: number,
    { parent = 0, include }: { parent?: number; include?: readonly number[] } = {},
  ): Promise<WooProduct[]> {
    const path = parent ? `wc/v3/products/${parent}/variations` : 'wc/v3/products';
    const query = { page, per_page: PAGE_MOST, orderby: 'id', order: 'asc', include: include?.join(',') };
    const { status, body } = await this.http.request({
      path,
      query: { ...query, _fields: PRODUCT_FIELDS },
      // A product that is gone has no variations.
      accept: parent ? [404] : [],
    });
    return status === 404 ? [] : parsed(z.array(Product), body, path);
  }

  /** Replaces numbers; with a parent, of its variations. What is wrong with one is said at that one. */
  async setStock(parent: number, update: readonly { id: number; stock_quantity: number }[]) {
    const path = parent ? `wc/v3/products/${parent}/variations/batch` : 'wc/v3/products/batch';
    const { body } = await this.http.request({ method: 'POST', path, body: { update } });
    return parsed(Updated, body, path).update;
  }

  /** What the plugin in the shop answers. */
  async plugin<Schema extends z.ZodType>(
    schema: Schema,
    request: Pick<ShopRequest, 'method' | 'query' | 'body'>,
  ): Promise<z.output<Schema>> {
    const path = 'wc-samlast/v1/stock';
    try {
      return parsed(schema, (await this.http.request({ ...request, path })).body, path);
    } catch (error) {
      if (!(error instanceof ShopRefused) || error.status !== 404) throw error;
      throw new ShopUnavailable(
        'The shop does not have the plugin that writes its stock safely. ' +
          'Install and activate plugins/woocommerce there, or set WOOCOMMERCE_STOCK=rest.',
      );
    }
  }

  private async get<Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    query?: ShopRequest['query'],
  ): Promise<z.output<Schema>> {
    const { body } = await this.http.request({ path, query });
    return parsed(schema, body, path);
  }
}

const trackingPath = (id: string) =>
  `wc-shipment-tracking/v3/orders/${encodeURIComponent(id)}/shipment-trackings`;

function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown, path: string): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ShopUnavailable(
    `WooCommerce's answer to ${path} has ${issue?.path.join('.') || 'a body'} that ${issue?.message}: ` +
      'is it version 5.8 or later, and WOOCOMMERCE_URL its site?',
  );
}

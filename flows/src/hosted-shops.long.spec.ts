import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Order as ShopifyOrder, type ShopifyFake, startShopifyFake } from '@samlast/shopify-fake';
import { eventually, freePort } from '@samlast/test-stack';
import { type Order as WooOrder, startWooCommerce, type WooCommerceFake } from '@samlast/woocommerce-fake';
import { Chance } from './testing/chance.ts';
import { bus } from './testing/config.ts';
import { System } from './testing/system.ts';

const pieces = { CAP: 40, TEE: 24, MUG: 12, VASE: 2 };
const articles = Object.keys(pieces);
const STEPS = 12;
const CANCELLED = 1000;
const secret = 'what-woocommerce-signs-with';
const chance = new Chance();

let system: System;
let shopify: ShopifyFake;
let woo: WooCommerceFake;
interface Sale {
  number: string;
  article: string;
  order: ShopifyOrder | WooOrder;
  /** By its shop's staff, and the shop puts the piece back by itself. */
  cancelled: boolean;
}

/** What buyers were told that they have, and of which shop. */
const sold: Sale[] = [];
const oversold: string[] = [];

beforeAll(async () => {
  shopify = await startShopifyFake({
    clientSecret: secret,
    webhookRetryMs: 500,
    bucket: 20_000,
    restore: 1_000,
  });
  woo = await startWooCommerce({ zone: 'Pacific/Auckland', stockEndpoint: true });
  for (const sku of articles) {
    shopify.shop.addVariant(shopify.world, { sku, available: 0 });
    woo.shop.products.add({ sku, stock: 0 });
  }
  const [shopifyPort, wooPort] = [await freePort(), await freePort()];
  system = await System.start({
    bus,
    // A channel ends where its shop fails at its first question, and is started again by whoever looks after it: more
    // often than Shopify's faults, which count down, can strike.
    startTries: 8,
    channels: [
      {
        code: 'SF',
        kind: 'shopify',
        port: shopifyPort,
        line,
        env: {
          SHOPIFY_SHOP: shopify.domain,
          SHOPIFY_URL: shopify.url,
          SHOPIFY_CLIENT_ID: shopify.clientId,
          SHOPIFY_CLIENT_SECRET: shopify.clientSecret,
          SHOPIFY_LOCATION_ID: shopify.locationId,
          SHOPIFY_FEED_LAG_MS: '300',
        },
      },
      {
        code: 'WO',
        kind: 'woocommerce',
        port: wooPort,
        line,
        env: {
          WOOCOMMERCE_URL: woo.url,
          WOOCOMMERCE_KEY: 'ck_fake',
          WOOCOMMERCE_SECRET: 'cs_fake',
          WOOCOMMERCE_FEED_LAG_MS: '150',
          WOOCOMMERCE_STOCK: 'plugin',
          WEBHOOK_SECRET: secret,
        },
      },
    ],
  });
  for (const topic of ['orders/create', 'orders/updated', 'orders/cancelled']) {
    const id = shopify.world.id();
    const uri = `http://127.0.0.1:${shopifyPort}/webhooks/shopify`;
    shopify.world.subscriptions.set(id, { id, topic, uri, createdAt: 0, failures: 0 });
  }
  const url = `http://127.0.0.1:${wooPort}/webhooks/woocommerce`;
  for (const topic of ['order.created', 'order.updated'] as const)
    woo.shop.webhooks.create({ topic, url, secret, status: 'active' });
  await system.simulator.control.seed({
    articles: Object.entries(pieces).map(([number, stock]) => ({ number, stock })),
  });
  await eventually(() => articles.every((article) => offersOf(article) > 0), { withinMs: 60_000 });
});

afterAll(async () => {
  await system?.close();
  await Promise.all([shopify?.close(), woo?.close()]);
});

/** What is on lease is divided from the first piece on, so that no shop ever shows what is not its own. */
const line = { mode: 'lease', shortPolicy: 'reject', scarceBelow: '1000' };

const inShopify = (article: string) => {
  const [level] = shopify.world.variantOf(article).levels.values();
  return Math.max(0, level?.available ?? 0);
};
const inWoo = (article: string) => {
  const [product] = woo.shop.products.bySku(article);
  return Math.max(0, (product?.stock ?? 0) - (product ? woo.shop.orders.held(product.id) : 0));
};
const offersOf = (article: string) => inShopify(article) + inWoo(article);

/** The shop sells by its own number, and asks nobody. */
function buySomething(): void {
  const article = chance.of(articles);
  const lines = [{ sku: article, quantity: 1 }];
  if (chance.next() < 0.5) {
    if (inShopify(article) === 0) return;
    const order = shopify.shop.checkout(shopify.world, { lines });
    sold.push({ number: `${order.name.replace('#', '')}-SF`, article, order, cancelled: false });
  } else {
    const order = woo.shop.checkout.buy({ lines });
    if (order) sold.push({ number: `${order.number}-WO`, article, order, cancelled: false });
  }
}

function cancelSomething(): void {
  const open = sold.filter(({ cancelled }) => !cancelled);
  if (open.length === 0) return;
  const one = chance.of(open);
  one.cancelled = true;
  if ('customAttributes' in one.order)
    shopify.shop.beginCancel(shopify.world, one.order, { reason: 'STAFF', restock: true });
  else woo.shop.orders.setStatus(one.order, 'cancelled');
}

/** All that the platforms are known to do to whoever talks to them, and the warehouse's faults. */
async function trouble(rate: number): Promise<void> {
  const some = rate > 0 ? 2 : 0;
  shopify.faults.set({
    dropAnswers: some,
    fail: some,
    throttle: some,
    loseWebhooks: some,
    duplicateWebhooks: some,
    shuffleWebhooksMs: some * 100,
  });
  Object.assign(woo.shop.knobs, {
    errorRate: rate,
    htmlErrorRate: rate,
    lostAnswerRate: rate,
    listDelayMs: 120,
    webhookLossRate: 4 * rate,
    webhookDuplicateRate: 4 * rate,
    webhookDelayMs: 5_000 * rate,
  });
  await system.simulator.control.knobs({
    faultRate: rate,
    faultKind: 'both',
    dropResponseAfterCommit: 2 * rate,
    webhookLossRate: 4 * rate,
    webhookDuplicateRate: 4 * rate,
  });
}

async function live(): Promise<void> {
  for (let step = 0; step < STEPS; step++) {
    if (chance.next() < 0.85) buySomething();
    else cancelSomething();
    const there = await system.simulator.control.articles();
    for (const { number, sellable } of there)
      if (Number(sellable) < 0) oversold.push(`${number}: ${sellable} after ${sold.length} sales`);
  }
}

const isCancelled = ({ order }: Sale) =>
  'status' in order ? order.status === 'cancelled' : order.cancelledAt !== undefined;

/**
 * Sales that were called short. A shop that sells a cancelled order's piece again before anybody has read the cancel
 * sells what it was not given (docs/no-oversell.md); nothing else may be short.
 */
const rejected = () => sold.filter((sale) => !sale.cancelled && isCancelled(sale));

function isSoldAgain({ number, article }: Sale): boolean {
  const ofShop = (one: Sale) => one.article === article && one.number.slice(-2) === number.slice(-2);
  const putBack = sold.filter((one) => one.cancelled && ofShop(one)).length;
  return rejected().filter(ofShop).length <= putBack;
}

/** What differs between both shops and the warehouse, in words. */
async function differences(): Promise<string[]> {
  const there = new Map((await system.simulator.control.orders()).map((order) => [order.number, order]));
  const faults = sold.flatMap((sale) => {
    const { number, article, order, cancelled } = sale;
    const found = there.get(number);
    there.delete(number);
    if (cancelled) return found && found.status !== CANCELLED ? [`${number} goes on in the warehouse`] : [];
    if (!found && isCancelled(sale) && isSoldAgain(sale)) return [];
    if (!found) {
      const state = 'status' in order ? order.status : (order.cancelledAt ?? 'open');
      return [`${number} is not in the warehouse, and ${state} in its shop since ${placedAt(order)}`];
    }
    if (found.status === CANCELLED) return [`${number} is cancelled in the warehouse`];
    const lines = found.lines.map(({ article: of, ordered }) => `${ordered} ${of}`).join();
    const puts = found.puts.done === 1 ? [] : [`${number} was written ${found.puts.done} times`];
    return lines === `1 ${article}` ? puts : [`${number} has ${lines} in place of ${article}`];
  });
  return [...faults, ...[...there.keys()].map((number) => `${number} is in no shop`)];
}

const placedAt = (order: ShopifyOrder | WooOrder) =>
  new Date('createdAt' in order ? order.createdAt : order.created).toISOString();

/** What every service has of the orders that some text names: where one was lost is to be seen from its failure. */
async function traces(text: string): Promise<string> {
  const numbers = [...new Set(text.match(/\b\d+-(SF|WO)\b/g))];
  const own = numbers.map((number) => number.replace(/-.*/, ''));
  const of = (sql: string, list: string[]) => system.database.query(sql, [list]);
  const seen = {
    channels: [
      ...(await of(`SELECT * FROM channel_sf.shop_orders WHERE shop_number = ANY ($1)`, own)),
      ...(await of(`SELECT * FROM channel_wo.shop_orders WHERE shop_number = ANY ($1)`, own)),
      ...(await system.database.query('SELECT * FROM channel_sf.feed')),
      ...(await system.database.query('SELECT * FROM channel_wo.feed')),
    ],
    authority: await of('SELECT * FROM stock_authority.orders WHERE number = ANY ($1)', numbers),
    gateway: await of('SELECT * FROM wms_gateway.orders WHERE number = ANY ($1)', numbers),
    writes: await of('SELECT * FROM wms_gateway.writes WHERE subject = ANY ($1)', numbers),
  };
  return JSON.stringify(seen, undefined, 1);
}

describe('a Shopify and a WooCommerce shop on one goods owner, when everything goes wrong', () => {
  it('sell on lease, with every service killed on the way', async () => {
    for (const name of system.names) {
      await trouble(0.05);
      await live();
      await system.kill(name);
      await live();
      await system.startPart(name);
    }
    await live();
    expect(sold.length).toBeGreaterThanOrEqual(20);
  });

  it('have every order in the warehouse once, or cancelled on both sides, and no other', async () => {
    await trouble(0);
    await eventually(
      async () => {
        expect(await differences()).toEqual([]);
        return true;
      },
      { withinMs: 90_000, everyMs: 250 },
    ).catch(async (error: Error) => {
      throw new Error(`${error.message}\n${await traces(error.message)}`, { cause: error });
    });
    const of = (code: string) => sold.filter(({ number }) => number.endsWith(code)).length;
    const short = rejected().map(({ number, article }) => `${number} of ${article}`);
    console.error(
      `${of('SF')} orders in Shopify, ${of('WO')} in WooCommerce; short: ${short.join() || 'none'}`,
    );
  });

  it('sold no piece twice, and offer what is left between them', async () => {
    expect(oversold).toEqual([]);
    await eventually(
      async () => {
        const there = await system.simulator.control.articles();
        const left = Object.fromEntries(there.map(({ number, sellable }) => [number, Number(sellable)]));
        expect(Object.fromEntries(articles.map((article) => [article, offersOf(article)]))).toEqual(left);
        return true;
      },
      { withinMs: 90_000, everyMs: 250 },
    );
    const verified = await system.ask<unknown>('stock-authority', '/ops/verify', { method: 'POST' });
    expect(verified).toMatchObject({ agrees: true });
    for (const name of system.names) expect(await system.ask<unknown>(name, '/ops/dead-letters')).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, freePort, testDatabase, type TestDatabase } from '@samlast/test-stack';
import { buyerOf, shopkeeperOf } from '../../tools/real-shops/medusa-buyer.mjs';
import { startMedusaShop } from '../../tools/real-shops/medusa-shop.mjs';
import { System, WRONG_CONFIGURATION } from './testing/system.ts';

type Shop = Awaited<ReturnType<typeof startMedusaShop>>;

const SHARED = 'TEE-BLK-M';
const OTHER = 'CAP-RED';
const OLD = 'SOCK-OLD';
const PIECES = 12;
const secret = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
const codes = ['SE', 'EU'] as const;
type Code = (typeof codes)[number];

let system: System;
let channelPort: number;
let shopDatabases: TestDatabase;
const shops = {} as Record<Code, Shop>;
/** Placed in the SE shop before its channel's startAt. */
let earlyOrderId: string;

/** Two real shops whose own numbers both begin at 5178 and whose own stock says 1000, until Samlast writes it. */
async function startShops(): Promise<void> {
  channelPort = await freePort();
  shopDatabases = await testDatabase('shops');
  for (const code of codes) {
    shops[code] = await startMedusaShop({
      code: code.toLowerCase(),
      postgres: shopDatabases.url,
      fresh: true,
      skus: [SHARED, OTHER, OLD],
      stock: 0,
      firstOrder: code === 'SE' ? 5177 : 5178,
      // One shop tells of its orders at once, the other one is only polled.
      ...(code === 'SE' && {
        plugin: { channelUrl: `http://127.0.0.1:${channelPort}`, webhooks: { secret } },
      }),
    });
  }
}

const pieces = async (article: string) => {
  const [found] = await system.simulator.control.articles({ numbers: [article] });
  return Number(found?.sellable);
};
const warehouseOrders = () => system.simulator.control.orders();
const visible = (code: Code, article: string) => buyerOf(shops[code]).visible(article);

async function bothShow(article: string, number: number, withinMs = 10_000): Promise<void> {
  await eventually(
    async () => {
      expect([await visible('SE', article), await visible('EU', article)]).toEqual([number, number]);
      return true;
    },
    { withinMs, message: `both shops show ${number} of ${article}` },
  );
}

async function buyBeforeTheStart(): Promise<void> {
  await shopkeeperOf(shops.SE).setStock(OLD, 1);
  const sale = await buyerOf(shops.SE).buy([{ sku: OLD, quantity: 1 }]);
  if (!sale.placed) throw new Error(`the early order was refused: ${sale.reason}`);
  earlyOrderId = sale.orderId;
}

beforeAll(async () => {
  await startShops();
  await buyBeforeTheStart();
  const startAt = new Date().toISOString();
  system = await System.start({
    bus: 'kafka',
    channels: codes.map((code) => ({
      code,
      kind: 'medusa',
      line: { shortPolicy: 'reject', startAt },
      ...(code === 'SE' && { port: channelPort }),
      env: {
        MEDUSA_URL: shops[code].url,
        MEDUSA_API_KEY: shops[code].secretKey,
        MEDUSA_STOCK_LOCATION_ID: shops[code].stockLocationId,
        WEBHOOK_SECRET: secret,
      },
    })),
  });
  await system.simulator.control.seed({
    articles: [SHARED, OTHER].map((number) => ({ number, stock: PIECES })),
  });
});

afterAll(async () => {
  await system?.close();
  await Promise.all(Object.values(shops).map((shop) => shop.process.stop()));
  await shopDatabases?.drop();
});

describe('two real Medusa shops on one goods owner', () => {
  it('both show what the warehouse has', async () => {
    await bothShow(SHARED, PIECES, 60_000);
  });

  it('send order 5178 of each to the warehouse, once and under its own number', async () => {
    const sales = await Promise.all(
      codes.map((code) => buyerOf(shops[code]).buy([{ sku: SHARED, quantity: 2 }])),
    );
    expect(sales).toEqual(codes.map(() => expect.objectContaining({ placed: true, number: '5178' })));
    await eventually(
      async () => {
        const orders = await warehouseOrders();
        expect(orders.map((order) => order.number).toSorted()).toEqual(['5178-EU', '5178-SE']);
        return true;
      },
      { withinMs: 30_000 },
    );
    const orders = await warehouseOrders();
    expect(orders.map((order) => order.puts.done)).toEqual([1, 1]);
    expect(orders.map((order) => order.type)).toEqual(['B2C', 'B2C']);
    await bothShow(SHARED, PIECES - 4);
  });

  it('show a fulfilment with tracking in the right shop only', async () => {
    const [order] = (await shopkeeperOf(shops.SE).orders()).filter((one) => one.display_id === 5178);
    const other = (await shopkeeperOf(shops.EU).orders()).find((one) => one.display_id === 5178);
    await system.simulator.control.pick({ order: '5178-SE' });
    await system.simulator.control.ship({
      order: '5178-SE',
      carrier: 'PostNord',
      waybill: 'UA123SE',
      trackingUrl: 'https://track.example.test/UA123SE',
    });
    await eventually(
      async () => {
        expect(await shopkeeperOf(shops.SE).fulfillments(order?.id ?? '')).toEqual([
          expect.objectContaining({ cancelled: false, trackingNumbers: ['UA123SE'] }),
        ]);
        return true;
      },
      { withinMs: 30_000 },
    );
    expect(await shopkeeperOf(shops.EU).fulfillments(other?.id ?? '')).toEqual([]);
    // A fulfilment takes the pieces off the shop's stock, and Samlast must not count them twice after it.
    await bothShow(SHARED, PIECES - 4);
  });

  it('never import an order that was placed before the start, though it is edited after', async () => {
    await shopkeeperOf(shops.SE).touch(earlyOrderId);
    // The next order is read after the edited one, so when it has arrived the edited one was passed over.
    const sale = await buyerOf(shops.SE).buy([{ sku: SHARED, quantity: 1 }]);
    const number = sale.placed ? `${sale.number}-SE` : '';
    await eventually(async () => (await warehouseOrders()).some((order) => order.number === number), {
      withinMs: 30_000,
    });
    expect((await warehouseOrders()).map((order) => order.number)).not.toContain('5177-SE');
    const early = await system.ask<unknown>('channel-se', '/ops/orders-before-start');
    expect(JSON.stringify(early)).toContain(earlyOrderId);
  });

  it('never make an order of a refused checkout', async () => {
    const before = await warehouseOrders();
    const left = await pieces(OTHER);
    const carts = await Promise.all(
      Array.from({ length: 6 }, () => buyerOf(shops.SE).readyCart([{ sku: OTHER, quantity: left - 1 }])),
    );
    const sales = await Promise.all(carts.map((cart) => buyerOf(shops.SE).complete(cart)));
    const placed = sales.filter((sale) => sale.placed);
    expect(placed).toHaveLength(1);
    await bothShow(OTHER, 1, 20_000);
    await eventually(
      async () => {
        expect(await warehouseOrders()).toHaveLength(before.length + 1);
        return true;
      },
      { withinMs: 30_000 },
    );
    const unreadable = await system.ask<unknown[]>('channel-se', '/ops/unreadable-orders');
    expect(unreadable).toEqual([]);
  });

  it('lose and double nothing when any service is killed on the way', async () => {
    const expected = new Set((await warehouseOrders()).map((order) => order.number));
    // Enough for a sale in each shop around each kill.
    const sold = system.names.length * codes.length;
    await system.simulator.control.receive({ article: SHARED, quantity: sold });
    const before = await pieces(SHARED);
    expect(before).toBeGreaterThanOrEqual(sold);
    await bothShow(SHARED, before, 30_000);
    const killed: string[] = [];
    for (const name of system.names) {
      const bought = await Promise.all(
        codes.map(async (code) => ({
          code,
          sale: await buyerOf(shops[code]).buy([{ sku: SHARED, quantity: 1 }]),
        })),
      );
      await system.killAndRestart(name);
      killed.push(name);
      for (const { code, sale } of bought) {
        if (!sale.placed) throw new Error(`${code} refused a sale before ${name} was killed: ${sale.reason}`);
        expected.add(`${sale.number}-${code}`);
      }
      await eventually(
        async () => {
          const orders = await warehouseOrders();
          expect(new Set(orders.map((order) => order.number))).toEqual(expected);
          return true;
        },
        { withinMs: 60_000, message: `all orders are in the warehouse after ${name} was killed` },
      );
    }
    expect(killed).toEqual(['stock-authority', 'wms-gateway', 'channel-se', 'channel-eu']);
    const orders = await warehouseOrders();
    expect(orders).toHaveLength(expected.size);
    expect(orders.filter((order) => order.puts.done !== 1)).toEqual([]);
    expect(await pieces(SHARED)).toBe(before - sold);
    await bothShow(SHARED, before - sold, 30_000);
  });

  it('tell staff at an order that was cancelled too late that the warehouse ships it, where the plugin is', async () => {
    const sale = await buyerOf(shops.SE).buy([{ sku: SHARED, quantity: 1 }]);
    if (!sale.placed) throw new Error(`the sale was refused: ${sale.reason}`);
    const order = `${sale.number}-SE`;
    await eventually(async () => (await warehouseOrders()).some(({ number }) => number === order), {
      withinMs: 30_000,
    });
    await system.simulator.control.pick({ order });
    await shopkeeperOf(shops.SE).cancel(sale.orderId);
    await eventually(
      async () => {
        const read = (await shopkeeperOf(shops.SE).orders()).find(({ id }) => id === sale.orderId);
        expect(Object.values(read?.metadata ?? {})).toContainEqual(
          expect.stringContaining('the warehouse ships it'),
        );
        return true;
      },
      { withinMs: 30_000 },
    );
    await system.simulator.control.ship({ order, carrier: 'PostNord', waybill: 'UA-LATE' });
  });

  it('let no channel start with a stock location that there is not, and say which there are', async () => {
    await system.plan('astray', 'channel-eu', { MEDUSA_STOCK_LOCATION_ID: 'sloc_nowhere' });
    const { code, output } = await system.refused('astray');
    expect(code).toBe(WRONG_CONFIGURATION);
    expect(output).toContain('MEDUSA_STOCK_LOCATION_ID');
    expect(output).toContain(shops.EU.stockLocationId);
  });

  it('keep the names and addresses of buyers out of every log', () => {
    expect(system.output).toContain('ready');
    for (const canary of ['Ada', 'Hafenstrasse', 'ada@buyer.example', '+49400000']) {
      expect(system.output).not.toContain(canary);
    }
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DemoShop, startDemoShop } from '@samlast/local/demo-shop';
import { eventually, freePort, testDatabase, type TestDatabase } from '@samlast/test-stack';
import { startTryton } from '../../tools/real-shops/tryton/tryton-erp.mjs';
import { keeperOf } from '../../tools/real-shops/tryton/tryton-keeper.mjs';
import { System, WRONG_CONFIGURATION } from './testing/system.ts';

const ARTICLE = 'TEE-BLK-M';
const PIECES = 6;
const BARCODE = '7350000000016';
const secret = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
const token = 'what-the-shop-proves-itself-with';
/** On a busy machine each of the dozen calls that book a parcel in Tryton takes seconds. */
const soon = { withinMs: 150_000 };

let system: System;
let databases: TestDatabase;
let erp: Awaited<ReturnType<typeof startTryton>>;
let keeper: ReturnType<typeof keeperOf>;
let shop: DemoShop;

const control = () => system.simulator.control;
const article = async () => (await control().articles({ numbers: [ARTICLE] }))[0];
const order = async (number: string) => (await control().orders({ numbers: [number] }))[0];
const purchase = async (number: string) => (await control().purchaseOrders({ numbers: [number] }))[0];

const shopShows = (pieces: number) =>
  eventually(() => expect(shop.model.stockOf(ARTICLE)).toBe(pieces) ?? true, {
    ...soon,
    message: `the shop shows ${pieces}`,
  });

/** Waits until this is so, and says what it was instead where it never is. */
const becomes = (look: () => Promise<unknown>, expected: object) =>
  eventually(async () => expect(await look()).toMatchObject(expected) ?? true, soon);

beforeAll(async () => {
  const port = await freePort();
  databases = await testDatabase('shops');
  erp = await startTryton({ code: 'erp', postgres: databases.url, fresh: true });
  keeper = keeperOf(erp);
  // The ERP knows nothing of what the shop sells: it believes that there is less than it will be told it has shipped.
  await keeper.addArticle(ARTICLE, { stock: 1, grams: 210, barcode: BARCODE });
  shop = await startDemoShop({
    code: 'EU',
    token,
    webhookUrl: `http://127.0.0.1:${port}/webhooks/orders`,
    webhookSecret: secret,
    articles: [{ number: ARTICLE, name: ARTICLE, price: '20' }],
  });
  system = await System.start({
    bus: 'kafka',
    channels: [
      {
        code: 'ERP',
        kind: 'tryton',
        line: { articleMaster: true, shortPolicy: 'partial', orderType: { code: 'B2B', name: 'Wholesale' } },
        env: {
          TRYTON_URL: erp.url,
          TRYTON_DATABASE: erp.database,
          TRYTON_USERNAME: erp.channelUser.username,
          TRYTON_PASSWORD: erp.channelUser.password,
          TRYTON_WAREHOUSE_ID: String(erp.warehouse),
          ARTICLES_POLL_MS: '1000',
        },
      },
      {
        code: 'EU',
        kind: 'http',
        port,
        env: { SHOP_URL: shop.url, SHOP_TOKEN: token, WEBHOOK_SECRET: secret },
      },
    ],
  });
});

afterAll(async () => {
  await system?.close();
  await Promise.all([erp?.process.stop(), shop?.stop()]);
  await databases?.drop();
});

describe('a real Tryton as the ERP, beside a shop', () => {
  it('gives the warehouse its articles with name, weight and barcode', async () => {
    await becomes(article, {
      fields: {
        articleName: `Article ${ARTICLE}`,
        weight: 0.21,
        barCodeInfo: { barCode: BARCODE },
        unitCode: 'u',
      },
    });
    await control().receive({ article: ARTICLE, quantity: PIECES });
    await shopShows(PIECES);
  });

  it('gets a part of a sale of more than there is, which is shipped with its tracking and told at the sale', async () => {
    const { id, number } = await keeper.sell(ARTICLE, 10);
    await becomes(() => order(`${number}-ERP`), {
      type: 'B2B',
      lines: [{ article: ARTICLE, ordered: PIECES }],
      puts: { done: 1 },
    });
    await shopShows(0);
    await eventually(async () => (await keeper.notes(`sale.sale,${id}`)).length === 1, soon);
    expect(await keeper.notes(`sale.sale,${id}`)).toEqual([
      expect.stringContaining(`4 of 10 ${ARTICLE} missing`),
    ]);
    await control().pick({ order: `${number}-ERP` });
    await control().ship({ order: `${number}-ERP`, carrier: 'PostNord', waybill: 'UA1ERP' });
    await becomes(() => keeper.sale(id), {
      state: 'processing',
      shipments: [
        { state: 'done', quantity: PIECES, tracking: ['UA1ERP'] },
        { state: 'waiting', quantity: 4, tracking: [] },
      ],
    });
    // Staff takes what does not come off the sale: the warehouse has that much already, so nothing is asked of it.
    await keeper.changeSale(id, PIECES);
    await eventually(async () => (await keeper.sale(id)).shipmentState === 'sent', soon);
    expect(await order(`${number}-ERP`)).toMatchObject({ lines: [{ ordered: PIECES }] });
    // One comes back, and its staff reads it at the sale.
    const row = (await order(`${number}-ERP`))?.lines[0]?.row ?? '';
    await control().takeBack({ order: `${number}-ERP`, lines: [{ row, quantity: 1 }], restock: false });
    await eventually(
      async () =>
        (await keeper.notes(`sale.sale,${id}`)).some((note) =>
          note.includes(`announced by nobody: 1 ${ARTICLE}`),
        ),
      soon,
    );
  });

  it('has its purchase received as it came, not as it was ordered, and the shop sells that at once', async () => {
    const { id, number } = await keeper.order(ARTICLE, 20);
    await becomes(() => purchase(`${number}-ERP`), { lines: [{ article: ARTICLE, advised: 20 }] });
    const receive = async (quantity: number) => {
      const row = (await purchase(`${number}-ERP`))?.lines[0]?.row ?? '';
      await control().receiveAgainst({ purchaseOrder: `${number}-ERP`, lines: [{ row, quantity }] });
    };
    await receive(5);
    await shopShows(5);
    await becomes(() => keeper.purchase(id), { receipts: [{ state: 'done', quantity: 5 }] });
    await receive(12);
    await control().finishReceiving({ purchaseOrder: `${number}-ERP` });
    await becomes(() => keeper.purchase(id), {
      receipts: [
        { state: 'done', quantity: 5 },
        { state: 'done', quantity: 12 },
      ],
    });
    await eventually(async () => (await keeper.notes(`purchase.purchase,${id}`)).length === 1, soon);
    expect(await keeper.notes(`purchase.purchase,${id}`)).toEqual([
      expect.stringContaining(`17 of 20 ${ARTICLE}`),
    ]);
  });

  it('is told by the warehouse what it cannot stop any more', async () => {
    const { id, number } = await keeper.sell(ARTICLE, 2);
    await eventually(() => order(`${number}-ERP`), soon);
    await control().pick({ order: `${number}-ERP` });
    await keeper.cancelSale(id);
    await eventually(async () => (await keeper.notes(`sale.sale,${id}`)).length === 1, soon);
    expect(await keeper.notes(`sale.sale,${id}`)).toEqual([expect.stringContaining('too late to stop')]);
  });

  it('stops what the warehouse has not begun', async () => {
    const { id, number } = await keeper.sell(ARTICLE, 3);
    await eventually(() => order(`${number}-ERP`), soon);
    await keeper.cancelSale(id);
    await becomes(() => order(`${number}-ERP`), { status: 1000 });
  });

  it('lets no channel start with a warehouse or package type that there is not, and says which warehouses there are', async () => {
    const [warehouse, type] = ['987654', '987655'];
    await system.plan('astray', 'channel-erp', {
      TRYTON_WAREHOUSE_ID: warehouse,
      TRYTON_PACKAGE_TYPE_ID: type,
    });
    const { code, output } = await system.refused('astray');
    expect(code).toBe(WRONG_CONFIGURATION);
    expect(output).toContain(`TRYTON_WAREHOUSE_ID ${warehouse} is no warehouse`);
    expect(output).toContain(`whose warehouses are ${erp.warehouse}`);
    expect(output).toContain(`TRYTON_PACKAGE_TYPE_ID ${type} is no package type`);
  });

  it('keeps the names and addresses of customers out of every log, and nothing is set aside', async () => {
    expect(system.output).toContain('ready');
    for (const canary of ['Ada Wholesale', 'Hafenstrasse', 'Grace Mills'])
      expect(system.output).not.toContain(canary);
    for (const name of system.started)
      expect([name, await system.ask<unknown[]>(name, '/ops/dead-letters')]).toEqual([name, []]);
    expect(await system.ask('stock-authority', '/ops/verify', { method: 'POST' })).toMatchObject({
      agrees: true,
    });
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ReadOrder, type Shop, ShopFailure, ShopRefused, ShopUnavailable } from '@samlast/channel-kit';
import { Log } from '@samlast/service';
import type { FakeOptions } from '@samlast/shopify-fake';
import { eventually } from '@samlast/test-stack';
import { config } from './config.ts';
import { shopifyShop } from './shopify-shop.ts';
import { ShopifyFarSide } from './testing/shopify-far-side.ts';

const BASE = {
  DATABASE_URL: 'postgres://nowhere',
  BUS: 'embedded',
  CHANNELS_FILE: 'none',
  CHANNEL_CODE: 'US',
  AUTHORITY_URL: 'http://127.0.0.1:1',
};
const EVER = { changedAt: '2020-01-01T00:00:00Z', id: '' };

let far: ShopifyFarSide;
let shop: Shop;

async function open(options: FakeOptions = {}, env: Record<string, string> = {}): Promise<void> {
  await far?.stop();
  far = await ShopifyFarSide.start(options);
  far.fake.world.searchLagMs = 0;
  shop = shopifyShop(config.parse({ ...BASE, ...far.env, ...env }), {
    log: new Log('channel-shopify', 'silent'),
  });
}

beforeEach(() => open());
afterEach(() => far.stop());

async function changed(): Promise<ReadOrder[]> {
  const orders: ReadOrder[] = [];
  for await (const page of shop.changedOrders(EVER)) orders.push(...page.orders);
  return orders;
}

const failing = async (promise: Promise<unknown> | undefined) =>
  promise?.then(
    () => undefined,
    (error: unknown) => error as ShopFailure,
  );

const ref = (order: { id: string; number: string }) => ({
  id: order.id,
  shopNumber: order.number,
  number: `${order.number}-US`,
});

async function parcel(order: { id: string }, quantity: number, more: object = {}) {
  const [line] = far.find(order.id).lines;
  const lines = [{ id: String(line?.id), article: line?.sku ?? '', quantity: String(quantity) }];
  return { parcel: 'p1', lines, carrier: 'PostNord', shippedAt: new Date().toISOString(), ...more };
}

describe('getting in', () => {
  it('gets a token for the app and another one when that has ended', async () => {
    expect(await changed()).toEqual([]);
    far.fake.access.expire();
    expect(await changed()).toEqual([]);
  });

  it('takes the lasting token of an older app', async () => {
    await open({}, { SHOPIFY_ACCESS_TOKEN: 'shpat_fake' });
    expect(await changed()).toEqual([]);
  });

  it('says what to check when it is not let in, and loses nothing', async () => {
    await open({}, { SHOPIFY_ACCESS_TOKEN: 'shpat_wrong' });
    const lasting = await failing(changed());
    expect(lasting).toBeInstanceOf(ShopUnavailable);
    expect(lasting?.message).toContain('SHOPIFY_ACCESS_TOKEN');
    await open({}, { SHOPIFY_CLIENT_ID: 'another' });
    expect((await failing(changed()))?.message).toContain('SHOPIFY_CLIENT_ID');
    await open({ scopes: ['read_products'] });
    expect((await failing(changed()))?.message).toContain('access scopes that the README');
  });

  it('tells every fault of its settings', () => {
    const faulty = {
      ...BASE,
      SHOPIFY_SHOP: 'https://a.com',
      SHOPIFY_CLIENT_SECRET: 'short',
      SHOPIFY_LOCATION_ID: 'x',
    };
    const told = config.safeParse(faulty).error?.issues.map(({ path }) => path[0]);
    expect(told).toEqual(
      expect.arrayContaining(['SHOPIFY_SHOP', 'SHOPIFY_CLIENT_SECRET', 'SHOPIFY_LOCATION_ID']),
    );
    const nameless = { ...BASE, ...far.env, SHOPIFY_CLIENT_ID: undefined };
    expect(config.safeParse(nameless).error?.issues).toMatchObject([{ path: ['SHOPIFY_CLIENT_ID'] }]);
  });
});

describe('points', () => {
  it('waits for room instead of failing, reads and writes alike', async () => {
    await open({ bucket: 1000, restore: 2000 });
    const sku = await far.newArticle(50);
    for (let count = 0; count < 40; count++) far.place({ lines: [{ sku, quantity: 1 }] });
    far.fake.bucket.empty();
    far.fake.faults.set({ throttle: 2 });
    expect(await changed()).toHaveLength(40);
  });

  it('gives up after a while, to be asked again, when others leave no room', async () => {
    far.fake.faults.set({ throttle: 100 });
    const error = (await failing(changed())) as ShopUnavailable;
    expect(error).toBeInstanceOf(ShopUnavailable);
    expect(error.retryAfterMs).toBeGreaterThan(0);
  });
});

describe('orders', () => {
  it('come with all of their lines, however many', async () => {
    const sku = await far.newArticle(1000);
    const lines = Array.from({ length: 500 }, () => ({ sku, quantity: 1 }));
    far.place({ lines });
    const [order] = await changed();
    expect(order).toMatchObject({ state: 'placed' });
    expect(new Set(order && 'lines' in order ? order.lines.map(({ id }) => id) : []).size).toBe(500);
  });

  it('are all there when more than a page was changed in the same second', async () => {
    const sku = await far.newArticle(100);
    for (let count = 0; count < 20; count++) far.place({ lines: [{ sku, quantity: 1 }] });
    const ids = (await changed()).map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([20, 20]);
  });

  it('are not changed by goods that come back, nor by the refund for them', async () => {
    const sku = await far.newArticle(5);
    const order = far.place({ lines: [{ sku, quantity: 3 }] });
    await shop.fulfil?.(ref(order), await parcel(order, 1));
    const known = far.find(order.id);
    const [line] = known.lines;
    if (!line) throw new Error('The order has no line.');
    far.fake.shop.refund(far.fake.world, known, [{ line, quantity: 1, restockType: 'RETURN' }]);
    expect(await shop.order(order.id)).toMatchObject({ lines: [{ quantity: '3', fulfilled: '1' }] });
    far.fake.shop.editQuantity(far.fake.world, known, line, 2, true);
    expect(await shop.order(order.id)).toMatchObject({ lines: [{ quantity: '2', fulfilled: '1' }] });
  });

  it('that are gone are undefined', async () => {
    expect(await shop.order('gid://shopify/Order/1')).toBeUndefined();
  });
});

describe('parcels', () => {
  it('become one fulfilment when the answer is lost before it was written down which one', async () => {
    const order = far.place({ lines: [{ sku: await far.newArticle(5), quantity: 3 }] });
    const shipment = await parcel(order, 1, { trackingNumber: 'T1' });
    far.fake.faults.set({ dropAnswers: 1, only: 'fulfillmentCreate' });
    expect(await failing(shop.fulfil?.(ref(order), shipment))).toBeInstanceOf(ShopUnavailable);
    await shop.fulfil?.(ref(order), shipment);
    await shop.fulfil?.(ref(order), shipment);
    // Alike, and another parcel all the same.
    await shop.fulfil?.(ref(order), { ...shipment, parcel: 'p2' });
    expect((await far.order(order.id)).fulfilments).toHaveLength(2);
  });

  it('get a tracking number that comes later', async () => {
    const order = far.place({ lines: [{ sku: await far.newArticle(5), quantity: 3 }] });
    await shop.fulfil?.(ref(order), await parcel(order, 2));
    await shop.fulfil?.(ref(order), await parcel(order, 2, { trackingNumber: 'LATE' }));
    const { fulfilments } = await far.order(order.id);
    expect(fulfilments).toMatchObject([{ quantity: 2, trackingNumber: 'LATE' }]);
  });

  it('are refused with what to do when their pieces are not there any more', async () => {
    const order = far.place({ lines: [{ sku: await far.newArticle(5), quantity: 1 }] });
    const more = await failing(shop.fulfil?.(ref(order), await parcel(order, 2)));
    expect(more).toBeInstanceOf(ShopRefused);
    expect(more?.message).toMatch(/1 of 2 pieces.*then retry/);
    far.find(order.id).held = true;
    expect((await failing(shop.fulfil?.(ref(order), await parcel(order, 1))))?.message).toContain('on hold');
  });
});

describe('cancels', () => {
  it('are done once, when the answer is lost too, and put the pieces back', async () => {
    const sku = await far.newArticle(5);
    const order = far.place({ lines: [{ sku, quantity: 2 }] });
    far.fake.faults.set({ dropAnswers: 1, only: 'orderCancel' });
    await failing(shop.cancel?.(ref(order), 'out of stock'));
    await shop.cancel?.(ref(order), 'out of stock');
    expect([(await far.order(order.id)).cancelled, await far.offered(sku)]).toEqual([true, 5]);
  });

  it('are refused where it is too late', async () => {
    const order = far.place({ lines: [{ sku: await far.newArticle(5), quantity: 2 }] });
    await shop.fulfil?.(ref(order), await parcel(order, 1));
    expect(await failing(shop.cancel?.(ref(order), 'x'))).toBeInstanceOf(ShopRefused);
  });

  it('are not known yet while Shopify works on them', async () => {
    const order = far.place({ lines: [{ sku: await far.newArticle(5), quantity: 2 }] });
    far.fake.world.jobMs = 600_000;
    expect(await failing(shop.cancel?.(ref(order), 'x'))).toBeInstanceOf(ShopUnavailable);
  });
});

describe('the shelf', () => {
  const write = (article: string, from: number, to: number) =>
    shop.shelf?.write([{ article, writeId: `w-${from}-${to}`, from: String(from), to: String(to) }]);

  it('is written only from the number that was read, each article by itself', async () => {
    const [one, other] = [await far.newArticle(5), await far.newArticle(6)];
    await shop.shelf?.read([one, other]);
    await far.buy(one, 1);
    const writes = [
      { article: one, writeId: 'w1', from: '5', to: '9' },
      { article: other, writeId: 'w2', from: '6', to: '9' },
    ];
    expect(await shop.shelf?.write(writes)).toEqual([
      { article: one, outcome: 'changed' },
      { article: other, outcome: 'set' },
    ]);
    expect([await far.offered(one), await far.offered(other)]).toEqual([4, 9]);
  });

  it('writes the same numbers again under another name, with a sale and its cancel in between', async () => {
    const sku = await far.newArticle(5);
    await shop.shelf?.read([sku]);
    await write(sku, 5, 3);
    far.fake.world.variantOf(sku).levels.values().next().value!.available = 5;
    const [again] =
      (await shop.shelf?.write([{ article: sku, writeId: 'another', from: '5', to: '3' }])) ?? [];
    expect([again?.outcome, await far.offered(sku)]).toEqual(['set', 3]);
  });

  it('follows a number to the variant that has it now', async () => {
    const sku = await far.newArticle(5);
    await shop.shelf?.read([sku]);
    far.fake.world.variantOf(sku).sku = 'RENAMED';
    far.fake.shop.addVariant(far.fake.world, { sku, available: 8 });
    expect((await shop.shelf?.read([sku]))?.get(sku)).toEqual({ number: '8' });
  });

  it('refuses a number that two have, and one that Shopify keeps no stock of, with what to do', async () => {
    far.fake.shop.addVariant(far.fake.world, { sku: "TWICE 'x'", available: 1 });
    far.fake.shop.addVariant(far.fake.world, { sku: "TWICE 'x'", available: 1 });
    far.fake.shop.addVariant(far.fake.world, { sku: 'SERVICE', available: 0, tracked: false });
    await shop.shelf?.read(["TWICE 'x'", 'SERVICE']);
    expect(await write("TWICE 'x'", 1, 0)).toMatchObject([
      { outcome: 'refused', text: expect.stringContaining('2 variants') },
    ]);
    expect(await write('SERVICE', 0, 4)).toMatchObject([
      { outcome: 'refused', text: expect.stringContaining('Track quantity') },
    ]);
  });
});

describe('returns', () => {
  async function returned() {
    const order = far.place({ lines: [{ sku: await far.newArticle(5), quantity: 3 }] });
    await shop.fulfil?.(ref(order), await parcel(order, 3));
    const known = far.find(order.id);
    const [line] = known.fulfillments[0]?.lines ?? [];
    const wish = { fulfillmentLineId: line?.id ?? 0, quantity: 2, reason: 'SIZE_TOO_SMALL' };
    return { order, known, announced: far.fake.shop.announceReturn(far.fake.world, known, [wish]) };
  }

  async function announcements() {
    const entries = [];
    for await (const page of shop.returns?.changed(EVER) ?? []) entries.push(...page.entries);
    return entries;
  }

  it('are announced, and withdrawn', async () => {
    const { order, known, announced } = await returned();
    const [line] = known.lines;
    expect(await announcements()).toMatchObject([
      {
        number: `${order.number}-R1`,
        order: order.number,
        state: 'placed',
        lines: [{ orderLine: String(line?.id), quantity: '2', cause: { code: 'size_too_small' } }],
      },
    ]);
    far.fake.shop.cancelReturn(far.fake.world, known, announced);
    expect(await announcements()).toMatchObject([{ state: 'cancelled' }]);
  });

  it('are announced, however many an order has, with however many lines', async () => {
    const skus = await Promise.all(Array.from({ length: 60 }, () => far.newArticle(20)));
    const order = far.place({ lines: skus.map((sku) => ({ sku, quantity: 10 })) });
    const known = far.find(order.id);
    const lines = known.lines.map(({ id, sku }) => ({ id: String(id), article: sku ?? '', quantity: '10' }));
    const sent = { parcel: 'p1', lines, shippedAt: new Date().toISOString() };
    await shop.fulfil?.(ref(order), sent);
    const pieces = known.fulfillments.flatMap((one) => one.lines);
    for (let count = 0; count < 7; count++) {
      const wishes = pieces.map(({ id }) => ({ fulfillmentLineId: id, quantity: 1, reason: 'UNWANTED' }));
      far.fake.shop.announceReturn(far.fake.world, known, wishes);
    }
    const found = await announcements();
    expect(found.map((one) => 'lines' in one && one.lines.length)).toEqual(Array(7).fill(60));
    const last = known.returns.at(-1);
    const back = lines.map((line) => ({ ...line, quantity: '1', restocked: true }));
    const returnedAt = new Date().toISOString();
    await shop.returned?.(ref(order), {
      receipt: 'r1',
      return: `${order.number}-R7-US`,
      lines: back,
      returnedAt,
    });
    expect(last?.lines.every(({ dispositions }) => dispositions.length === 1)).toBe(true);
  });

  it('are told beside notes of their order, and none of the remarks is lost', async () => {
    const { order } = await returned();
    const [announcement] = await announcements();
    const about = {
      id: announcement?.id ?? '',
      shopNumber: `${order.number}-R1`,
      number: `${order.number}-R1-US`,
    };
    const texts = ['one', 'two', 'three'];
    await Promise.all([
      ...texts.map((key) => shop.note?.(ref(order), { key, text: key })),
      shop.returns?.tell(about, { kind: 'note', key: 'refused', text: 'It is not expected.' }),
    ]);
    expect((await far.order(order.id)).notes).toBe(4);
  });

  it('are told as received once, and never put on offer by Shopify', async () => {
    const { order, known, announced } = await returned();
    const [line] = known.lines;
    const sku = line?.sku ?? '';
    const before = await far.offered(sku);
    const lines = [{ id: String(line?.id), article: sku, quantity: '2', restocked: true }];
    const goods = {
      receipt: 'r1',
      return: `${order.number}-R1-US`,
      lines,
      returnedAt: new Date().toISOString(),
    };
    await shop.returned?.(ref(order), goods);
    await shop.returned?.(ref(order), goods);
    expect(announced.lines[0]?.dispositions).toEqual([{ type: 'NOT_RESTOCKED', quantity: 2 }]);
    expect([await far.offered(sku), (await far.order(order.id)).notes]).toEqual([before, 1]);
  });
});

describe('webhooks', () => {
  it('are registered by the channel itself, once, where Shopify can reach it', async () => {
    await open({}, { SHOPIFY_WEBHOOK_URL: 'https://us.example.test/' });
    await changed();
    await changed();
    const told = [...far.fake.world.subscriptions.values()].map(({ topic, uri }) => `${topic} ${uri}`);
    expect(told).toContain('orders/create https://us.example.test/webhooks/shopify');
    expect(told).toHaveLength(5);
  });

  it('that cannot be registered stop nothing', async () => {
    await open({}, { SHOPIFY_WEBHOOK_URL: 'http://no-tls.example.test' });
    await eventually(async () => (await changed()).length === 0);
    expect(far.fake.world.subscriptions.size).toBe(0);
  });
});

describe('articles', () => {
  it('come with number, name, barcode, and whether they have stock', async () => {
    const { world } = far.fake;
    far.fake.shop.addVariant(world, { sku: 'TEE', title: 'Tee', barcode: '4006381333931' });
    far.fake.shop.addVariant(world, { sku: 'GIFT', title: 'Wrapping', requiresShipping: false });
    far.fake.shop.addVariant(world, { sku: '' });
    const found = [];
    for await (const page of shop.articles?.() ?? []) found.push(...page);
    expect(found.map(({ article, listed }) => ({ ...article, listed }))).toEqual([
      { number: 'TEE', name: 'Tee', barcode: '4006381333931', stocked: true, listed: true },
      { number: 'GIFT', name: 'Wrapping', stocked: false, listed: true },
    ]);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '@samlast/ongoing-simulator';
import {
  OngoingAccessError,
  OngoingClient,
  OngoingReadRefused,
  OngoingUnreachable,
  trackingOf,
} from './index.ts';
import type { OrderInput } from './index.ts';

let simulator: Simulator;
let client: OngoingClient;

beforeAll(async () => {
  simulator = await startSimulator();
  client = clientWith({});
});
afterAll(async () => {
  client.close();
  await simulator.close();
});
beforeEach(async () => {
  await simulator.control.disarm();
});

function clientWith(options: { password?: string; timeoutMs?: number }): OngoingClient {
  const { apiUrl, user, password, goodsOwnerId } = simulator;
  return new OngoingClient({ baseUrl: apiUrl, user, password, goodsOwnerId, ...options });
}

let count = 0;
function order(
  articleNumber: string,
  quantity: number | string = 1,
  rest: Partial<OrderInput> = {},
): OrderInput {
  return {
    orderNumber: `${++count}-SE`,
    deliveryDate: '2026-03-02',
    consignee: { name: 'Karin Ek', city: 'Stockholm' },
    orderLines: [{ rowNumber: '1', articleNumber, numberOfItems: quantity }],
    ...rest,
  };
}

async function article(stock: number): Promise<string> {
  const number = `ART-${++count}`;
  await simulator.control.seed({ articles: [{ number, stock }] });
  return number;
}

describe('articles', () => {
  it('are read back with measures, barcodes and prices as they were written', async () => {
    const number = `ART-${++count}`;
    const written = {
      articleNumber: number,
      length: 0.3,
      volume: 0.0005,
      purchasePrice: 4.25,
      purcaseCurrencyCode: 'EUR',
      barCodeInfo: { barCode: '1', alternativeBarCodes: [{ barCode: '2', quantityPerBarCode: 12 }] },
    };
    await client.putArticle(written);
    const [read] = await client.getArticles({ articleNumbers: [number] });
    expect(read).toMatchObject({ ...written, length: '0.3' });
  });

  it('have their parts and their dangerous goods in answers of their own', async () => {
    const [part, kit] = [await article(4), `ART-${++count}`];
    const rows = [{ articleNumber: part, numberOfItems: 2 }];
    await client.putArticle({ articleNumber: kit, structureDefinition: { articleKind: 'Structure', rows } });
    expect(await client.structuresOf([kit, part])).toEqual([
      { articleNumber: kit, rows: [{ articleNumber: part, numberOfItems: '2' }] },
    ]);
    const dangers = {
      unNumber: '1950',
      flashPoint: -40,
      unProperShippingNames: [{ languageCode: 'en', name: 'A' }],
    };
    expect(await client.putDangerousGoods(part, dangers)).toMatchObject({ outcome: 'done' });
    const [none, some] = (await client.dangerousGoodsOf([kit, part])).toSorted((a) =>
      a.articleNumber === part ? 1 : -1,
    );
    expect(none).toMatchObject({ articleNumber: kit, dangerousGoods: undefined });
    expect(some?.dangerousGoods).toMatchObject({ ...dangers, unNumber: { unNumber: '1950' } });
  });
});

describe('writing', () => {
  it('creates an article and reads it back with its balances as decimal strings', async () => {
    const number = `ART-${++count}`;
    const written = await client.putArticle({ articleNumber: number, articleName: 'Tea', weight: 0.21 });
    expect(written).toEqual({ outcome: 'done', articleSystemId: expect.any(Number), status: 200 });
    await simulator.control.receive({ article: number, quantity: 2.5 });
    const [read] = await client.getArticles({ articleNumbers: [number, 'nobody'] });
    expect(read).toMatchObject({ articleNumber: number, articleName: 'Tea', weight: '0.21' });
    expect(read?.inventoryInfo).toMatchObject({ inWarehouse: '2.5', sellable: '2.5', booked: '0' });
  });

  it('creates an order, updates it under the same id, and lowers sellable at once', async () => {
    const number = await article(5);
    const placed = order(number, '2');
    const created = await client.putOrder(placed);
    const again = await client.putOrder({ ...placed, orderLines: order(number, 3).orderLines });
    expect(created).toMatchObject({ outcome: 'done', status: 201 });
    expect(again).toEqual({ ...created, status: 200 });
    const [read] = await client.getArticles({ articleNumbers: [number] });
    expect(read?.inventoryInfo?.sellable).toBe('2');
    const found = await client.findOrder(placed.orderNumber);
    expect(found?.orderLines[0]).toMatchObject({ rowNumber: '1', orderedNumberOfItems: '3' });
  });

  it('tells a refusal with its text, and blots out what it repeats of the consignee and the buyer', async () => {
    const refused = await client.putOrder(order('no-such-article'));
    expect(refused).toMatchObject({ outcome: 'refused', status: 400 });
    const leak = await client.putOrder(order('Karin Ek'));
    expect(leak).toMatchObject({ outcome: 'refused', text: expect.not.stringContaining('Karin') });
    const said = { ...order('Ring twice'), orderRemark: 'Ring twice' };
    const [line] = order('Mind the dog').orderLines;
    const commented = { ...order('Mind the dog'), orderLines: [{ ...line!, comment: 'Mind the dog' }] };
    for (const words of [said, commented])
      expect(await client.putOrder(words)).toMatchObject({ text: expect.not.stringMatching(/Ring|Mind/) });
  });

  it('cancels by number, and is refused the second time', async () => {
    const placed = order(await article(1));
    await client.putOrder(placed);
    expect(await client.cancelOrder(placed)).toMatchObject({ outcome: 'done' });
    expect(await client.cancelOrder(placed)).toMatchObject({ outcome: 'refused', status: 400 });
    expect((await client.findOrder(placed.orderNumber))?.orderInfo.orderStatus.number).toBe(1000);
  });

  it('cancels by id, until the warehouse works on the order', async () => {
    const placed = order(await article(1));
    const created = await client.putOrder(placed);
    await simulator.control.allocate({ order: placed.orderNumber });
    if (created.outcome !== 'done') throw new Error('the order was not created');
    expect(await client.cancelOrder(created)).toMatchObject({ outcome: 'refused' });
    expect((await client.getOrder(created.orderId))?.orderInfo.orderStatus).toEqual({
      number: 320,
      text: 'Allocated',
    });
  });
});

describe('an outcome that nobody knows', () => {
  it.each([
    ['drop', true, 'connection', 1],
    ['drop', false, 'connection', 0],
    ['error', false, 'server-fault', 0],
    ['html', true, 'server-fault', 1],
    ['null-id', true, 'no-id', 1],
  ] as const)('is unknown after %s (carried out: %s)', async (kind, afterCommit, cause, orders) => {
    const placed = order(await article(1));
    await simulator.control.arm({ on: 'PUT /orders', kind, afterCommit });
    expect(await client.putOrder(placed)).toMatchObject({
      outcome: 'unknown',
      cause: { kind: cause, sent: true },
    });
    expect(await client.findOrders(placed.orderNumber)).toHaveLength(orders);
  });

  it('is unknown after a timeout, and the write may be carried out later', async () => {
    const impatient = clientWith({ timeoutMs: 60 });
    const placed = order(await article(1));
    await simulator.control.arm({ on: 'PUT /orders', kind: 'slow', delayMs: 150 });
    expect(await impatient.putOrder(placed)).toMatchObject({
      outcome: 'unknown',
      cause: { kind: 'timeout' },
    });
    expect(await client.findOrder(placed.orderNumber)).toBeUndefined();
    // Writes run one at a time, so the next one ends after the slow one.
    await client.putOrder(order(await article(1)));
    expect(await client.findOrder(placed.orderNumber)).toBeDefined();
    impatient.close();
  });

  it('is unknown but certainly not sent where nobody listens', async () => {
    const gone = await startSimulator();
    const lonely = new OngoingClient({ baseUrl: gone.apiUrl, user: 'u', password: 'p', goodsOwnerId: 41 });
    await gone.close();
    expect(await lonely.putOrder(order('A'))).toMatchObject({ outcome: 'unknown', cause: { sent: false } });
    await expect(lonely.warehouses()).rejects.toThrow(OngoingUnreachable);
    lonely.close();
  });

  it('can be called off', async () => {
    await simulator.control.arm({ on: 'PUT /orders', kind: 'hang' });
    const stop = new AbortController();
    const written = client.putOrder(order(await article(1)), stop.signal);
    stop.abort();
    expect(await written).toMatchObject({ outcome: 'unknown', cause: { kind: 'aborted' } });
  });
});

describe('access', () => {
  it('says what to check when the password is wrong', async () => {
    const stranger = clientWith({ password: 'wrong' });
    await expect(stranger.warehouses()).rejects.toThrow(OngoingAccessError);
    await expect(stranger.putOrder(order('A'))).rejects.toThrow(/user name or password/);
    stranger.close();
  });

  it('says what to check when API access is off', async () => {
    await simulator.control.knobs({ apiAccess: false });
    await expect(client.getArticles({})).rejects.toThrow(/API access is switched on/);
    await simulator.control.knobs({ apiAccess: true });
  });
});

describe('a tenant that answers 500 to all of Node’s fetch', () => {
  it('answers this client', async () => {
    await simulator.control.knobs({ rejectFetch: true });
    const { apiUrl, user, password, goodsOwnerId } = simulator;
    const headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
    const fetched = await fetch(`${apiUrl}articles?goodsOwnerId=${goodsOwnerId}`, { headers });
    expect(fetched.status).toBe(500);
    expect(await client.putOrder(order(await article(1)))).toMatchObject({ outcome: 'done' });
    await simulator.control.knobs({ rejectFetch: false });
  });
});

describe('reading', () => {
  it('reads all articles page by page and asks for a page only when it is wanted', async () => {
    const numbers = [await article(1), await article(2), await article(3)];
    const before = (await simulator.control.counts()).requests['GET /articles'] ?? 0;
    const pages = client.listArticlePages({}, { pageSize: 2 });
    expect((await simulator.control.counts()).requests['GET /articles'] ?? 0).toBe(before);
    const seen: string[] = [];
    for await (const page of pages) {
      expect(page.items.length).toBeLessThanOrEqual(2);
      expect(Date.parse(page.serverTime ?? '')).not.toBeNaN();
      seen.push(...page.items.map((one) => one.articleNumber));
    }
    expect(seen).toEqual(expect.arrayContaining(numbers));
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('reads orders by their change of status, of every channel', async () => {
    const number = await article(9);
    const from = (await simulator.control.clock({ advanceMs: 60_000 })).now;
    await simulator.control.clock({ advanceMs: 1000 });
    const placed = order(number);
    await client.putOrder(placed);
    await simulator.control.typeIn({ number: `HAND-${count}`, lines: [{ article: number, quantity: 1 }] });
    const seen: string[] = [];
    for await (const page of client.listOrderPages({ orderStatusChangedTimeFrom: from }, { pageSize: 1 })) {
      seen.push(...page.items.map((one) => one.orderInfo.orderNumber));
    }
    expect(seen).toEqual([placed.orderNumber, `HAND-${count}`]);
  });

  it('tells a cursor that lies too far back as a refusal, not as a fault', async () => {
    const read = client.getArticles({ stockInfoChangedFrom: new Date(0).toISOString() });
    await expect(read).rejects.toThrow(OngoingReadRefused);
    await expect(read).rejects.toThrow(/24 hours/);
  });

  it('reads a page of HTML as an answer to try again', async () => {
    await simulator.control.arm({ on: 'GET /articles', kind: 'html' });
    await expect(client.getArticles({})).rejects.toThrow(OngoingUnreachable);
  });

  it('knows no order under an id that is not there', async () => {
    expect(await client.getOrder(1)).toBeUndefined();
  });

  it('reads the registers', async () => {
    await client.putOrder(order(await article(1), 1, { orderType: { code: 'B2C', name: 'Shops' } }));
    expect(await client.orderTypes()).toContainEqual({ code: 'B2C', name: 'Shops' });
    expect(await client.orderStatuses()).toContainEqual({ number: 450, text: 'Sent' });
    expect(await client.warehouses()).toEqual([{ id: 1, code: 'MAIN', name: 'Main warehouse' }]);
  });
});

describe('tracking', () => {
  it('finds each parcel once with its lines, and no return label', async () => {
    const number = await article(5);
    const placed = order(number, 3);
    await client.putOrder(placed);
    const { control } = simulator;
    await control.pick({ order: placed.orderNumber });
    await control.ship({
      order: placed.orderNumber,
      parcels: [
        { number: 'P1', waybill: 'W1', trackingUrl: 'https://t.test/W1', lines: [{ row: '1', quantity: 1 }] },
        { number: 'P2', lines: [{ row: '1', quantity: 2 }] },
        { number: 'R1', isReturn: true },
      ],
    });
    const read = await client.findOrder(placed.orderNumber);
    if (!read) throw new Error('the order is gone');
    expect(trackingOf(read).map(({ key, trackingNumber, lines }) => [key, trackingNumber, lines])).toEqual([
      ['P1', 'W1', [{ rowNumber: '1', articleNumber: number, quantity: '1' }]],
      ['P2', 'P2', [{ rowNumber: '1', articleNumber: number, quantity: '2' }]],
    ]);
  });
});

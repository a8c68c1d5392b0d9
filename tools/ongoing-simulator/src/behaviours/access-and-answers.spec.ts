import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '../start.ts';
import { ask, getOrder, line, putOrder, stockOf } from '../testing/ask.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.seed({ articles: [{ number: 'TEE', stock: 10 }] });
});

const numbers = async (query: string) =>
  (await ask(simulator, 'GET', `orders?goodsOwnerId=41${query}`)).body.map(
    (one: { orderInfo: { orderNumber: string } }) => one.orderInfo.orderNumber,
  );

const status = async (path: string) => (await ask(simulator, 'GET', path)).status;

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

describe('row 1: access', () => {
  it('answers 401 without credentials and with wrong ones', async () => {
    const wrong = `Basic ${Buffer.from('WSI-demo:wrong').toString('base64')}`;
    expect((await ask(simulator, 'GET', 'warehouses', { authorization: wrong })).status).toBe(401);
    expect((await ask(simulator, 'GET', 'warehouses', { authorization: '' })).status).toBe(401);
    expect((await ask(simulator, 'GET', 'warehouses')).status).toBe(200);
  });

  it('answers 403 while API access is off, and for another goods owner', async () => {
    expect((await ask(simulator, 'GET', 'articles?goodsOwnerId=42')).status).toBe(403);
    expect((await putOrder(simulator, '1', [], { goodsOwnerId: 42 })).status).toBe(403);
    await simulator.control.knobs({ apiAccess: false });
    expect((await ask(simulator, 'GET', 'articles?goodsOwnerId=41')).status).toBe(403);
  });

  it('takes the warehouse in the address without case, and answers 404 for another path', async () => {
    const upper = { ...simulator, apiUrl: simulator.apiUrl.replace('/demo/', '/DEMO/') };
    expect((await ask(upper, 'GET', 'warehouses')).status).toBe(200);
    expect((await ask(simulator, 'GET', 'articles/inventory')).status).toBe(404);
  });
});

describe('row 4: PUT order answers 201 when created and 200 when updated', () => {
  it('by default', async () => {
    expect((await putOrder(simulator, '1-SE', [])).status).toBe(201);
    expect((await putOrder(simulator, '1-SE', [])).status).toBe(200);
  });

  it('or always 200 with forceStatus200', async () => {
    await simulator.control.knobs({ forceStatus200: true });
    expect((await putOrder(simulator, '1-SE', [])).status).toBe(200);
  });
});

describe('row 13: the statuses are the tenant’s', () => {
  it('shows numbers and texts as they are set', async () => {
    const statusSet = [{ number: 310, text: 'Frisläppt' }];
    await simulator.control.knobs({ statusSet, initialStatus: 310 });
    expect((await ask(simulator, 'GET', 'orders/statuses')).body).toEqual({ orderStatuses: statusSet });
    await putOrder(simulator, '1-SE', []);
    expect((await getOrder(simulator, '1-SE')).orderInfo.orderStatus).toEqual(statusSet[0]);
  });
});

describe('the warehouses', () => {
  it('are a bare list, of one or of more with moreWarehouses, and need no goods owner', async () => {
    const main = { id: 1, code: 'MAIN', name: 'Main warehouse', address: null };
    expect((await ask(simulator, 'GET', 'warehouses')).body).toEqual([main]);
    const north = { id: 2, code: 'N', name: 'North' };
    await simulator.control.knobs({ moreWarehouses: [north] });
    expect((await ask(simulator, 'GET', 'warehouses')).body).toEqual([main, { ...north, address: null }]);
  });
});

describe('row 15: the form of answers', () => {
  it('answers [] when nothing is found', async () => {
    expect((await ask(simulator, 'GET', 'orders?goodsOwnerId=41&orderNumber=none')).text).toBe('[]');
  });

  it('has null for absent members, or leaves them out with nullMembers off', async () => {
    await putOrder(simulator, '1-SE', []);
    expect((await getOrder(simulator, '1-SE')).orderInfo.wayBill).toBeNull();
    await simulator.control.knobs({ nullMembers: false });
    expect((await getOrder(simulator, '1-SE')).orderInfo).not.toHaveProperty('wayBill');
  });

  it('writes times in UTC with as many fraction digits as needed, and dates without a time', async () => {
    await simulator.control.clock({ factor: 0, at: '2026-03-01T10:00:00.900Z' });
    await putOrder(simulator, '1-SE', [], { deliveryDate: '2026-03-02T08:00:00+01:00' });
    await simulator.control.clock({ at: '2026-03-01T10:00:01Z' });
    await putOrder(simulator, '2-SE', []);
    const { orderInfo } = await getOrder(simulator, '1-SE');
    expect(orderInfo.createdDate).toBe('2026-03-01T10:00:00.9Z');
    expect(orderInfo.deliveryDate).toBe('2026-03-02');
    expect(orderInfo.advanced.deliveryDateWithTime).toBe('2026-03-02T07:00:00Z');
    expect((await getOrder(simulator, '2-SE')).orderInfo.createdDate).toBe('2026-03-01T10:00:01Z');
  });

  it('names the field of a faulty request', async () => {
    const { status, body } = await putOrder(simulator, '1-SE', [{ rowNumber: '1', articleNumber: 'TEE' }]);
    expect(status).toBe(400);
    expect(Object.keys(body.modelState)).toEqual(['orderLines[0].numberOfItems']);
  });

  it('refuses unknown members only with rejectUnknownKeys', async () => {
    expect((await putOrder(simulator, '1-SE', [], { colour: 'red' })).status).toBe(201);
    await simulator.control.knobs({ rejectUnknownKeys: true });
    expect((await putOrder(simulator, '1-SE', [], { colour: 'red' })).status).toBe(400);
  });
});

describe('row 16: pages', () => {
  beforeEach(async () => {
    for (const number of ['1-SE', '2-SE', '3-SE']) await putOrder(simulator, number, []);
  });
  it('start at the cursor, inclusive, in ascending order', async () => {
    const { orderId } = (await getOrder(simulator, '2-SE')).orderInfo;
    expect(await numbers(`&orderIdFrom=${orderId}`)).toEqual(['2-SE', '3-SE']);
    expect(await numbers(`&orderIdFrom=${orderId}&maxOrdersToGet=1`)).toEqual(['2-SE']);
    expect(await numbers(`&orderIdFrom=${orderId + 2}`)).toEqual([]);
  });

  it('have no limit unless asked, and no page number: unknown parameters are ignored', async () => {
    expect(await numbers('&page=2&pageSize=1')).toEqual(['1-SE', '2-SE', '3-SE']);
  });

  it('of articles work the same', async () => {
    await simulator.control.seed({ articles: [{ number: 'CAP' }] });
    const all = (await ask(simulator, 'GET', 'articles?goodsOwnerId=41&maxArticlesToGet=1')).body;
    expect(all).toHaveLength(1);
    const from = all[0].articleSystemId + 1;
    const rest = (await ask(simulator, 'GET', `articles?goodsOwnerId=41&articleSystemIdFrom=${from}`)).body;
    expect(rest[0].articleNumber).toBe('CAP');
  });

  it('take arrays as repeated keys; a comma-joined value matches nothing', async () => {
    expect(await numbers('&orderNumbers=1-SE&orderNumbers=3-SE')).toEqual(['1-SE', '3-SE']);
    expect(await numbers('&orderNumbers=1-SE,3-SE')).toEqual([]);
  });
});

describe('row 17: cursors in time have a greatest age', () => {
  it('refuses stockInfoChangedFrom older than 24 hours', async () => {
    expect(await status(`articles?goodsOwnerId=41&stockInfoChangedFrom=${ago(23)}`)).toBe(200);
    expect(await status(`articles?goodsOwnerId=41&stockInfoChangedFrom=${ago(25)}`)).toBe(400);
  });

  it('refuses orderUpdatedTimeFrom older than 2 days, but not orderStatusChangedTimeFrom', async () => {
    expect(await status(`orders?goodsOwnerId=41&orderUpdatedTimeFrom=${ago(47)}`)).toBe(200);
    expect(await status(`orders?goodsOwnerId=41&orderUpdatedTimeFrom=${ago(49)}`)).toBe(400);
    expect(await status(`orders?goodsOwnerId=41&orderStatusChangedTimeFrom=${ago(4900)}`)).toBe(200);
  });
});

describe('row 19: writes run one at a time', () => {
  it('lets later writes wait for the latency of all before them', async () => {
    await simulator.control.knobs({ writeLatencyMs: 250 });
    const startedAt = performance.now();
    await putOrder(simulator, '0', []);
    expect((await simulator.control.counts()).writesAtOnce).toBe(1);
    await Promise.all(['1', '2', '3'].map((number) => putOrder(simulator, number, [])));
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(995);
    expect((await simulator.control.counts()).writesAtOnce).toBe(3);
  });

  it('takes its time before a read, and before any answer, as it is told', async () => {
    const tookMs = async (path: string) => {
      const startedAt = performance.now();
      await ask(simulator, 'GET', path);
      return performance.now() - startedAt;
    };
    await simulator.control.knobs({ readLatencyMs: 60 });
    expect(await tookMs('orders?goodsOwnerId=41')).toBeGreaterThanOrEqual(55);
    await simulator.control.knobs({ readLatencyMs: 0, answerLatencyMs: 60 });
    expect(await tookMs('orders?goodsOwnerId=41')).toBeGreaterThanOrEqual(55);
    const startedAt = performance.now();
    await putOrder(simulator, '1-SE', []);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(55);
  });

  it('carries a write out although its answer is dropped', async () => {
    await simulator.control.knobs({ dropResponseAfterCommit: 1 });
    await expect(putOrder(simulator, '1-SE', [line('1', 'TEE', 2)])).rejects.toThrow();
    await simulator.control.knobs({ dropResponseAfterCommit: 0 });
    expect((await stockOf(simulator, 'TEE')).sellableNumberOfItems).toBe(8);
    const [order] = await simulator.control.orders({ numbers: ['1-SE'] });
    expect(order?.puts).toEqual({ received: 1, done: 1 });
  });
});

describe('row 20: faults', () => {
  it('answers 500 with JSON or with a page and does not carry the request out', async () => {
    await simulator.control.knobs({ faultRate: 1, faultKind: 'json' });
    const json = await putOrder(simulator, '1-SE', []);
    expect([json.status, json.body]).toEqual([500, { Message: 'An error has occurred.' }]);
    await simulator.control.knobs({ faultKind: 'html' });
    const page = await putOrder(simulator, '1-SE', []);
    expect([page.status, page.text.startsWith('<!DOCTYPE html>')]).toEqual([500, true]);
    await simulator.control.knobs({ faultRate: 0 });
    expect(await simulator.control.orders()).toEqual([]);
  });

  it('cuts connections, answers 429, and takes its time, as often as it is told', async () => {
    await simulator.control.knobs({ disconnectRate: 1 });
    await expect(putOrder(simulator, '1-SE', [])).rejects.toThrow();
    await simulator.control.knobs({ disconnectRate: 0, tooManyRate: 1 });
    expect((await putOrder(simulator, '1-SE', [])).status).toBe(429);
    expect(await simulator.control.orders()).toEqual([]);
    await simulator.control.knobs({ retryAfterS: 3 });
    const { status, headers } = await fetch(new URL('warehouses', simulator.apiUrl));
    expect([status, headers.get('retry-after')]).toEqual([429, '3']);
    await simulator.control.knobs({ tooManyRate: 0, slowRate: 1, slowMs: 60 });
    const startedAt = performance.now();
    expect((await putOrder(simulator, '1-SE', [])).status).toBe(201);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(55);
  });

  it('answers 500 to all that Node’s fetch sends, with rejectFetch, and to nothing else', async () => {
    await simulator.control.knobs({ rejectFetch: true });
    expect((await putOrder(simulator, '1-SE', [])).status).toBe(500);
    expect(await simulator.control.orders()).toEqual([]);
    await simulator.control.knobs({ rejectFetch: false });
    expect((await putOrder(simulator, '1-SE', [])).status).toBe(201);
  });

  it('strikes an armed fault only where it is aimed, and as often as it was armed', async () => {
    await simulator.control.arm({ on: 'PUT /orders', number: '2-SE', kind: 'error', times: 2 });
    const statuses: number[] = [];
    for (const number of ['1-SE', '2-SE', '2-SE', '2-SE'])
      statuses.push((await putOrder(simulator, number, [])).status);
    expect(statuses).toEqual([201, 500, 500, 201]);
  });
});

describe('row 21: a success without an id', () => {
  it('comes on demand', async () => {
    await simulator.control.arm({ on: 'PUT /orders', kind: 'null-id' });
    const { status, body } = await putOrder(simulator, '1-SE', []);
    expect([status, body.orderId]).toEqual([201, null]);
    expect((await putOrder(simulator, '1-SE', [])).body.orderId).toEqual(expect.any(Number));
    await simulator.control.knobs({ nullIdRate: 1 });
    expect((await putOrder(simulator, '2-SE', [])).body.orderId).toBeNull();
    expect(await simulator.control.orders({ numbers: ['2-SE'] })).toHaveLength(1);
  });
});

it('leaves named members blank in one read of one number', async () => {
  await putOrder(simulator, '1-SE', [], { goodsOwnerOrderId: 'ours' });
  const members = ['goodsOwnerOrderId'];
  await simulator.control.arm({ on: 'GET /orders', number: '1-SE', kind: 'blank', members });
  const read = async (query: string) =>
    (await ask(simulator, 'GET', `orders?goodsOwnerId=41${query}`)).body[0].orderInfo.goodsOwnerOrderId;
  expect(await read('')).toBe('ours');
  expect(await read('&orderNumbers=1-SE')).toBeNull();
  expect(await read('&orderNumbers=1-SE')).toBe('ours');
});

it('answers oddly on demand, in many ways, and carries the request out all the same', async () => {
  await simulator.control.seed({ articles: [{ number: 'TEE', stock: 9 }] });
  await simulator.control.knobs({ oddRate: 1 });
  const texts = new Set<string>();
  for (let i = 0; i < 60; i++) texts.add((await putOrder(simulator, `odd-${i}`, [line('1', 'TEE', 1)])).text);
  await simulator.control.knobs({ oddRate: 0 });
  expect(texts.size).toBeGreaterThan(10);
  expect([...texts].some((text) => text === '')).toBe(true);
  expect([...texts].some((text) => text.includes('addedLater'))).toBe(true);
  expect((await simulator.control.orders()).filter(({ number }) => number.startsWith('odd-'))).toHaveLength(
    60,
  );
});

it('refuses on demand, with words that repeat what was sent', async () => {
  await simulator.control.arm({ on: 'PUT /orders', number: '1-SE', kind: 'refuse' });
  const { status, body } = await putOrder(simulator, '1-SE', []);
  expect([status, body.message]).toEqual([400, expect.stringContaining('"orderNumber":"1-SE"')]);
  expect(await simulator.control.orders()).toEqual([]);
});

it('counts every request, and every PUT by its number', async () => {
  await putOrder(simulator, '1-SE', []);
  await putOrder(simulator, '1-SE', [line('1', 'none', 1)]);
  const counts = await simulator.control.counts();
  expect(counts.puts['1-SE']).toEqual({ received: 2, done: 1 });
  expect(counts.answers).toMatchObject({ 'PUT /orders 201': 1, 'PUT /orders 400': 1 });
});

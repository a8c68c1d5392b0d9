import { afterEach, describe, expect, it } from '@jest/globals';
import {
  OrderAccepted,
  OrderCancelled,
  OrderShipped,
  OrderStatusChanged,
  StockObserved,
} from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { anOrder, reserved, setStage, type Stage } from '../testing/stage.ts';

let stage: Stage;
afterEach(() => stage.close());

async function begin(env: Record<string, string> = {}): Promise<string> {
  stage = await setStage();
  await stage.simulator.control.seed({
    articles: [
      { number: 'TEE', stock: 10 },
      { number: 'FREIGHT', isStockArticle: false },
    ],
  });
  const { url } = await stage.gateway(env);
  await stage.publish(reserved(anOrder('5178', 'SE')));
  await eventually(async () => (await stage.told(OrderAccepted)).length === 1);
  return url;
}

const order = '5178-SE';
const statesTold = async () => (await stage.told(OrderStatusChanged)).map(({ state }) => state);
const shippedTold = () => stage.told(OrderShipped);

async function shipIt(): Promise<void> {
  const { control } = stage.simulator;
  await control.pick({ order });
  await control.ship({
    order,
    parcels: [{ number: '0037', waybill: 'UA1', trackingUrl: 'https://track.example/UA1' }],
  });
}

/** As another system would advise goods. */
async function putPurchase(number: string, quantity: number): Promise<void> {
  const { apiUrl, user, password } = stage.simulator;
  const credential = Buffer.from(`${user}:${password}`).toString('base64');
  const purchaseOrderLines = [{ rowNumber: '1', articleNumber: 'TEE', numberOfItems: quantity }];
  await fetch(new URL('purchaseOrders', apiUrl), {
    method: 'PUT',
    headers: { authorization: `Basic ${credential}`, 'content-type': 'application/json' },
    body: JSON.stringify({ goodsOwnerId: 41, purchaseOrderNumber: number, purchaseOrderLines }),
  });
}

describe('an order on the floor', () => {
  it('is told by its statuses and by each parcel once, late ones too', async () => {
    await begin();
    await shipIt();
    const [first] = await eventually(async () => {
      const told = await shippedTold();
      return told.length === 1 && told;
    });
    expect(first).toMatchObject({
      number: order,
      channel: 'SE',
      parcel: '0037',
      trackingNumber: 'UA1',
      trackingUrl: 'https://track.example/UA1',
      lines: [{ row: '1', article: 'TEE', quantity: '2' }],
    });
    await stage.simulator.control.addParcel({ order, number: '0038', waybill: 'UA2' });
    await stage.simulator.control.addParcel({ order, number: 'R1', waybill: 'RET1', isReturn: true });
    await eventually(async () => (await shippedTold()).length === 2);
    await stage.simulator.control.collect({ order });
    await eventually(async () => (await statesTold()).includes('collected'));
    expect((await shippedTold()).map(({ parcel, lines }) => [parcel, lines.length])).toEqual([
      ['0037', 1],
      ['0038', 0],
    ]);
    const states = await statesTold();
    expect(new Set(states).size).toBe(states.length);
    expect(states.at(-1)).toBe('collected');
  });

  it('is followed although its change was written under a time that had been read already', async () => {
    await begin();
    await eventually(async () => {
      const feeds = await stage.database.query('SELECT 1 FROM wms_gateway.cursors WHERE since IS NOT NULL');
      return feeds.length > 1;
    });
    // From here on every change is written under a time before the cursors.
    await stage.simulator.control.clock({ advanceMs: -3_000 });
    await shipIt();
    await eventually(async () => (await shippedTold()).length === 1);
    expect(await statesTold()).toContain('sent');
  });

  it('is told with serial numbers and batches, each with its parcel', async () => {
    await begin();
    const { control } = stage.simulator;
    await control.adjust({ article: 'TEE', quantity: -10 });
    await putPurchase('P1', 3);
    await control.receiveAgainst({
      purchaseOrder: 'P1',
      lines: [{ row: '1', quantity: 2, serials: ['S1', 'S2'], batch: 'B7' }],
    });
    await control.pick({ order });
    const one = (number: string) => ({ number, lines: [{ row: '1', quantity: 1 }] });
    await control.ship({ order, parcels: [one('0037'), one('0038')] });
    const told = await eventually(async () => {
      const parcels = await shippedTold();
      return parcels.length === 2 && parcels;
    });
    const batches = [{ batch: 'B7', quantity: '1' }];
    expect(told.map(({ lines }) => lines)).toEqual([
      [{ row: '1', article: 'TEE', quantity: '1', serials: ['S1'], batches }],
      [{ row: '1', article: 'TEE', quantity: '1', serials: ['S2'], batches }],
    ]);
  });

  it('that the warehouse cancels is told as cancelled by the warehouse', async () => {
    await begin();
    await stage.simulator.control.cancelAtWarehouse({ order });
    const [told] = await eventually(async () => {
      const cancelled = await stage.told(OrderCancelled);
      return cancelled.length > 0 && cancelled;
    });
    expect(told).toMatchObject({ number: order, revision: 1, by: 'warehouse' });
  });
});

const post = (url: string, body: object, headers: Record<string, string>) =>
  fetch(`${url}/webhooks/ongoing`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe('a webhook', () => {
  const slow = { ORDER_POLL_MS: '3600000', STOCK_POLL_MS: '3600000' };
  const token = { 'x-auth-token': 'webhook-token-of-the-test' };

  it('makes the gateway fetch the order at once, and is believed in nothing', async () => {
    const url = await begin(slow);
    await shipIt();
    const [{ orderId = 0 } = {}] = await stage.simulator.control.orders();
    const body = {
      webhookEventId: 88_121,
      goodsOwnerId: 41,
      orderId,
      orderNumber: order,
      orderStatus: { number: 1000 },
    };
    expect((await post(url, body, token)).status).toBe(204);
    expect((await post(url, body, token)).status).toBe(204);
    await eventually(async () => (await shippedTold()).length === 1);
    // On a busy machine the first read, before any webhook, may have told of what was there then.
    expect((await statesTold()).filter((state) => state !== 'released')).toEqual(['sent']);
    expect(await stage.told(OrderCancelled)).toEqual([]);
    expect(await stage.database.query('SELECT id FROM wms_gateway.webhook_events')).toHaveLength(1);
  });

  it('as the warehouse sets it up brings a shipment, though nothing is polled', async () => {
    const url = await begin(slow);
    const auth = { kind: 'token' as const, token: token['x-auth-token'] };
    await stage.simulator.control.webhooks({ hooks: [{ url: `${url}/webhooks/ongoing`, auth }] });
    await shipIt();
    await eventually(async () => (await shippedTold()).length === 1);
    const results = (await stage.simulator.control.deliveries()).map(({ result }) => result);
    expect(new Set(results)).toEqual(new Set([204]));
  });

  it('is refused without the token, taken with HTTP Basic, and faults are named', async () => {
    const url = await begin(slow);
    expect((await post(url, { orderId: 1 }, {})).status).toBe(401);
    expect((await post(url, { orderId: 1 }, { 'x-auth-token': 'wrong' })).status).toBe(401);
    const basic = Buffer.from('ongoing:webhook-token-of-the-test').toString('base64');
    expect((await post(url, { orderId: 1 }, { authorization: `Basic ${basic}` })).status).toBe(204);
    // Whoever may not send one is not told what would fit.
    expect((await post(url, { orderId: 'one' }, {})).status).toBe(401);
    const faulty = await post(url, { orderId: 'one' }, token);
    expect(faulty.status).toBe(422);
    expect(await faulty.text()).toContain('orderId');
  });

  it('of an order typed in by hand is passed over in silence, listed, and its stock is read again', async () => {
    const url = await begin(slow);
    await eventually(async () => (await stage.told(StockObserved)).some(({ sellable }) => sellable === '8'));
    const { orderId } = await stage.simulator.control.typeIn({
      number: 'HAND-1',
      lines: [{ article: 'TEE', quantity: 3 }],
    });
    await post(url, { webhookEventId: 1, orderId, orderNumber: 'HAND-1' }, token);
    await eventually(async () => (await stage.told(StockObserved)).some(({ sellable }) => sellable === '5'));
    const foreign = (await (await fetch(`${url}/ops/foreign-orders`)).json()) as object[];
    expect(foreign).toEqual([expect.objectContaining({ number: 'HAND-1', wms_order_id: orderId })]);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('foreign_orders_total 1');
    expect((await stage.told(OrderStatusChanged)).filter(({ number }) => number !== order)).toEqual([]);
  });
});

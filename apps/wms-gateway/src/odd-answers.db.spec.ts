import { afterEach, describe, expect, it } from '@jest/globals';
import {
  OrderAccepted,
  OrderCancelled,
  OrderEdited,
  OrderRefused,
  OrderShipped,
  PurchaseOrderAccepted,
  PurchaseOrderAmended,
  PurchaseOrderPlaced,
  PurchaseOrderReceived,
  PurchaseOrderRefused,
  ReturnAccepted,
  ReturnAnnounced,
  ReturnRefused,
  StockObserved,
} from '@samlast/contracts';
import { Log, type RunningService } from '@samlast/service';
import { eventually } from '@samlast/test-stack';
import { aPurchase, aReturn, putByHand } from './testing/inbound.ts';
import { anOrder, cancelForwarded, reserved, setStage, type Stage } from './testing/stage.ts';

const ORDERS = 120;
const SOME = 24;
let stage: Stage;
afterEach(() => stage.close());

const lines = (quantity: string) => [{ row: '1', article: 'TEE', quantity, picked: true }];
/** Of which requests an answer, or an entry in one, could not be read. */
const counted = async (url: string) => {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = text.matchAll(/^ongoing_odd_answers_total\{operation="(.*?)"\} (\d+)/gm);
  return new Map([...found].map(([, operation = '', count]) => [operation, Number(count)]));
};
/** What nobody can read, whatever was asked; of the other kinds some say what they said before. */
const UNREADABLE = ['cut off', 'empty', 'wrapped'];
/** A shop has as few pieces to sell where a figure is taken for none. */
const ENOUGH = 500;

/** What the gateway says of odd answers from now on: of which request, of what in it, and what is wrong with it. */
function namedIn({ app }: RunningService) {
  const named: { kind: string; id: string; reason: string }[] = [];
  const log = app.get(Log);
  const warn = log.warn.bind(log);
  log.warn = (message, fields = {}) => {
    const { kind = '', id = '', reason = '' } = fields;
    if (message.includes('of Ongoing cannot be read')) named.push({ kind, id: String(id), reason });
    warn(message, fields);
  };
  return named;
}

/** Each in the log, each once, and each that is counted. */
async function expectNamed(url: string, named: ReturnType<typeof namedIn>) {
  const lines = named.map(({ kind, id, reason }) => `${kind} ${id} ${reason.split(' ')[0]}`);
  expect(lines.filter((one, at) => lines.indexOf(one) < at && !one.includes('['))).toEqual([]);
  // What was asked before answers were right again may still be answered oddly.
  await eventually(async () => {
    const counts = await counted(url);
    expect([...new Set(named.map(({ kind }) => kind))].toSorted()).toEqual([...counts.keys()].toSorted());
    return true;
  });
  expect(JSON.stringify(named)).not.toMatch(/Karin|Storgatan/);
}

/** Of what the simulator spoilt so that nobody can read it, nothing went uncounted. */
async function expectCounted(url: string) {
  const { oddAnswers } = await stage.simulator.control.counts();
  expect(Object.keys(oddAnswers)).toEqual(expect.arrayContaining([...UNREADABLE, 'with nulls', 'doubled']));
  const sent = UNREADABLE.reduce((sum, kind) => sum + (oddAnswers[kind] ?? 0), 0);
  await eventually(async () => {
    const seen = [...(await counted(url)).values()].reduce((sum, count) => sum + count, 0);
    expect(seen).toBeGreaterThanOrEqual(sent);
    return true;
  });
}

/** Nobody at the warehouse has changed a line, taken back a receipt, or run out of anything. */
async function expectNothingMadeUp() {
  expect(await stage.told(OrderEdited)).toEqual([]);
  expect(await stage.told(PurchaseOrderReceived)).toEqual([]);
  const few = (await stage.told(StockObserved)).filter(({ sellable }) => Number(sellable) < ENOUGH);
  expect(few).toEqual([]);
}

async function again(url: string, path: string): Promise<void> {
  await fetch(`${url}/ops/${path}/retry`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ author: 'spec', reason: 'answers are right again' }),
  });
}

describe('answers of Ongoing that are malformed in every way', () => {
  it('crash nothing and lose no order: each is there once, with its own lines', async () => {
    const seed = Math.floor(Math.random() * 1_000_000);
    console.log(`odd-answers.db.spec: seed ${seed}`);
    stage = await setStage({ seed });
    const { control } = stage.simulator;
    await control.seed({ articles: [{ number: 'TEE', stock: 1_000 }] });
    const gateway = await stage.gateway();
    const { url } = gateway;
    const named = namedIn(gateway);
    await control.knobs({ oddRate: 0.25 });
    const orders = Array.from({ length: ORDERS }, (_, i) =>
      anOrder(String(i), i % 2 ? 'SE' : 'EU', { lines: lines(String((i % 3) + 1)) }),
    );
    await stage.publish(...orders.map(reserved));
    const settled = async () => {
      const refused = new Set((await stage.told(OrderRefused)).map(({ number }) => number));
      const accepted = new Set((await stage.told(OrderAccepted)).map(({ number }) => number));
      return [...refused].filter((number) => !accepted.has(number)).length + accepted.size === ORDERS;
    };
    await eventually(settled, { withinMs: 60_000, message: 'each order has an answer' });
    for (const { number } of orders.slice(0, 10)) {
      await control.pick({ order: number });
      await control.ship({ order: number, parcels: [{ number: `P-${number}` }] });
    }
    let more = 0;
    // What was read once is not shown again, so something goes on happening until an entry was odd.
    const entry = async () => {
      await control.addParcel({ order: orders[0]?.number ?? '', number: `MORE-${more++}` });
      return named.some(({ kind, id }) => kind === 'GET orders' && id !== 'unknown');
    };
    await eventually(entry, { withinMs: 60_000, message: 'an entry of a feed could not be read' });
    await control.knobs({ oddRate: 0 });
    await expectNamed(url, named);
    await expectCounted(url);
    expect(named.map(({ kind }) => kind)).toContain('PUT orders');
    // Whatever could not be told from a stranger's order stands in the list, and goes out on a person's word.
    const listed = (await (await fetch(`${url}/ops/refused-orders`)).json()) as { number: string }[];
    for (const { number } of listed) await again(url, `orders/${number}`);
    const all = async () =>
      new Set((await stage.told(OrderAccepted)).map(({ number }) => number)).size === ORDERS;
    await eventually(all, { withinMs: 30_000, message: 'each order is accepted' });
    const there = await control.orders();
    expect(there.map(({ number, lines: [line] }) => [number, line?.ordered]).toSorted()).toEqual(
      orders.map(({ number, lines: [line] }) => [number, Number(line?.quantity)]).toSorted(),
    );
    const parcels = async () =>
      new Set((await stage.told(OrderShipped)).map(({ parcel }) => parcel)).size >= 10;
    await eventually(parcels, { withinMs: 30_000, message: 'each parcel is told' });
    await expectNothingMadeUp();
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });

  it('lose no change, no cancel, no purchase order and no return: each is there, or told as refused', async () => {
    const seed = Math.floor(Math.random() * 1_000_000);
    console.log(`odd-answers.db.spec: seed ${seed}`);
    stage = await setStage({ seed });
    const { control } = stage.simulator;
    await control.seed({ articles: ['TEE', 'CAP'].map((number) => ({ number, stock: 1_000 })) });
    const gateway = await stage.gateway();
    const { url } = gateway;
    const orders = Array.from({ length: SOME }, (_, i) => anOrder(String(i), 'SE', { lines: lines('4') }));
    await stage.publish(...orders.map(reserved));
    await eventually(async () => (await stage.told(OrderAccepted)).length === SOME);
    const named = namedIn(gateway);
    await control.knobs({ oddRate: 0.25 });
    const purchases = Array.from({ length: SOME }, (_, i) => aPurchase(String(i)));
    const returns = orders.slice(0, SOME / 3).map(({ number }, i) => aReturn(`R${i}`, number, '2'));
    await stage.publish(
      ...purchases.map((one) => PurchaseOrderPlaced.of(one)),
      ...returns.map((one) => ReturnAnnounced.of(one)),
    );
    const changed = orders.slice(SOME / 3, (2 * SOME) / 3);
    const cancelled = orders.slice((2 * SOME) / 3);
    await stage.publish(
      ...changed.map((order) => reserved({ ...order, revision: 2, lines: lines('7') })),
      ...cancelled.map(cancelForwarded),
      ...purchases.map((one) => PurchaseOrderAmended.of({ ...one, revision: 2, expectedOn: '2026-06-01' })),
    );
    const answered = async () => {
      const all = [PurchaseOrderAccepted, PurchaseOrderRefused, ReturnAccepted, ReturnRefused];
      const more = [OrderAccepted, OrderRefused, OrderCancelled];
      const told = await Promise.all([...all, ...more].map((one) => stage.told(one)));
      const keys = told.flat().map((one) => `${one.channel} ${one.number} ${one.revision}`);
      return new Set(keys).size === SOME + changed.length + cancelled.length + 2 * SOME + returns.length;
    };
    await eventually(answered, { withinMs: 90_000, message: 'each has an answer' });
    await control.knobs({ oddRate: 0 });
    await expectNamed(url, named);
    await expectCounted(url);
    for (const kind of ['purchase-order', 'return']) {
      const refused = await fetch(`${url}/ops/inbound/${kind}?state=refused`);
      for (const { number } of (await refused.json()) as { number: string }[])
        await again(url, `inbound/${kind}/${number}`);
    }
    const settled = async () => (await stage.database.query('SELECT 1 FROM wms_gateway.writes')).length === 0;
    await eventually(settled, { withinMs: 30_000, message: 'nothing waits' });
    await expectNothingMadeUp();

    const no = new Set((await stage.told(OrderRefused)).map(({ number }) => number));
    const wanted = [
      ...orders.slice(0, SOME / 3).map(({ number }) => [number, 300, 4]),
      ...changed.map(({ number }) => [number, 300, no.has(number) ? 4 : 7]),
      ...cancelled.map(({ number }) => [number, 1000, 4]),
    ];
    const there = await control.orders();
    expect(
      there.map(({ number, status, lines: [line] }) => [number, status, line?.ordered]).toSorted(),
    ).toEqual(wanted.toSorted());
    // One that was refused at first and sent again on a person's word is there as it was before its change, or after.
    const late = new Set((await stage.told(PurchaseOrderRefused)).map(({ number }) => number));
    const bought = await control.purchaseOrders();
    expect(
      bought.map(({ number, lines: all }) => [number, all.map(({ advised }) => advised)]).toSorted(),
    ).toEqual(purchases.map(({ number }) => [number, [20, 4]]).toSorted());
    const days = bought.filter(({ number }) => !late.has(number)).map(({ fields }) => fields.inDate);
    expect([...new Set(days)]).toEqual(['2026-06-01']);
    const back = await control.returnOrders();
    expect(back.map((one) => [one.number, one.order, one.lines[0]?.toBeReturned]).toSorted()).toEqual(
      returns.map((one) => [one.number, one.order, 2]).toSorted(),
    );
  });

  it('of one order alone hide no other: it is named once, and counted', async () => {
    stage = await setStage();
    const { control } = stage.simulator;
    await control.seed({ articles: [{ number: 'TEE', stock: 10 }] });
    const gateway = await stage.gateway();
    const named = namedIn(gateway);
    await control.typeIn({ number: 'ODD', lines: [{ article: 'TEE', quantity: 1 }] });
    const odd = stage.simulator.simulation.warehouse.orders.find('ODD');
    // What no schema expects: a number that is no text.
    Object.assign(odd ?? {}, { number: {} });
    const order = anOrder('1', 'SE', { lines: lines('1') });
    await stage.publish(reserved(order));
    await eventually(async () => (await stage.told(OrderAccepted)).length === 1);
    await control.pick({ order: order.number });
    await control.ship({ order: order.number, parcels: [{ number: 'P1' }] });
    await eventually(async () => (await stage.told(OrderShipped)).length === 1);
    await eventually(async () => (await counted(gateway.url)).size > 0);
    await expectNamed(gateway.url, named);
    expect(named).toHaveLength(1);
  });

  it('of what a webhook named are given up after some tries, and hold up nothing', async () => {
    stage = await setStage();
    const { control, simulation } = stage.simulator;
    await control.seed({ articles: [{ number: 'TEE', stock: 10 }] });
    const { url } = await stage.gateway({ ORDER_POLL_MS: '3600000' });
    await control.typeIn({ number: 'ODD', lines: [{ article: 'TEE', quantity: 1 }] });
    await putByHand(stage, { goodsOwnerId: 41, purchaseOrderNumber: 'ODD', purchaseOrderLines: [] });
    const odd = [simulation.warehouse.orders.find('ODD'), simulation.warehouse.purchaseOrders.find('ODD')];
    for (const one of odd) Object.assign(one ?? {}, { number: {} });
    const [orderId, purchaseOrderId] = odd.map((one) => one?.id);
    const answer = await fetch(`${url}/webhooks/ongoing`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-auth-token': 'webhook-token-of-the-test' },
      body: JSON.stringify({ webhookEventId: 7, goodsOwnerId: 41, orderId, purchaseOrderId }),
    });
    expect(answer.status).toBe(204);
    const left = async () =>
      await stage.database.query(
        'SELECT wms_order_id FROM wms_gateway.hints UNION ALL SELECT wms_id FROM wms_gateway.purchase_hints',
      );
    await eventually(async () => (await left()).length === 0);
    const { requests } = await control.counts();
    expect(requests['GET /orders/{orderId}']).toBe(3);
    expect(requests['GET /purchaseOrders/{purchaseOrderId}']).toBe(3);
  });
});

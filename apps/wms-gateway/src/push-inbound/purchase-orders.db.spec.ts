import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ArticlePublished,
  PurchaseOrderAccepted,
  PurchaseOrderAmended,
  PurchaseOrderCancelled,
  PurchaseOrderCancelRefused,
  PurchaseOrderCancelRequested,
  PurchaseOrderClosed,
  PurchaseOrderPlaced,
  PurchaseOrderReceived,
  PurchaseOrderRefused,
  PurchaseOrderStatusChanged,
  StockExpected,
  StockObserved,
  type PurchaseOrder,
} from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { aPurchase, putByHand, row, setPurchaseStatus } from '../testing/inbound.ts';
import { anOrder, reserved, setStage, type Stage, toldBy } from '../testing/stage.ts';

let stage: Stage;
let url: string;
afterEach(() => stage.close());
beforeEach(async () => {
  stage = await setStage();
  await stage.simulator.control.seed({
    articles: [
      { number: 'TEE', stock: 10 },
      { number: 'CAP', stock: 5 },
    ],
  });
});

async function begin(env: Record<string, string> = {}): Promise<void> {
  ({ url } = await stage.gateway(env));
}

const cancelOf = ({ number, channel }: PurchaseOrder, revision = 2) =>
  PurchaseOrderCancelRequested.of({ number, channel, revision, requestedAt: '2026-03-02T10:00:00Z' });

async function place(order: PurchaseOrder): Promise<void> {
  const before = (await stage.told(PurchaseOrderAccepted)).length;
  await stage.publish(PurchaseOrderPlaced.of(order));
  await toldBy(stage, PurchaseOrderAccepted, before + 1);
}

describe('a purchase order', () => {
  it('reaches Ongoing once under its own number, with type, supplier, dates and whose it is', async () => {
    await begin();
    const order = aPurchase('P1', { note: 'Ask for Karin Ek' });
    await place(order);
    await stage.publish(PurchaseOrderPlaced.of(order));
    const [accepted] = await stage.told(PurchaseOrderAccepted);
    const [there] = await stage.simulator.control.purchaseOrders();
    expect(accepted).toEqual({ ...ref, wmsPurchaseOrderId: there?.purchaseOrderId });
    expect(there).toMatchObject({
      number: 'P1-ERP',
      fields: {
        goodsOwnerReference: 'test:ERP:gid-P1',
        referenceNumber: 'P1',
        purchaseOrderType: { code: 'B2B' },
        supplierInfo: { supplierNumber: 'S7', supplierName: 'Textil AB' },
        inDate: '2026-03-10',
        purchaseOrderRemark: 'Ask for Karin Ek',
      },
      lines: [
        { row: '10', article: 'TEE', advised: 20 },
        { row: '20', article: 'CAP', advised: 4 },
      ],
    });
    const kept = await stage.database.query('SELECT * FROM wms_gateway.inbound');
    expect(JSON.stringify(kept)).not.toContain('Karin');
    const incoming = async () =>
      (await stage.told(StockObserved)).filter(({ article }) => article === 'TEE').at(-1)?.incoming;
    await eventually(async () => (await incoming()) === '20');
    expect((await stage.simulator.control.purchaseOrders())[0]?.puts).toEqual({ received: 1, done: 1 });
  });

  it('is told of each receipt once, and of its end; others and those typed in by hand are passed over', async () => {
    await begin();
    const { control } = stage.simulator;
    await place(aPurchase('P1'));
    await place(aPurchase('P1', {}, 'SE'));
    const byHand = { goodsOwnerId: 41, purchaseOrderNumber: 'DOCK-1', purchaseOrderLines: [] };
    await putByHand(stage, byHand);
    const receive = (quantity: number, batch?: string) =>
      control.receiveAgainst({
        purchaseOrder: 'P1-ERP',
        lines: [{ row: '10', quantity, ...(batch && { batch }) }],
      });
    await receive(8, 'B7');
    await toldBy(stage, PurchaseOrderReceived, 1);
    await receive(15);
    await toldBy(stage, PurchaseOrderReceived, 2);
    await control.receiveAgainst({
      purchaseOrder: 'P1-ERP',
      lines: [{ row: '20', quantity: 2, serials: ['S1', 'S2'] }],
    });
    await toldBy(stage, PurchaseOrderReceived, 3);
    await control.finishReceiving({ purchaseOrder: 'P1-ERP' });
    const [closed] = await toldBy(stage, PurchaseOrderClosed);
    expect((await stage.told(PurchaseOrderReceived)).map(({ channel, lines }) => [channel, lines])).toEqual([
      ['ERP', [{ ...row('10', 'TEE', '8'), batch: 'B7' }]],
      ['ERP', [row('10', 'TEE', '15')]],
      ['ERP', [{ ...row('20', 'CAP', '2'), serials: ['S1', 'S2'] }]],
    ]);
    expect(closed).toMatchObject({
      number: 'P1-ERP',
      deviation: true,
      lines: [
        { row: '10', ordered: '20', received: '23' },
        { row: '20', ordered: '4', received: '2' },
      ],
    });
  });

  it('is amended and cancelled as a request with an outcome: before and after goods have come', async () => {
    await begin();
    const order = aPurchase('P1');
    await place(order);
    const dates = { ...order, revision: 2, expectedOn: '2026-04-01' };
    await stage.publish(PurchaseOrderAmended.of(dates));
    await toldBy(stage, PurchaseOrderAccepted, 2);
    const [there] = await stage.simulator.control.purchaseOrders();
    expect(there).toMatchObject({ fields: { inDate: '2026-04-01' }, puts: { done: 2 } });
    await stage.simulator.control.receiveAgainst({
      purchaseOrder: 'P1-ERP',
      lines: [{ row: '10', quantity: 1 }],
    });
    const more = { ...dates, revision: 3, lines: [row('10', 'TEE', '30')] };
    await stage.publish(PurchaseOrderAmended.of(more), cancelOf(order, 4));
    expect(await toldBy(stage, PurchaseOrderRefused)).toMatchObject([{ revision: 3, reason: 'too-late' }]);
    expect(await toldBy(stage, PurchaseOrderCancelRefused)).toMatchObject([
      { revision: 4, reason: 'too-late' },
    ]);

    await place(aPurchase('P2'));
    await stage.publish(cancelOf(aPurchase('P2')));
    expect(await toldBy(stage, PurchaseOrderCancelled)).toEqual([
      { number: 'P2-ERP', channel: 'ERP', revision: 2, by: 'channel' },
    ]);
    expect((await stage.simulator.control.purchaseOrders({ numbers: ['P2-ERP'] }))[0]?.status).toBe(900);
  });

  it('that is cancelled before it was sent never reaches Ongoing', async () => {
    await stage.simulator.control.knobs({ apiAccess: false });
    await begin();
    await stage.publish(PurchaseOrderPlaced.of(aPurchase('P1')), cancelOf(aPurchase('P1')));
    // Either it was never sent, or its PUT was refused at the door and it is cancelled when the door opens.
    await eventually(async () => {
      const { length } = await stage.database.query(`SELECT 1 FROM wms_gateway.inbound`);
      return length === 1;
    });
    await stage.simulator.control.knobs({ apiAccess: true });
    expect(await toldBy(stage, PurchaseOrderCancelled)).toMatchObject([{ by: 'channel' }]);
    const there = await stage.simulator.control.purchaseOrders();
    expect(there.filter(({ status }) => status !== 900)).toEqual([]);
  });

  it('never overwrites one of the warehouse under its number, nor one that differs in case', async () => {
    await begin();
    await putByHand(stage, { goodsOwnerId: 41, purchaseOrderNumber: 'p1-erp', purchaseOrderLines: [] });
    await stage.publish(PurchaseOrderPlaced.of(aPurchase('P1')));
    expect(await toldBy(stage, PurchaseOrderRefused)).toMatchObject([{ reason: 'foreign' }]);
    const [there] = await stage.simulator.control.purchaseOrders();
    expect(there).toMatchObject({ number: 'p1-erp', lines: [] });
    await place(aPurchase('q1'));
    await stage.publish(PurchaseOrderPlaced.of(aPurchase('Q1')));
    expect((await toldBy(stage, PurchaseOrderRefused, 2))[1]).toMatchObject({
      number: 'Q1-ERP',
      reason: 'foreign',
      text: expect.stringContaining('taken by q1-ERP'),
    });
    const refused = (await (
      await fetch(`${url}/ops/inbound/purchase-order?state=refused`)
    ).json()) as object[];
    expect(refused).toMatchObject([{ number: 'Q1-ERP' }, { number: 'P1-ERP' }]);
  });

  it('is written once although answers are dropped, faulty or empty, and waits for its articles', async () => {
    const { control } = stage.simulator;
    await control.arm({ on: 'PUT /purchaseOrders', kind: 'drop', afterCommit: true });
    await control.arm({ on: 'PUT /purchaseOrders', kind: 'html', times: 2 });
    await control.arm({ on: 'PUT /purchaseOrders', kind: 'null-id' });
    await begin();
    // The article is on its way while they come: told on a topic of its own, it could be read after them too.
    await control.knobs({ writeLatencyMs: 300 });
    await stage.publish(ArticlePublished.of({ channel: 'ERP', article: { number: 'NEW', name: 'New' } }));
    const queued = () => stage.database.query(`SELECT 1 FROM wms_gateway.article_data WHERE article = 'NEW'`);
    await eventually(async () => (await queued()).length === 1, { everyMs: 5 });
    await stage.publish(
      ...['P1', 'P2', 'P3', 'P4'].map((one) =>
        PurchaseOrderPlaced.of(aPurchase(one, { lines: [row('1', 'NEW', '5')] })),
      ),
    );
    await toldBy(stage, PurchaseOrderAccepted, 4);
    const there = await control.purchaseOrders();
    expect(there.map(({ number, lines }) => [number, lines.length]).toSorted()).toEqual(
      ['P1', 'P2', 'P3', 'P4'].map((one) => [`${one}-ERP`, 1]),
    );
    expect(await stage.told(PurchaseOrderRefused)).toEqual([]);
  });

  it('makes known what is expected on which day, those of others too, until it has come', async () => {
    const [later, sooner] = ['2026-05-01', '2026-03-10'];
    const dated = { goodsOwnerId: 41, inDate: later, purchaseOrderNumber: 'DOCK-1' };
    const lines = [{ rowNumber: '1', articleNumber: 'TEE', numberOfItems: 3 }];
    await putByHand(stage, { ...dated, purchaseOrderLines: lines });
    await stage.simulator.control.clock({ advanceMs: 3_600_000 });
    await begin({ PURCHASE_SWEEP_MS: '1000' });
    await place(aPurchase('P1'));
    const expected = async (article: string) =>
      (await stage.told(StockExpected)).filter((one) => one.article === article).at(-1)?.expected;
    const shows = (list: object[]) =>
      eventually(async () => JSON.stringify(await expected('TEE')) === JSON.stringify(list), {
        withinMs: 30_000,
      });
    await shows([
      { on: sooner, quantity: '20' },
      { on: later, quantity: '3' },
    ]);
    await stage.simulator.control.receiveAgainst({
      purchaseOrder: 'P1-ERP',
      lines: [{ row: '10', quantity: 8 }],
    });
    await shows([
      { on: sooner, quantity: '12' },
      { on: later, quantity: '3' },
    ]);
    await stage.simulator.control.finishReceiving({ purchaseOrder: 'P1-ERP' });
    await shows([{ on: later, quantity: '3' }]);
    await stage.simulator.control.cancelPurchaseAtWarehouse({ purchaseOrder: 'DOCK-1' });
    await shows([]);
  });

  it('goes on to be expected after a deviation, in a feed and in a sweep, where the setting says so', async () => {
    const env = { PURCHASE_OPEN_TO: '499', PURCHASE_STATUSES: '500=received', PURCHASE_SWEEP_MS: '1000' };
    await begin(env);
    const { control } = stage.simulator;
    await place(aPurchase('P1'));
    await control.receiveAgainst({ purchaseOrder: 'P1-ERP', lines: [{ row: '10', quantity: 8 }] });
    const [there] = await control.purchaseOrders();
    const setStatus = (status: number) => setPurchaseStatus(stage, there?.purchaseOrderId, status);
    const expected = async () =>
      (await stage.told(StockExpected)).filter((one) => one.article === 'TEE').map((one) => one.expected);
    const shows = (list: object[]) =>
      eventually(async () => JSON.stringify((await expected()).at(-1)) === JSON.stringify(list), {
        withinMs: 30_000,
      });
    const rest = [{ on: '2026-03-10', quantity: '12' }];
    await shows(rest);
    const sweeps = async () => (await control.counts()).requests['GET /purchaseOrders'] ?? 0;
    await setStatus(400);
    await toldBy(stage, PurchaseOrderStatusChanged, 2);
    const before = await sweeps();
    await eventually(async () => (await sweeps()) > before + 40);
    expect((await expected()).at(-1)).toEqual(rest);
    await setStatus(500);
    await shows([]);
  });

  it('makes known what is expected after a change of lines, which moves no status that a feed would tell', async () => {
    await begin({ POLL_OVERLAP_MS: '1000' });
    const order = aPurchase('P1');
    await place(order);
    const expected = async () =>
      (await stage.told(StockExpected)).filter((one) => one.article === 'TEE').at(-1)?.expected[0]?.quantity;
    const shows = (quantity: string) =>
      eventually(async () => (await expected()) === quantity, { withinMs: 30_000, message: quantity });
    await shows('20');
    await stage.simulator.control.clock({ advanceMs: 3_600_000 });
    await stage.publish(PurchaseOrderAmended.of({ ...order, revision: 2, lines: [row('10', 'TEE', '12')] }));
    await shows('12');
    await stage.simulator.control.clock({ advanceMs: 3_600_000 });
    const [there] = await stage.simulator.control.purchaseOrders();
    const lines = [{ rowNumber: '10', articleNumber: 'TEE', numberOfItems: 7 }];
    await putByHand(stage, { goodsOwnerId: 41, purchaseOrderNumber: 'P1-ERP', purchaseOrderLines: lines });
    await fetch(`${url}/webhooks/ongoing`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-auth-token': 'webhook-token-of-the-test' },
      body: JSON.stringify({
        webhookEventId: 7,
        goodsOwnerId: 41,
        purchaseOrderInfo: { purchaseOrderId: there?.purchaseOrderId },
        purchaseOrderLineInfo: { purchaseOrderLineId: 1 },
      }),
    });
    await shows('7');
  });

  it('takes its turn among the orders of all channels', async () => {
    await stage.simulator.control.knobs({ writeLatencyMs: 20 });
    await begin();
    const orders = Array.from({ length: 60 }, (_, i) =>
      reserved(anOrder(String(i), 'SE', { lines: [{ ...row('1', 'TEE', '1'), picked: true }] })),
    );
    await stage.publish(...orders);
    await stage.publish(PurchaseOrderPlaced.of(aPurchase('P1')));
    await toldBy(stage, PurchaseOrderAccepted);
    const [{ count } = { count: 0 }] = await stage.database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM wms_gateway.writes WHERE kind = 'order'`,
    );
    expect(count).toBeGreaterThan(20);
  });
});

const ref = { number: 'P1-ERP', channel: 'ERP', revision: 1 };

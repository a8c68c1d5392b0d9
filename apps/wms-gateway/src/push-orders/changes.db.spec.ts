import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type DataOf,
  LineAccepted,
  type Order,
  OrderAccepted,
  OrderCancelled,
  OrderRefused,
  StockObserved,
} from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { anOrder, cancelForwarded, reserved, setStage, type Stage } from '../testing/stage.ts';

const number = '5178-SE';
const tee = (quantity: string, rest: object = {}) => ({
  row: '1',
  article: 'TEE',
  quantity,
  picked: true,
  ...rest,
});
const cap = { row: '3', article: 'CAP', quantity: '1', picked: true };
const first = anOrder('5178', 'SE', { note: 'Ring once', lines: [tee('2'), cap] });
const change = (revision: number, more: Partial<Order>): Order => ({ ...first, revision, ...more });

let stage: Stage;
let url: string;
beforeEach(async () => {
  stage = await setStage();
  await stage.simulator.control.seed({
    articles: [
      { number: 'TEE', stock: 100 },
      { number: 'CAP', stock: 100 },
    ],
  });
});
afterEach(() => stage.close());

async function started(): Promise<void> {
  ({ url } = await stage.gateway());
  await stage.publish(reserved(first));
  await accepted(1);
}
const accepted = (revision: number) =>
  eventually(async () => (await stage.told(OrderAccepted)).find((one) => one.revision === revision), {
    message: `revision ${revision} accepted`,
    withinMs: 30_000,
  });
const refused = (revision: number): Promise<DataOf<typeof OrderRefused>> =>
  eventually(async () => (await stage.told(OrderRefused)).find((one) => one.revision === revision), {
    message: `revision ${revision} refused`,
    withinMs: 30_000,
  });
async function there() {
  const { apiUrl, user, password } = stage.simulator;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const answer = await fetch(`${apiUrl}orders?goodsOwnerId=41&orderNumber=${number}`, {
    headers: { authorization },
  });
  const [order] = (await answer.json()) as {
    orderInfo: { orderRemark: string | null; deliveryDate: string; orderStatus: { number: number } };
    consignee: { address1: string; address2: string | null };
    orderLines: {
      rowNumber: string;
      orderedNumberOfItems: number;
      comment: string | null;
      prices: { linePrice: number } | null;
    }[];
  }[];
  if (!order) throw new Error(`${number} is not in the warehouse`);
  return order;
}
const puts = async () => (await stage.simulator.control.orders())[0]?.puts;
const held = () => stage.database.query('SELECT 1 FROM wms_gateway.writes');

describe('a change before the first PUT', () => {
  it('is written alone, in the place of what it changes', async () => {
    stage.simulator.simulation.turnKnobs({ apiAccess: false });
    await stage.gateway();
    await stage.publish(reserved(first));
    await eventually(async () => (await held()).length === 1);
    await stage.publish(reserved(anOrder('1', 'SE', { lines: [cap] })));
    await eventually(async () => (await held()).length === 2);
    await stage.publish(
      reserved(change(2, { lines: [tee('5')] })),
      reserved(change(3, { lines: [tee('4')] })),
    );
    await eventually(async () => {
      const [write] = await stage.database.query<{ revision: number }>(
        `SELECT revision FROM wms_gateway.writes WHERE subject = $1`,
        [number],
      );
      return write?.revision === 3;
    });
    expect(await held()).toHaveLength(2);
    stage.simulator.simulation.turnKnobs({ apiAccess: true });
    expect(await accepted(3)).toMatchObject({ lines: [{ article: 'TEE', quantity: '4' }] });
    expect(await puts()).toEqual({ received: 1, done: 1 });
    expect((await stage.told(OrderAccepted)).filter((one) => one.number === number)).toHaveLength(1);
    // It was first in the queue, and its change is too.
    const numbers = async () => (await stage.simulator.control.orders()).map((one) => one.number);
    await eventually(async () => (await numbers()).length === 2);
    expect(await numbers()).toEqual([number, '1-SE']);
  });

  it('that comes with the order in one batch is written alone', async () => {
    await stage.gateway();
    await stage.publish(reserved(first), reserved(change(2, { lines: [tee('7')] })));
    expect(await accepted(2)).toMatchObject({ lines: [{ quantity: '7' }] });
    expect(await puts()).toEqual({ received: 1, done: 1 });
  });

  it('and a cancel behind it withdraw both', async () => {
    stage.simulator.simulation.turnKnobs({ apiAccess: false });
    await stage.gateway();
    await stage.publish(reserved(first));
    await eventually(async () => (await held()).length === 1);
    await stage.publish(reserved(change(2, { lines: [tee('5')] })), cancelForwarded(change(2, {})));
    const told = await eventually(async () => (await stage.told(OrderCancelled))[0]);
    expect(told).toMatchObject({ number, revision: 3, by: 'channel' });
    expect(await held()).toEqual([]);
    expect(await stage.simulator.control.orders()).toEqual([]);
  });
});

describe('a change of an order that the warehouse has', () => {
  it('while its PUT is under way follows it, and the newest one alone', async () => {
    await stage.simulator.control.knobs({ writeLatencyMs: 400 });
    await stage.gateway();
    await stage.publish(reserved(first));
    await eventually(async () => number in (await stage.simulator.control.counts()).puts, { everyMs: 5 });
    await stage.publish(reserved(change(2, { lines: [tee('5')] })));
    await stage.publish(reserved(change(3, { lines: [tee('6')] })));
    const last = await accepted(3);
    const [before, ...rest] = await stage.told(OrderAccepted);
    expect(before).toMatchObject({ revision: 1 });
    expect(before?.accepted).toBeLessThan(last.sent);
    expect(rest).toHaveLength(1);
    expect(await puts()).toMatchObject({ done: 2 });
  });

  it('is written whole, and says 0 of what it drops, which is read again at once', async () => {
    await started();
    await stage.publish(
      reserved(
        change(2, {
          lines: [tee('3')],
          note: undefined,
          consignee: { ...first.consignee, address1: 'Nygatan 1' },
        }),
      ),
    );
    await accepted(2);
    const order = await there();
    expect(order.consignee.address1).toBe('Nygatan 1');
    // Ongoing keeps what is left out.
    expect(order.orderInfo.orderRemark).toBe('');
    expect(order.orderLines.map((line) => [line.rowNumber, line.orderedNumberOfItems])).toEqual([['1', 3]]);
    const lines = (await stage.told(LineAccepted)).filter((one) => one.revision === 2);
    expect(lines.map(({ article, quantity }) => [article, quantity])).toEqual([
      ['CAP', '0'],
      ['TEE', '3'],
    ]);
    await eventually(async () => {
      const seen = (await stage.told(StockObserved)).filter((one) => one.article === 'CAP');
      return seen.at(-1)?.sellable === '100';
    });
  });

  it('keeps the day of delivery that the first PUT has sent where its shop names none', async () => {
    await started();
    await stage.database.query(
      `UPDATE wms_gateway.orders SET written = written || '{"day": "2026-01-02"}' WHERE number = $1`,
      [number],
    );
    await stage.publish(reserved(change(2, { note: 'Ring twice' })));
    await accepted(2);
    expect((await there()).orderInfo).toMatchObject({
      deliveryDate: '2026-01-02',
      orderRemark: 'Ring twice',
    });
  });

  it('of the address alone is written again where the answer was lost before it was carried out', async () => {
    await started();
    await stage.simulator.control.arm({ on: 'PUT /orders', kind: 'drop', afterCommit: false });
    await stage.publish(reserved(change(2, { consignee: { ...first.consignee, address1: 'Nygatan 1' } })));
    await accepted(2);
    expect((await there()).consignee.address1).toBe('Nygatan 1');
  });

  it('whose answer was lost after it was carried out is found there, and not written again', async () => {
    await started();
    await stage.simulator.control.arm({ on: 'PUT /orders', kind: 'drop', afterCommit: true });
    await stage.publish(reserved(change(2, { consignee: { ...first.consignee, address1: 'Nygatan 1' } })));
    await accepted(2);
    expect(await puts()).toMatchObject({ received: 2, done: 2 });
  });
});

describe('a change that comes after picking began', () => {
  beforeEach(async () => {
    await started();
    await stage.simulator.control.allocate({ order: number });
  });

  it('is carried out as far as single members can be, where nothing else is changed', async () => {
    await stage.publish(
      reserved(
        change(2, {
          note: 'Ring twice',
          deliveryDate: '2027-03-09',
          lines: [tee('2', { comment: 'as a gift', unitPrice: '9.50' }), cap],
        }),
      ),
    );
    await accepted(2);
    expect(await there()).toMatchObject({
      orderInfo: { orderRemark: 'Ring twice', deliveryDate: '2027-03-09' },
      orderLines: [{ comment: 'as a gift', prices: { linePrice: 19 } }, {}],
    });
    expect(await stage.told(OrderRefused)).toEqual([]);
  });

  it('is refused with what of it was carried out all the same, and what stays', async () => {
    const consignee = { ...first.consignee, address1: 'Nygatan 1' };
    await stage.publish(reserved(change(2, { note: 'Ring twice', consignee, lines: [tee('1'), cap] })));
    expect(await refused(2)).toMatchObject({
      reason: 'too-late',
      changed: ['note'],
      unchanged: ['lines', 'consignee'],
    });
    expect(await there()).toMatchObject({
      orderInfo: { orderRemark: 'Ring twice' },
      consignee: { address1: 'Storgatan 4' },
      orderLines: [{ orderedNumberOfItems: 2 }, {}],
    });
    const answer = await fetch(`${url}/ops/orders/${number}`);
    expect(await answer.json()).toMatchObject({
      state: 'accepted',
      lines: [{ quantity: '2' }, {}],
      writes: [],
    });
  });

  it('below what was picked is refused, and the order stays what it was', async () => {
    await stage.simulator.control.pick({ order: number });
    await stage.publish(reserved(change(2, { lines: [tee('1'), cap] })));
    expect(await refused(2)).toMatchObject({ reason: 'too-late', unchanged: ['lines'] });
    expect((await there()).orderLines[0]).toMatchObject({ orderedNumberOfItems: 2 });
  });

  it('is carried out when it is changed back to what the warehouse has', async () => {
    await stage.publish(reserved(change(2, { lines: [tee('1'), cap] })));
    await refused(2);
    await stage.publish(reserved(change(3, {})));
    await accepted(3);
  });

  it('is refused whole where the tenant takes no single member either, with its words', async () => {
    await stage.simulator.control.knobs({ fieldsLockFromStatus: 300 });
    await stage.publish(reserved(change(2, { note: 'Ring twice' })));
    const { text, changed, unchanged } = await refused(2);
    expect(text).toContain('cannot be changed any more');
    expect({ changed, unchanged }).toEqual({ changed: [], unchanged: ['note'] });
  });

  it('goes on where the answer to a single member was lost', async () => {
    await stage.simulator.control.arm({
      on: 'PATCH /orders/{orderId}/orderRemark',
      kind: 'drop',
      afterCommit: true,
    });
    await stage.publish(reserved(change(2, { note: 'Ring twice', deliveryDate: '2027-03-09' })));
    await accepted(2);
    expect((await there()).orderInfo).toMatchObject({
      orderRemark: 'Ring twice',
      deliveryDate: '2027-03-09',
    });
  });

  it('writes nothing in an order that has left', async () => {
    await stage.simulator.control.pick({ order: number });
    await stage.simulator.control.ship({ order: number, parcels: [{ number: '0037' }] });
    await stage.publish(reserved(change(2, { note: 'Ring twice' })));
    expect(await refused(2)).toMatchObject({ unchanged: ['note'] });
    expect((await there()).orderInfo.orderRemark).toBe('Ring once');
  });
});

it('a change that names no part which may be written late is refused as it is', async () => {
  ({ url } = await stage.gateway({ LATE_CHANGES: 'deliveryDate' }));
  await stage.publish(reserved(first));
  await accepted(1);
  await stage.simulator.control.allocate({ order: number });
  await stage.publish(reserved(change(2, { note: 'Ring twice', deliveryDate: '2027-03-09' })));
  expect(await refused(2)).toMatchObject({ changed: ['deliveryDate'], unchanged: ['note'] });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import {
  LineAccepted,
  OrderAccepted,
  OrderCancelled,
  OrderCancelRefused,
  OrderRefused,
} from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { anOrder, cancelForwarded, reserved, setStage, type Stage } from '../testing/stage.ts';

let stage: Stage;
afterEach(() => stage.close());

async function seeded(knobs: Parameters<typeof setStage>[0] = {}): Promise<Stage> {
  stage = await setStage(knobs);
  await stage.simulator.control.seed({
    articles: [
      { number: 'TEE', stock: 1000 },
      { number: 'CAP', stock: 1000 },
      { number: 'FREIGHT', isStockArticle: false },
    ],
  });
  return stage;
}

const accepted = (count: number) =>
  eventually(async () => {
    const told = await stage.told(OrderAccepted);
    return told.length >= count && told;
  });

describe('an order that is reserved', () => {
  it('is in Ongoing once, with type, market place and origin, and is accepted between its steps', async () => {
    await seeded();
    await stage.gateway();
    await stage.publish(reserved(anOrder('5178', 'SE')), reserved(anOrder('5178', 'EU')));
    const told = await accepted(2);
    const orders = await stage.simulator.control.orders();
    expect(orders.map(({ number }) => number).toSorted()).toEqual(['5178-EU', '5178-SE']);
    const [se] = orders.filter(({ number }) => number === '5178-SE');
    expect(se).toMatchObject({
      type: 'B2C',
      marketPlace: { marketPlace: 'SE', marketPlaceOrderNumber: '5178' },
      goodsOwnerOrderId: 'test:SE:gid-5178',
      puts: { received: 1, done: 1 },
    });
    expect(told.every(({ sent, accepted }) => sent < accepted)).toBe(true);
    expect(told.map(({ lines }) => lines)).toEqual([
      [{ row: '1', article: 'TEE', quantity: '2' }],
      [{ row: '1', article: 'TEE', quantity: '2' }],
    ]);
    const lines = await stage.told(LineAccepted);
    expect(lines.map(({ number, article, quantity }) => [number, article, quantity]).toSorted()).toEqual([
      ['5178-EU', 'TEE', '2'],
      ['5178-SE', 'TEE', '2'],
    ]);
  });

  it('is refused where its number differs from another only by case', async () => {
    await seeded();
    await stage.gateway();
    await stage.publish(reserved(anOrder('a1', 'SE')));
    await accepted(1);
    await stage.publish(reserved(anOrder('A1', 'SE')));
    const [refused] = await eventually(async () => {
      const told = await stage.told(OrderRefused);
      return told.length > 0 && told;
    });
    expect(refused).toMatchObject({ number: 'A1-SE', reason: 'foreign' });
    await stage.publish(cancelForwarded(anOrder('A1', 'SE')));
    await eventually(async () => (await stage.told(OrderCancelled)).some(({ number }) => number === 'A1-SE'));
    const orders = await stage.simulator.control.orders();
    expect(orders.map(({ number, status }) => [number, status])).toEqual([['a1-SE', 300]]);
  });

  it('is refused with the words of Ongoing, and sent again when a person says so', async () => {
    await seeded();
    const gateway = await stage.gateway();
    const order = anOrder('7', 'SE', { lines: [{ row: '1', article: 'HAT', quantity: '1', picked: true }] });
    await stage.publish(reserved(order));
    const [refused] = await eventually(async () => {
      const told = await stage.told(OrderRefused);
      return told.length > 0 && told;
    });
    expect(refused).toMatchObject({ number: '7-SE', reason: 'wms', text: expect.stringContaining('HAT') });
    await stage.simulator.control.seed({ articles: [{ number: 'HAT', stock: 5 }] });
    const answer = await fetch(`${gateway.url}/ops/orders/7-SE/retry`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ author: 'Karin', reason: 'the article is there now' }),
    });
    expect(answer.status).toBe(202);
    const [told] = await accepted(1);
    expect(told).toMatchObject({ number: '7-SE', revision: 1 });
    const shown = await fetch(`${gateway.url}/ops/orders/7-SE`);
    expect(await shown.json()).toMatchObject({ state: 'accepted', writes: [] });
  });
});

describe('an order that Ongoing refused long ago', () => {
  it('is kept without its address, and says where it is to be placed anew', async () => {
    await seeded();
    const gateway = await stage.gateway();
    const order = anOrder('7', 'SE', { lines: [{ row: '1', article: 'HAT', quantity: '1', picked: true }] });
    await stage.publish(reserved(order));
    await eventually(async () => (await stage.told(OrderRefused)).length > 0);
    await gateway.close();
    await stage.database.query(`UPDATE wms_gateway.orders SET updated_at = now() - interval '36 days'`);
    const next = await stage.gateway();
    await eventually(async () => {
      const kept = await stage.database.query(
        'SELECT 1 FROM wms_gateway.orders WHERE refused_order IS NOT NULL',
      );
      return kept.length === 0;
    });
    const answer = await fetch(`${next.url}/ops/orders/7-SE/retry`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ author: 'Karin', reason: 'the article is there now' }),
    });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({
      message: expect.stringContaining('its address is forgotten'),
    });
  });
});

describe('a cancel', () => {
  it('of an order that was never sent withdraws it, and Ongoing hears nothing', async () => {
    await seeded();
    stage.simulator.simulation.turnKnobs({ apiAccess: false });
    await stage.gateway();
    const order = anOrder('1', 'SE');
    await stage.publish(reserved(order));
    await eventually(
      async () => (await stage.database.query('SELECT 1 FROM wms_gateway.writes')).length === 1,
    );
    await stage.publish(cancelForwarded(order));
    const [told] = await eventually(async () => {
      const cancelled = await stage.told(OrderCancelled);
      return cancelled.length > 0 && cancelled;
    });
    expect(told).toMatchObject({ number: '1-SE', revision: 2, by: 'channel' });
    expect(told?.sent).toBe(told?.accepted);
    expect(await stage.told(LineAccepted)).toEqual([
      expect.objectContaining({ article: 'TEE', quantity: '0', revision: 2, accepted: told?.accepted }),
    ]);
    await stage.simulator.control.knobs({ apiAccess: true });
    await stage.publish(reserved(anOrder('2', 'SE')));
    await accepted(1);
    expect((await stage.simulator.control.orders()).map(({ number }) => number)).toEqual(['2-SE']);
  });

  it('behind a PUT that is under way follows it and is carried out', async () => {
    await seeded({ writeLatencyMs: 300 });
    await stage.gateway();
    const order = anOrder('1', 'SE');
    await stage.publish(reserved(order));
    await eventually(async () => '1-SE' in (await stage.simulator.control.counts()).puts, { everyMs: 5 });
    await stage.publish(cancelForwarded(order));
    const [told] = await eventually(async () => {
      const cancelled = await stage.told(OrderCancelled);
      return cancelled.length > 0 && cancelled;
    });
    expect(told).toMatchObject({ number: '1-SE', revision: 2, by: 'channel' });
    const [first] = await stage.told(OrderAccepted);
    expect(first?.accepted).toBeLessThan(told?.sent ?? 0);
    const [order1] = await stage.simulator.control.orders();
    expect(order1).toMatchObject({ status: 1000, puts: { received: 1 }, deletes: { received: 1 } });
  });

  it('behind a PUT that is under way is carried out, also where a change of the order waits behind that', async () => {
    await seeded({ writeLatencyMs: 600 });
    await stage.gateway();
    const order = anOrder('1', 'SE');
    await stage.publish(reserved(order));
    await eventually(async () => '1-SE' in (await stage.simulator.control.counts()).puts, { everyMs: 5 });
    const changed = { ...order, revision: 2, note: 'ring twice' };
    await stage.publish(reserved(changed), cancelForwarded({ ...order, revision: 2 }));
    const [told] = await eventually(async () => {
      const cancelled = await stage.told(OrderCancelled);
      return cancelled.length > 0 && cancelled;
    });
    expect(told?.sent).toBeLessThan(told?.accepted ?? 0);
    const [order1] = await stage.simulator.control.orders();
    expect(order1).toMatchObject({ status: 1000, deletes: { received: 1 } });
  });

  it('that comes after picking began is refused with the words of Ongoing', async () => {
    await seeded();
    await stage.gateway();
    const order = anOrder('1', 'SE');
    await stage.publish(reserved(order));
    await accepted(1);
    await stage.simulator.control.allocate({ order: '1-SE' });
    await stage.publish(cancelForwarded(order));
    const [refused] = await eventually(async () => {
      const told = await stage.told(OrderCancelRefused);
      return told.length > 0 && told;
    });
    expect(refused).toMatchObject({ number: '1-SE', revision: 2, reason: 'too-late' });
    expect(await stage.told(OrderCancelled)).toEqual([]);
  });

  it('reaches an order that the warehouse has given another number', async () => {
    await seeded();
    await stage.gateway();
    const order = anOrder('1', 'SE');
    await stage.publish(reserved(order));
    const [{ wmsOrderId } = {}] = await accepted(1);
    const { user, password, apiUrl } = stage.simulator;
    const renamed = await fetch(`${apiUrl}orders/${wmsOrderId}/orderNumber`, {
      method: 'PATCH',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      },
      body: JSON.stringify({ orderNumber: 'RENAMED' }),
    });
    expect(renamed.status).toBe(200);
    await stage.publish(cancelForwarded(order));
    await eventually(async () => (await stage.told(OrderCancelled)).length === 1);
    const [found] = await stage.simulator.control.orders();
    expect(found).toMatchObject({ number: 'RENAMED', status: 1000 });
  });

  it('whose answer was lost is found cancelled and counts as cancelled', async () => {
    await seeded();
    await stage.gateway();
    const order = anOrder('1', 'SE');
    await stage.publish(reserved(order));
    await accepted(1);
    await stage.simulator.control.arm({ on: 'DELETE /orders/{orderId}', kind: 'drop', afterCommit: true });
    await stage.publish(cancelForwarded(order));
    const [told] = await eventually(async () => {
      const cancelled = await stage.told(OrderCancelled);
      return cancelled.length > 0 && cancelled;
    });
    expect(told).toMatchObject({ revision: 2, by: 'channel' });
    expect(await stage.told(OrderCancelRefused)).toEqual([]);
    const [found] = await stage.simulator.control.orders();
    expect(found).toMatchObject({ status: 1000, deletes: { received: 1 } });
  });
});

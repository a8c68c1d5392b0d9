import { afterEach, describe, expect, it } from '@jest/globals';
import { OrderAccepted } from '@samlast/contracts';
import type { RunningService } from '@samlast/service';
import { eventually } from '@samlast/test-stack';
import { anOrder, reserved, setStage, type Stage } from '../testing/stage.ts';
import { type Gap, WebhookGaps } from './gaps.ts';

let stage: Stage;
let gateway: RunningService;
afterEach(() => stage.close());

const token = 'webhook-token-of-the-test';
const order = '5178-SE';

async function begin({
  hooked = true,
  secret = token,
  env = {} as Record<string, string>,
} = {}): Promise<void> {
  stage = await setStage();
  await stage.simulator.control.seed({ articles: [{ number: 'TEE', stock: 10 }] });
  gateway = await stage.gateway(env);
  if (hooked) {
    const hook = { url: `${gateway.url}/webhooks/ongoing`, auth: { kind: 'token' as const, token: secret } };
    await stage.simulator.control.webhooks({ hooks: [hook] });
  }
  const lines = [{ row: '1', article: 'TEE', quantity: '2', picked: true }];
  await stage.publish(reserved(anOrder('5178', 'SE', { lines })));
  await eventually(async () => (await stage.told(OrderAccepted)).length === 1);
}

const sighted = (condition: string) =>
  eventually(
    async () =>
      (await stage.database.query(`SELECT 1 FROM wms_gateway.sightings WHERE ${condition}`)).length > 0,
    { withinMs: 30_000, message: condition },
  );

/** As if so much time had passed; then what is late is counted. */
async function minutesLater(minutes: number): Promise<void> {
  const back = (column: string) => `${column} = ${column} - interval '${minutes} min'`;
  const columns = ['polled_at', 'told_at', 'untold_since', 'unpolled_since'].map(back);
  await stage.database.query(`UPDATE wms_gateway.sightings SET ${columns.join(', ')}`);
  await gateway.app.get(WebhookGaps).count();
}

async function state(): Promise<{ advice: string[]; gaps: Gap[]; received: number }> {
  return (await (await fetch(`${gateway.url}/ops/webhooks`)).json()) as never;
}

describe('webhooks and polling', () => {
  it('are held against each other, and nothing is said while both find the same', async () => {
    await begin();
    await sighted(`status = 300 AND told_at IS NOT NULL AND untold_since IS NULL`);
    await stage.simulator.control.pick({ order });
    await sighted(`status = 400 AND untold_since IS NULL`);
    await minutesLater(20);
    expect(await state()).toMatchObject({ gaps: [], advice: [] });
  });

  it('say that the webhook does not reach us where polling alone finds what changed, and what to do', async () => {
    await begin({ hooked: false });
    await sighted('untold_since IS NOT NULL');
    await minutesLater(10);
    expect((await state()).gaps).toEqual([]);
    await minutesLater(6);
    const { gaps, advice } = await state();
    expect(gaps).toEqual([{ kind: 'order', side: 'untold', status: 300, count: 1, number: order }]);
    expect(advice).toEqual([
      expect.stringMatching(/^Ongoing's webhook for orders does not reach us: .* press Test/),
    ]);
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toMatch(/ongoing_webhook_gaps_total\{.*side="untold".*\} 1/);
    // It is counted once.
    await minutesLater(20);
    expect((await state()).gaps).toMatchObject([{ count: 1 }]);
  });

  it('say that it is refused where its token differs', async () => {
    await begin({ secret: 'another-token-than-ours' });
    await sighted('untold_since IS NOT NULL');
    await minutesLater(16);
    expect((await state()).advice).toEqual([
      expect.stringMatching(/webhook for orders is refused.*WEBHOOK_TOKEN/),
    ]);
  });

  it('name the statuses that a webhook leaves out, but for those that it is not set up for', async () => {
    await begin({ env: { WEBHOOK_STATUSES: '400,450' } });
    await sighted('told_at IS NOT NULL AND polled_at IS NOT NULL');
    await stage.simulator.control.webhooks({ hooks: [] });
    await minutesLater(20);
    await stage.simulator.control.pick({ order });
    await sighted('status = 400 AND untold_since IS NOT NULL');
    await minutesLater(16);
    const { gaps, advice } = await state();
    expect(gaps).toEqual([{ kind: 'order', side: 'untold', status: 400, count: 1, number: order }]);
    expect(advice).toEqual([expect.stringMatching(/does not tell of all orders: .* with status 400,/)]);
  });

  it('take a webhook that comes late for told, if it comes in time', async () => {
    await begin({ hooked: false });
    await sighted('untold_since IS NOT NULL');
    const [{ orderId = 0 } = {}] = await stage.simulator.control.orders();
    await fetch(`${gateway.url}/webhooks/ongoing`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-auth-token': token },
      body: JSON.stringify({ webhookEventId: 1, goodsOwnerId: 41, orderId, orderNumber: order }),
    });
    await minutesLater(20);
    expect((await state()).gaps).toEqual([]);
  });

  it('say that polling does not find what a webhook told', async () => {
    await begin({ env: { ORDER_POLL_MS: '3600000' } });
    await sighted('unpolled_since IS NOT NULL');
    await minutesLater(16);
    const { gaps, advice } = await state();
    expect(gaps).toMatchObject([{ kind: 'order', side: 'unpolled', count: 1, number: order }]);
    expect(advice).toEqual([expect.stringMatching(/^Polling does not find all orders: .*ongoing:check/)]);
  });

  it('hold purchase orders against each other as well', async () => {
    await begin({ hooked: false });
    const { apiUrl, user, password } = stage.simulator;
    await fetch(new URL('purchaseOrders', apiUrl), {
      method: 'PUT',
      headers: {
        authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ goodsOwnerId: 41, purchaseOrderNumber: 'DOCK-1', purchaseOrderLines: [] }),
    });
    await sighted(`kind = 'purchase-order' AND untold_since IS NOT NULL`);
    await minutesLater(16);
    expect((await state()).advice).toContainEqual(
      expect.stringMatching(/webhook for purchase orders does not reach us: 1 changes .* DOCK-1/),
    );
  });

  it('say nothing where nobody wants webhooks', async () => {
    await begin({ hooked: false, env: { WEBHOOK_TOKEN: '' } });
    expect(await stage.database.query('SELECT 1 FROM wms_gateway.sightings')).toEqual([]);
    expect(await state()).toMatchObject({ isOn: false, advice: [] });
  });
});

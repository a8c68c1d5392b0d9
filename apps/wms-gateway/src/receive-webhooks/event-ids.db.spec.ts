import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunningService } from '@samlast/service';
import { eventually } from '@samlast/test-stack';
import { setStage, type Stage } from '../testing/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.close());

const send = ({ url }: RunningService, webhookEventId: number, orderId: number) =>
  fetch(`${url}/webhooks/ongoing`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-auth-token': 'webhook-token-of-the-test' },
    body: JSON.stringify({ webhookEventId, goodsOwnerId: 41, orderId }),
  });
const count = async (sql: string) => (await stage.database.query(sql)).length;
const outcomes = async ({ url }: RunningService) =>
  (await (await fetch(`${url}/metrics`)).text()).match(
    /ongoing_webhooks_total\{outcome="duplicate"\} (\d+)/,
  )?.[1];

describe('the id of a webhook', () => {
  it('is known for the day in which Ongoing tries again, also by the gateway that comes next, and then forgotten', async () => {
    const first = await stage.gateway();
    for (const id of [1, 2]) expect((await send(first, id, 61_000 + id)).status).toBe(204);
    await first.close();
    const aged = (id: number, hours: number) =>
      stage.database.query(
        `UPDATE wms_gateway.webhook_events SET received_at = now() - $2 * interval '1 hour' WHERE id = $1`,
        [String(id), hours],
      );
    // The last try comes a day after the first one.
    await aged(1, 25);
    await aged(2, 27);
    const second = await stage.gateway();
    await eventually(async () => (await count('SELECT 1 FROM wms_gateway.webhook_events')) === 1);
    expect((await send(second, 1, 61_001)).status).toBe(204);
    expect(await outcomes(second)).toBe('1');
  });

  it('is needed by nobody who sends none: such a webhook is taken each time', async () => {
    const gateway = await stage.gateway();
    const body = JSON.stringify({ goodsOwnerId: 41, orderId: 61_003 });
    const headers = { 'content-type': 'application/json', 'x-auth-token': 'webhook-token-of-the-test' };
    for (let time = 0; time < 2; time++)
      expect((await fetch(`${gateway.url}/webhooks/ongoing`, { method: 'POST', headers, body })).status).toBe(
        204,
      );
    expect(await outcomes(gateway)).toBeUndefined();
  });
});

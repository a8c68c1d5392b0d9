import { afterEach, describe, expect, it } from '@jest/globals';
import { StockObserved } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { setStage, type Stage } from '../testing/stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const sellable = async () =>
  (await stage.told(StockObserved)).findLast(({ article }) => article === 'TEE')?.sellable;
const becomes = (pieces: string) =>
  eventually(async () => (await sellable()) === pieces, { message: `${pieces} can be sold` });

describe('what happens to goods at the warehouse without any order', () => {
  it('is told within a moment where its webhooks are set up, however seldom we ask', async () => {
    stage = await setStage();
    const { control } = stage.simulator;
    await control.seed({ articles: [{ number: 'TEE', stock: 10 }] });
    const { url } = await stage.gateway({ STOCK_POLL_MS: '3600000' });
    await becomes('10');
    const auth = { kind: 'token' as const, token: 'webhook-token-of-the-test' };
    const events = ['stock-adjusted', 'goods-received', 'item-status-changed'] as const;
    await control.webhooks({ hooks: [{ url: `${url}/webhooks/ongoing`, events: [...events], auth }] });
    await control.adjust({ article: 'TEE', quantity: -3 });
    await becomes('7');
    await control.receive({ article: 'TEE', quantity: 5 });
    await becomes('12');
    await control.lock({ article: 'TEE', quantity: 2 });
    await becomes('10');
    await control.unlock({ article: 'TEE', quantity: 1 });
    await becomes('11');
    expect((await control.deliveries()).map(({ order, result }) => `${order} ${result}`)).toEqual([
      'TEE 204',
      'TEE 204',
      'TEE 204',
      'TEE 204',
    ]);
  });
});

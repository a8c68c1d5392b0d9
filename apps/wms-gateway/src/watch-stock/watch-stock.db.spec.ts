import { afterEach, describe, expect, it } from '@jest/globals';
import { LineAccepted, OrderAccepted, OrderWaiting, StockObserved } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { DataSource } from 'typeorm';
import { nextStep } from '../steps.ts';
import { anOrder, reserved, setStage, type Stage } from '../testing/stage.ts';
import { PublishRead } from './publish-read.ts';

let stage: Stage;
afterEach(() => stage.close());

async function begin(env: Record<string, string> = {}) {
  stage = await setStage();
  await stage.simulator.control.seed({
    articles: [
      { number: 'TEE', stock: 10 },
      { number: 'CAP', stock: 4 },
      { number: 'FREIGHT', isStockArticle: false },
      { number: 'OLD', isActive: false, stock: 1 },
      {
        number: 'SET',
        parts: [
          { article: 'TEE', quantity: 1 },
          { article: 'CAP', quantity: 1 },
        ],
      },
    ],
  });
  return stage.gateway(env);
}

const observed = async (article: string) =>
  (await stage.told(StockObserved)).filter((read) => read.article === article);
const sellableOf = async (article: string) => (await observed(article)).at(-1)?.sellable;
/** How many articles were read from Ongoing, by the way in which. */
const articlesRead = async (url: string) => {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = text.matchAll(/^stock_reads_total\{way="(\w+)".*?\} (\d+)/gm);
  return Object.fromEntries([...found].map(([, way, count]) => [way, Number(count)]));
};
const never = { STOCK_POLL_MS: '3600000', ORDER_POLL_MS: '3600000' };

describe('the stock of the warehouse', () => {
  it('is read whole at the start, page by page with brackets of their own', async () => {
    await begin({ ...never, SWEEP_PAGE: '2' });
    const reads = await eventually(async () => {
      const told = await stage.told(StockObserved);
      return told.length === 5 && told;
    });
    expect(reads.map(({ article, status, sellable }) => [article, status, sellable]).toSorted()).toEqual([
      ['CAP', 'active', '4'],
      ['FREIGHT', 'not-stocked', '0'],
      ['OLD', 'inactive', '1'],
      ['SET', 'active', '4'],
      ['TEE', 'active', '10'],
    ]);
    expect(new Set(reads.map(({ started, ended }) => `${started}-${ended}`)).size).toBe(3);
    expect(reads.every(({ started, ended }) => started < ended)).toBe(true);
  });

  it('reaches the bus with a change, and only then', async () => {
    await begin({ STOCK_POLL_MS: '100' });
    await eventually(async () => (await sellableOf('CAP')) === '4');
    const before = await stage.told(StockObserved);
    await stage.simulator.control.adjust({ article: 'TEE', quantity: -3 });
    await eventually(async () => (await sellableOf('TEE')) === '7');
    const after = await stage.told(StockObserved);
    expect(after.length).toBe(before.length + 1);
  });

  it('is told where people of the warehouse set an article inactive, which moves none of its figures', async () => {
    const { url } = await begin({ ...never, ARTICLE_POLL_MS: '100' });
    await eventually(async () => (await articlesRead(url)).sweep === 5);
    const statusOf = async () => (await observed('CAP')).at(-1)?.status;
    await eventually(async () => (await statusOf()) === 'active');
    await stage.simulator.control.seed({ articles: [{ number: 'CAP', isActive: false }] });
    await eventually(async () => (await statusOf()) === 'inactive');
    expect((await articlesRead(url)).sweep).toBe(5);
  });

  it('is read anew after an order was accepted, though no figure is polled, with a start that lies after it', async () => {
    const { url } = await begin(never);
    const asked = async () => (await stage.simulator.control.counts()).requests['GET /articles'] ?? 0;
    await eventually(async () => (await articlesRead(url)).sweep === 5);
    await eventually(async () => (await sellableOf('TEE')) === '10');
    const before = await asked();
    await stage.publish(reserved(anOrder('1', 'SE')));
    await eventually(async () => (await sellableOf('TEE')) === '8');
    const [line] = await stage.told(LineAccepted);
    const read = (await observed('TEE')).find(({ sellable }) => sellable === '8');
    const settling = await eventually(async () =>
      (await observed('TEE')).find(({ started }) => started >= (line?.accepted ?? Infinity)),
    );
    expect(settling.sellable).toBe('8');
    expect(settling.inFlight).toEqual([]);
    expect(read?.ended).toBeGreaterThan(line?.sent ?? Infinity);
    // Its one article, each time, and no other.
    await eventually(async () => (await articlesRead(url)).touched === (await asked()) - before);
    expect((await articlesRead(url)).sweep).toBe(5);
  });

  it.each([{ article: { articleNumber: 'CAP' } }, { articleNumber: 'CAP' }])(
    'is read anew of an article that a webhook names, and of no other: %j',
    async (named) => {
      const { url } = await begin(never);
      await eventually(async () => (await articlesRead(url)).sweep === 5);
      await eventually(async () => (await sellableOf('CAP')) === '4');
      await stage.simulator.control.adjust({ article: 'CAP', quantity: -1 });
      await stage.simulator.control.adjust({ article: 'TEE', quantity: -1 });
      const { status } = await fetch(`${url}/webhooks/ongoing`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-auth-token': 'webhook-token-of-the-test' },
        body: JSON.stringify({ webhookEventId: 7, goodsOwnerId: 41, ...named }),
      });
      expect(status).toBe(204);
      await eventually(async () => (await sellableOf('CAP')) === '3');
      expect(await articlesRead(url)).toEqual({ sweep: 5, touched: 1 });
      expect(await sellableOf('TEE')).toBe('10');
    },
  );

  it('is read anew of the parts of a kit too, whose lines are told under the numbers of its parts', async () => {
    await begin(never);
    await eventually(async () => (await sellableOf('CAP')) === '4');
    const order = anOrder('1', 'SE', { lines: [{ row: '1', article: 'SET', quantity: '2', picked: true }] });
    const parts = [
      { article: 'CAP', quantity: '2' },
      { article: 'TEE', quantity: '2' },
    ];
    const event = reserved(order);
    await stage.publish({ ...event, data: { ...(event.data as object), parts } } as typeof event);
    await eventually(async () => (await sellableOf('CAP')) === '2' && (await sellableOf('TEE')) === '8');
    const [accepted] = await stage.told(OrderAccepted);
    expect(accepted?.lines).toEqual([{ row: '1', article: 'SET', quantity: '2' }]);
    const lines = (await stage.told(LineAccepted)).map(({ article, quantity }) => `${quantity} ${article}`);
    expect(lines.toSorted()).toEqual(['2 CAP', '2 SET', '2 TEE']);
  });

  it('names the writes that were under way while it was read', async () => {
    await begin(never);
    await eventually(async () => (await sellableOf('TEE')) === '10');
    await stage.simulator.control.knobs({ writeLatencyMs: 600 });
    const order = anOrder('1', 'SE');
    await stage.publish(reserved(order));
    await eventually(async () => '1-SE' in (await stage.simulator.control.counts()).puts, { everyMs: 5 });
    const { number, channel, revision } = anOrder('2', 'EU');
    await stage.publish(OrderWaiting.of({ number, channel, revision, articles: ['TEE', 'CAP'] }));
    const [during] = await eventually(async () => {
      const reads = (await observed('TEE')).filter(({ inFlight }) => inFlight.length > 0);
      return reads.length > 0 && reads;
    });
    expect(during?.inFlight).toEqual([{ number: '1-SE', revision: 1 }]);
    const cap = (await observed('CAP')).at(-1);
    expect(cap?.inFlight).toEqual([]);
    const clean = await eventually(async () =>
      (await observed('TEE')).find(({ sellable }) => sellable === '8'),
    );
    expect(clean.started).toBeGreaterThan(during?.started ?? Infinity);
  });

  it('is told again without a change where an undecided order asks for a read', async () => {
    await begin(never);
    await eventually(async () => (await sellableOf('CAP')) === '4');
    const { number, channel, revision } = anOrder('2', 'EU');
    await stage.publish(OrderWaiting.of({ number, channel, revision, articles: ['CAP', 'NEVER-SEEN'] }));
    await eventually(async () => (await observed('CAP')).length === 2);
    expect(await observed('NEVER-SEEN')).toEqual([]);
    const rows = await stage.database.query('SELECT 1 FROM wms_gateway.articles WHERE unsettled > started');
    expect(rows).toEqual([]);
  });

  it('is read again where two reads ran at a time and say different things: who looked first, nobody knows', async () => {
    const { app } = await begin(never);
    await eventually(async () => (await sellableOf('TEE')) === '10');
    const step = () => nextStep(app.get(DataSource));
    const [first, second] = [await step(), await step()];
    const ends = [await step(), await step()];
    await stage.simulator.control.adjust({ article: 'TEE', quantity: 2 });
    const told = (sellable: bigint, started: number, ended = 0) => {
      const found = new Map([['TEE', { status: 'active' as const, sellable, incoming: undefined }]]);
      return app
        .get(PublishRead)
        .publish({ found, bracket: { started, begun: started, ended, inFlight: [] } }, 'plain');
    };
    await told(12_000n, first, ends[0]);
    await told(10_000n, second, ends[1]);
    const reads = await eventually(async () => {
      const all = await observed('TEE');
      return all.at(-1)!.started > second && all;
    });
    expect(reads.map(({ sellable }) => sellable)).toEqual(['10', '12', '12']);
    // The one that began first and ended last may have seen what is newer too.
    await told(9_000n, second, (await step()) + 1);
    await eventually(async () => (await observed('TEE')).length === 4);
    expect(await sellableOf('TEE')).toBe('12');
  });

  it('that lags behind its own answers counts as read before what was accepted within that time', async () => {
    await begin({ ...never, WMS_SETTLE_MS: '400' });
    await eventually(async () => (await sellableOf('TEE')) === '10');
    await stage.simulator.control.knobs({ stockLagMs: 300 });
    await stage.publish(reserved(anOrder('1', 'SE')));
    const [line] = await eventually(async () => {
      const lines = await stage.told(LineAccepted);
      return lines.length > 0 && lines;
    });
    const settling = await eventually(async () =>
      (await observed('TEE')).find(({ started }) => started >= (line?.accepted ?? Infinity)),
    );
    expect(settling.sellable).toBe('8');
  });

  it('is swept where the cursor of changes is older than Ongoing takes', async () => {
    await begin({ STOCK_POLL_MS: '100' });
    await eventually(async () => (await sellableOf('CAP')) === '4');
    await stage.database.query(
      `UPDATE wms_gateway.cursors SET since = now() - interval '30 hours' WHERE feed = 'stock'`,
    );
    await stage.database.query(`UPDATE wms_gateway.articles SET sellable = 1000 WHERE article = 'CAP'`);
    await eventually(async () => (await observed('CAP')).length === 2);
    // A poll that was under way may have told of CAP too, so the cursor may come a moment later.
    await eventually(async () => {
      const [cursor] = await stage.database.query<{ fresh: boolean }>(
        `SELECT since > now() - interval '1 minute' AS fresh FROM wms_gateway.cursors WHERE feed = 'stock'`,
      );
      return cursor?.fresh;
    });
  });
});

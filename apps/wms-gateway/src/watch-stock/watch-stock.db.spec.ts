import { afterEach, describe, expect, it } from '@jest/globals';
import { LineAccepted, OrderWaiting, StockObserved } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { anOrder, reserved, setStage, type Stage } from '../testing/stage.ts';

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
  await stage.gateway(env);
}

const observed = async (article: string) =>
  (await stage.told(StockObserved)).filter((read) => read.article === article);
const sellableOf = async (article: string) => (await observed(article)).at(-1)?.sellable;
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

  it('reaches the bus within a second of a change, and only then', async () => {
    await begin({ STOCK_POLL_MS: '100' });
    await eventually(async () => (await sellableOf('CAP')) === '4');
    const before = await stage.told(StockObserved);
    await stage.simulator.control.adjust({ article: 'TEE', quantity: -3 });
    await eventually(async () => (await sellableOf('TEE')) === '7', { withinMs: 1_000 });
    const after = await stage.told(StockObserved);
    expect(after.length).toBe(before.length + 1);
  });

  it('is read anew after an order was accepted, though no figure is polled, with a start that lies after it', async () => {
    await begin(never);
    await eventually(async () => (await sellableOf('TEE')) === '10');
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

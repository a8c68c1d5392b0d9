import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ArticlePublished, ArticleWithdrawn, OrderWaiting, StockObserved } from '@samlast/contracts';
import type { RunningService } from '@samlast/service';
import { eventually } from '@samlast/test-stack';
import { anOrder, setStage, type Stage } from '../testing/stage.ts';

let stage: Stage;
let gateway: RunningService;
beforeEach(async () => {
  stage = await setStage();
  await stage.simulator.control.seed({
    articles: [
      { number: 'TEE', stock: 10 },
      { number: 'CAP', stock: 4 },
    ],
  });
});
afterEach(() => stage.close());

const begin = async (env: Record<string, string> = {}, tee = '10 active') => {
  gateway = await stage.gateway({ SWEEP_MS: '1000', GATE_SECOND_READ_MS: '100', ...env });
  await eventually(async () => (await newest('TEE')) === tee && (await newest('CAP')) === '4 active');
  // What was read page by page is told before it is known to be all.
  await eventually(
    async () =>
      (await stage.database.query('SELECT 1 FROM wms_gateway.stock_gate WHERE listed > 0')).length === 1,
  );
};
const observed = async (article: string) =>
  (await stage.told(StockObserved)).filter((read) => read.article === article);
const newest = async (article: string) => {
  const read = (await observed(article)).at(-1);
  return read && `${read.sellable} ${read.status}`;
};
/** The ERP makes it, and the warehouse has what it says. */
const make = async () => {
  await stage.publish(ArticlePublished.of({ channel: 'ERP', article: { number: 'TEE', name: 'T-shirt' } }));
  await eventually(async () => {
    const [tee] = await stage.simulator.control.articles({ numbers: ['TEE'] });
    return tee?.name === 'T-shirt';
  });
};
const remove = (article: string) => stage.simulator.control.removeArticle({ article });
const comeBack = () => stage.simulator.control.seed({ articles: [{ number: 'TEE', stock: 7 }] });
interface Finding {
  article: string;
  text: string;
  remedy: string;
}
const findings = async () => {
  const response = await fetch(`${gateway.url}/ops/catalogue?kind=vanished`);
  return ((await response.json()) as { findings: Finding[] }).findings;
};
/** All of the warehouse was read so many times more. */
async function sweeps(more: number): Promise<void> {
  const done = async () => {
    const { requests } = await stage.simulator.control.counts();
    return requests['GET /articles'] ?? 0;
  };
  const before = await done();
  await eventually(async () => (await done()) >= before + more);
}
const never = { STOCK_POLL_MS: '3600000' };

describe('an article that is deleted at the warehouse', () => {
  it('is told as nothing left, once, and listed, until it comes back', async () => {
    await begin(never);
    await make();
    await remove('TEE');
    await eventually(async () => (await newest('TEE')) === '0 inactive');
    const [finding] = await eventually(async () => (await findings()).length === 1 && (await findings()));
    expect(finding).toMatchObject({ article: 'TEE', remedy: expect.stringContaining('Write again') });
    expect(finding?.text).toContain('The warehouse had TEE');
    await sweeps(3);
    expect((await observed('TEE')).filter(({ status }) => status === 'inactive')).toHaveLength(1);
    expect(await newest('CAP')).toBe('4 active');
    await comeBack();
    await eventually(async () => (await newest('TEE')) === '7 active');
    await eventually(async () => (await findings()).length === 0);
  });

  it('is written again as its owners have it, when a person says so', async () => {
    await begin(never);
    await make();
    await remove('TEE');
    await eventually(async () => (await findings()).length === 1);
    await fetch(`${gateway.url}/ops/catalogue/TEE/write`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ author: 'Kim', reason: 'It was deleted by mistake.' }),
    });
    await eventually(async () => (await newest('TEE')) === '0 active');
    await eventually(async () => (await findings()).length === 0);
    expect(await stage.simulator.control.articles({ numbers: ['TEE'] })).toMatchObject([{ name: 'T-shirt' }]);
  });

  it('is told as it was where one list lacks it and the next one has it', async () => {
    await begin({ ...never, SWEEP_MS: '3600000', GATE_SECOND_READ_MS: '100' });
    await remove('TEE');
    await gateway.close();
    gateway = await stage.gateway({ ...never, SWEEP_MS: '3600000' });
    const missing = 'SELECT article FROM wms_gateway.articles WHERE missing_at IS NOT NULL';
    await eventually(async () => (await stage.database.query<unknown[]>(missing)).length === 1);
    await comeBack();
    await gateway.close();
    await begin(never, '7 active');
    await sweeps(3);
    expect(await newest('TEE')).toBe('7 active');
    expect((await observed('TEE')).map(({ status }) => status)).toEqual(['active', 'active']);
    expect(await stage.database.query(missing)).toEqual([]);
  });

  it('stays on sale while a list that is far shorter is held, and goes when the second one says the same', async () => {
    const strict = { GATE_ARTICLES: '1', GATE_SECOND_READ_MS: '1500' };
    await begin({ ...never, ...strict });
    await remove('TEE');
    const gate = async () =>
      (await (await fetch(`${gateway.url}/ops/stock-gate`)).json()) as { state: string; doubt: string };
    await eventually(async () => (await gate()).state === 'waiting');
    expect(await gate()).toMatchObject({ doubt: 'list-shrunk' });
    expect(await newest('TEE')).toBe('10 active');
    await eventually(async () => (await newest('TEE')) === '0 inactive');
    expect((await gate()).state).toBe('open');
  });

  it('vanishes by no list that has an entry which cannot be read', async () => {
    await begin(never);
    await stage.simulator.control.editArticle({ article: 'TEE', fields: { isActive: 'yes' } });
    await sweeps(3);
    expect(await newest('TEE')).toBe('10 active');
  });

  it('is no news to anybody once all its systems have deleted it too', async () => {
    await begin(never);
    await make();
    await remove('TEE');
    await eventually(async () => (await findings()).length === 1);
    await stage.publish(ArticleWithdrawn.of({ channel: 'ERP', article: 'TEE', shopArticleId: '7' }));
    await eventually(async () => (await findings()).length === 0);
  });

  it('answers an order that waits for a read of it', async () => {
    await begin(never);
    await remove('TEE');
    await eventually(async () => (await newest('TEE')) === '0 inactive');
    const { number, channel, revision } = anOrder('2', 'EU');
    await stage.publish(OrderWaiting.of({ number, channel, revision, articles: ['TEE'] }));
    await eventually(async () => (await observed('TEE')).length === 3);
    expect(await newest('TEE')).toBe('0 inactive');
  });
});

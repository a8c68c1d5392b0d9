import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StockObserved } from '@samlast/contracts';
import type { RunningService } from '@samlast/service';
import { eventually } from '@samlast/test-stack';
import { Steps } from '../steps.ts';
import { anOrder, reserved, setStage, type Stage } from '../testing/stage.ts';
import { StockGate } from './stock-gate.ts';

const numbers = Array.from({ length: 12 }, (_, index) => `ART-${index + 10}`);
const PIECES = 5;
/** A single article that is sold out is enough, so that it does not matter what one poll sees of many changes. */
const strict = { GATE_ARTICLES: '1', GATE_SHARE: '0.01', GATE_SECOND_READ_MS: '1500' };

let stage: Stage;
let gateway: RunningService;

beforeEach(async () => {
  stage = await setStage();
  await stage.simulator.control.seed({ articles: numbers.map((number) => ({ number, stock: PIECES })) });
});
afterEach(() => stage.close());

async function begin(env: Record<string, string>): Promise<void> {
  gateway = await stage.gateway({ SWEEP_PAGE: '5', ...env });
  await eventually(async () => (await reads()).length === numbers.length);
  await eventually(async () => (await gate()).listed === numbers.length);
}

const reads = () => stage.told(StockObserved);
const all = (quantity: number) =>
  Promise.all(numbers.map((article) => stage.simulator.control.adjust({ article, quantity })));

interface Gate {
  state: string;
  doubt: string | null;
  listed: number;
  count: number;
  author: string | null;
  differing: string[];
  articles: { article: string; sellable: string; sellableBefore: string; differs: boolean }[];
}
const gate = async () => (await (await fetch(`${gateway.url}/ops/stock-gate`)).json()) as Gate;
const inState = (state: string, count: number) =>
  eventually(
    async () => {
      const shown = await gate();
      return shown.state === state && shown.count === count && shown;
    },
    { withinMs: 30_000 },
  );
const decide = (word: 'accept' | 'discard', reason = 'counted on the shelf') =>
  fetch(`${gateway.url}/ops/stock-gate/${word}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ author: 'Anna', reason }),
  });

/** What the authority goes by: the newest read of each article, and whether it was doubtful. */
async function newest(): Promise<string[]> {
  const found = new Map((await reads()).map((read) => [read.article, read]));
  return [
    ...new Set([...found.values()].map((read) => `${read.sellable}${read.doubtful ? ' in doubt' : ''}`)),
  ];
}

describe('a read that would leave nothing of many articles', () => {
  it('is told as doubtful, and as true after a second read that says the same', async () => {
    await begin({ ...strict, STOCK_POLL_MS: '200' });
    await all(-PIECES);
    const held = await inState('waiting', numbers.length);
    expect(held).toMatchObject({ doubt: 'zeroed', listed: numbers.length });
    expect(held.articles[0]).toMatchObject({ article: 'ART-10', sellable: '0', sellableBefore: '5' });
    expect((await reads()).filter((read) => read.sellable === '0' && !read.doubtful)).toEqual([]);
    expect(await newest()).toEqual(['0 in doubt']);
    await inState('open', 0);
    expect(await newest()).toEqual(['0']);
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toContain('stock_reads_held_total{outcome="accepted"} 1');
    expect((await decide('accept')).status).toBe(409);
  });

  it('waits for a person where the second read says something else, and ends when that was a mistake', async () => {
    await begin({ ...strict, STOCK_POLL_MS: '200' });
    await all(-PIECES);
    await inState('waiting', numbers.length);
    await all(PIECES);
    const differs = await inState('differs', numbers.length);
    expect(differs.differing.toSorted()).toEqual(numbers);
    expect((await reads()).filter((read) => read.doubtful && read.sellable === '5').length).toBeGreaterThan(
      0,
    );
    expect((await reads()).filter((read) => !read.doubtful)).toHaveLength(numbers.length);
    expect((await decide('discard', '')).status).toBe(422);
    expect((await decide('discard')).status).toBe(202);
    await inState('open', 0);
    expect(await newest()).toEqual(['5']);
  });

  it('counts as it is when a person says so', async () => {
    await begin({ ...strict, STOCK_POLL_MS: '200', GATE_SECOND_READ_MS: '3600000' });
    await all(-PIECES);
    await inState('waiting', numbers.length);
    expect((await decide('accept')).status).toBe(202);
    await inState('open', 0);
    expect(await newest()).toEqual(['0']);
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toContain('stock_reads_held_total{outcome="accepted"} 1');
  });

  it('is held on by the gateway that comes next', async () => {
    const env = { ...strict, STOCK_POLL_MS: '200', GATE_SECOND_READ_MS: '3600000' };
    await begin(env);
    await all(-PIECES);
    await inState('waiting', numbers.length);
    await gateway.close();
    gateway = await stage.gateway({ ...env, SWEEP_PAGE: '5' });
    await stage.simulator.control.adjust({ article: 'ART-10', quantity: 2 });
    await eventually(async () => (await reads()).some((read) => read.sellable === '2' && read.doubtful));
    expect((await gate()).state).toBe('waiting');
  });
});

describe('reads that empty a few articles each', () => {
  const env = {
    STOCK_POLL_MS: '100',
    GATE_ARTICLES: '10',
    GATE_SHARE: '0.3',
    GATE_SECOND_READ_MS: '3600000',
  };
  const empty = (...articles: string[]) =>
    Promise.all(articles.map((article) => stage.simulator.control.adjust({ article, quantity: -PIECES })));
  const told = (article: string, sellable: string) =>
    eventually(async () =>
      (await reads()).findLast((read) => read.article === article && read.sellable === sellable),
    );

  it('are held once they have emptied too many within a while', async () => {
    await begin(env);
    await empty('ART-10', 'ART-11');
    expect(await told('ART-11', '0')).not.toHaveProperty('doubtful');
    await empty('ART-12');
    expect(await told('ART-12', '0')).not.toHaveProperty('doubtful');
    await empty('ART-13');
    expect(await told('ART-13', '0')).toMatchObject({ doubtful: true });
    expect(await inState('waiting', 1)).toMatchObject({ doubt: 'zeroed' });
    expect((await decide('accept')).status).toBe(202);
    await inState('open', 0);
    // What a person has accepted is no sign of more to come.
    await empty('ART-14');
    expect(await told('ART-14', '0')).not.toHaveProperty('doubtful');
  });

  it('are not where that was long ago, nor where the articles can be sold again', async () => {
    await begin({ ...env, GATE_WINDOW_MS: '1000' });
    await empty('ART-10', 'ART-11', 'ART-12');
    await told('ART-12', '0');
    await eventually(async () => {
      const rows = await stage.database.query(
        `SELECT 1 FROM wms_gateway.articles WHERE emptied_at > now() - interval '1 second'`,
      );
      return rows.length === 0;
    });
    await empty('ART-13', 'ART-14');
    expect(await told('ART-14', '0')).not.toHaveProperty('doubtful');
    for (const article of ['ART-13', 'ART-14'])
      await stage.simulator.control.adjust({ article, quantity: 1 });
    await told('ART-14', '1');
    const rows = await stage.database.query(
      `SELECT article FROM wms_gateway.articles WHERE emptied_at IS NOT NULL`,
    );
    expect(rows.map(({ article }) => article)).toEqual(['ART-10', 'ART-11', 'ART-12']);
  });

  it('are not where our own orders have sold them out', async () => {
    await begin(env);
    const lines = numbers.slice(0, 6).map((article, index) => ({
      row: `${index}`,
      article,
      quantity: `${PIECES}`,
      picked: true,
    }));
    await stage.publish(reserved(anOrder('1', 'SE', { lines })));
    for (const { article } of lines) expect(await told(article, '0')).not.toHaveProperty('doubtful');
    expect((await gate()).state).toBe('open');
  });
});

describe('a read that lacks a page', () => {
  it('is told as doubtful in what it says, and settled by one that lacks none', async () => {
    await begin({ STOCK_POLL_MS: '3600000', GATE_SECOND_READ_MS: '1500' });
    const figures = (pieces: bigint) => ({
      status: 'active' as const,
      sellable: pieces * 1000n,
      incoming: undefined,
    });
    const found = new Map([
      ['ART-10', figures(3n)],
      ['ART-11', figures(9n)],
    ]);
    const { bracket } = await gateway.app.get(Steps).bracket(() => Promise.resolve());
    const read = { pages: [{ found, bracket }], whole: true, complete: false, again: false };
    await gateway.app.get(StockGate).take(read);
    expect((await newest()).toSorted()).toEqual(['3 in doubt', '5', '9 in doubt']);
    await inState('differs', 2);
    await decide('discard');
    await inState('open', 0);
    expect(await newest()).toEqual(['5']);
  });
});

describe('a list of articles that is empty', () => {
  it('is held, zeroes nothing, and is reported when it stays so', async () => {
    await begin({ STOCK_POLL_MS: '3600000', SWEEP_MS: '1000', GATE_SECOND_READ_MS: '1500' });
    await stage.simulator.control.reset({ keepKnobs: true });
    expect(await inState('waiting', 0)).toMatchObject({ doubt: 'list-shrunk', listed: numbers.length });
    expect(await inState('open', 0)).toMatchObject({ listed: 0 });
    expect(await newest()).toEqual(['5']);
    expect(await reads()).toHaveLength(numbers.length);
  });

  it('is no matter when the second one is whole', async () => {
    await begin({ STOCK_POLL_MS: '3600000', SWEEP_MS: '1000', GATE_SECOND_READ_MS: '2500' });
    const state = await stage.simulator.control.save();
    await stage.simulator.control.reset({ keepKnobs: true });
    await inState('waiting', 0);
    await stage.simulator.control.load({ ...state });
    expect(await inState('open', 0)).toMatchObject({ listed: numbers.length });
    expect(await newest()).toEqual(['5']);
  });
});

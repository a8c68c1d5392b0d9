import { describe, expect, it } from '@jest/globals';
import type { Event } from '@samlast/contracts';
import { type Authority, channels, observed, placed, told } from '../testing/authority.ts';
import { stageAuthorities } from '../testing/stage.ts';

const processes = stageAuthorities(channels, channels);
const at = (index: number) => processes[index % processes.length] as Authority;
const articles = ['A', 'B', 'C', 'D', 'E'];

/**
 * As the bus does it: what the database undid because two transactions met is tried again. Counts the
 * deadlocks.
 */
async function tried(work: () => Promise<Event[]>, met: { deadlocks: number }): Promise<Event[]> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === '40P01') met.deadlocks++;
      else if (code !== '40001') throw error;
    }
  }
}

describe('processes that decide at once', () => {
  it('promise the last piece to exactly one of many orders', async () => {
    await at(0).stock(observed('A', 1, [1, 2]));
    const batches = Array.from({ length: 40 }, (_, index) => at(index).orders(placed(`${index}-SE`, 'A:1')));
    const events = (await Promise.all(batches)).flat();
    expect(told(events).filter((text) => text.startsWith('order.reserved'))).toHaveLength(1);
    expect(told(events).filter((text) => text.startsWith('order.short'))).toHaveLength(39);
  });

  it('take the same order on once, when both get it', async () => {
    await at(0).stock(observed('A', 5, [1, 2]));
    const met = { deadlocks: 0 };
    const both = Array.from({ length: 6 }, (_, index) =>
      tried(() => at(index).orders(placed('1-SE', 'A:2')), met),
    );
    expect(told((await Promise.all(both)).flat())).toEqual(['order.reserved 1-SE']);
    expect(await at(0).query('SELECT taken_low FROM articles')).toEqual([{ taken_low: '2000' }]);
  });

  it('lock crossing articles in one order, so that they never stand in each other’s way', async () => {
    await at(0).stock(...articles.map((article) => observed(article, 30, [1, 2])));
    const met = { deadlocks: 0 };
    const batches = Array.from({ length: 60 }, (_, index) => {
      const shift = index % articles.length;
      const turned = [...articles.slice(shift), ...articles.slice(0, shift)];
      const wants = (index % 2 ? turned : turned.toReversed()).slice(0, 3).map((article) => `${article}:1`);
      const batch = [placed(`${index}-SE`, wants.join(' ')), placed(`${index}-EU`, `${turned[4]}:2`)];
      return tried(() => at(index).orders(...batch), met);
    });
    await Promise.all(batches);
    expect(met.deadlocks).toBe(0);
    const rows = await at(0).query<{ number: string; taken: string; promised: string }>(
      `SELECT articles.number, taken_low AS taken, sum(quantity) AS promised
       FROM articles JOIN revisions ON article_id = articles.id WHERE NOT refused GROUP BY articles.id ORDER BY 1`,
    );
    expect(rows).toHaveLength(articles.length);
    for (const { taken, promised } of rows) {
      expect(taken).toBe(promised);
      expect(Number(taken)).toBeLessThanOrEqual(30_000);
    }
  });

  it('take the same new article numbers on once', async () => {
    const met = { deadlocks: 0 };
    const batches = Array.from({ length: 20 }, (_, index) => {
      const wants = index % 2 ? 'X:1 Y:1 Z:1' : 'Z:1 Y:1 X:1';
      return tried(() => at(index).orders(placed(`${index}-SE`, wants)), met);
    });
    await Promise.all(batches);
    expect(met.deadlocks).toBe(0);
    expect(await at(0).query('SELECT number, queued FROM articles ORDER BY 1')).toEqual(
      ['X', 'Y', 'Z'].map((number) => ({ number, queued: '20000' })),
    );
  });

  it('give arriving pieces to the queue once, while new orders and reads meet', async () => {
    await at(0).stock(observed('A', 0, [1, 2]), observed('B', 9, [1, 2]));
    for (let index = 0; index < 10; index++) await at(index).orders(placed(`${index}-SE`, 'A:1 B:1'));
    const met = { deadlocks: 0 };
    const work = Array.from({ length: 12 }, (_, index) =>
      index % 2
        ? tried(() => at(index).orders(placed(`${100 + index}-SE`, 'B:1 A:1')), met)
        : tried(() => at(index).stock(observed('A', 4, [3 + index, 4 + index])), met),
    );
    const events = (await Promise.all(work)).flat();
    expect(told(events).filter((text) => text.startsWith('order.reserved'))).toEqual(
      ['0', '1', '2', '3'].map((number) => `order.reserved ${number}-SE`),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import {
  hotArticle,
  mixedBaskets,
  placedOrders,
  refusedOf,
  soldOutStorm,
  stockFor,
  type Workload,
} from './workloads.ts';

const all: Workload[] = [hotArticle, mixedBaskets, soldOutStorm];

describe('a workload', () => {
  it.each(all)('wants the same again, each article once and in order: $name', ({ wants }) => {
    for (let at = 0; at < 500; at += 1) {
      const articles = wants(at).map(({ article }) => article);
      expect(articles.length).toBeGreaterThan(0);
      expect(articles).toEqual([...new Set(articles)].toSorted());
      expect(wants(at)).toEqual(wants(at));
    }
  });

  it.each(all)('has a piece left of everything that is not scarce: $name', (workload) => {
    const stock = stockFor(workload, 1_000);
    for (let at = 0; at < 1_000; at += 1) {
      for (const { article, quantity } of workload.wants(at)) {
        stock.set(article, (stock.get(article) ?? 0) - quantity);
      }
    }
    for (const [article, left] of stock) if (article !== workload.scarce) expect(left).toBe(1);
  });

  it('refuses nine tenths of what wants the scarce article, and nothing else', () => {
    const stock = stockFor(soldOutStorm, 1_000);
    expect(stock.get('GONE')).toBe(51);
    expect(refusedOf(soldOutStorm, 1_000, stock)).toBe(449);
    expect(refusedOf(hotArticle, 1_000, stockFor(hotArticle, 1_000))).toBe(0);
  });

  it('spreads baskets over many articles, some wanted more than others', () => {
    const stock = stockFor(mixedBaskets, 10_000);
    const quantities = [...stock.values()].toSorted((a, b) => b - a);
    expect(quantities).toHaveLength(200);
    expect((quantities[0] ?? 0) / (quantities[150] ?? 0)).toBeGreaterThan(3);
  });

  it('makes orders of about 1 kB, none under the number of another', () => {
    const orders = all.flatMap((workload, index) => placedOrders(workload, index * 50, 50));
    expect(new Set(orders.map(({ key }) => key)).size).toBe(150);
    expect(new Set(orders.map(({ data }) => data.note)).size).toBe(150);
    for (const { data } of placedOrders(hotArticle, 0, 3)) {
      expect(JSON.stringify(data).length).toBeGreaterThan(900);
      expect(JSON.stringify(data).length).toBeLessThan(1_200);
    }
  });
});

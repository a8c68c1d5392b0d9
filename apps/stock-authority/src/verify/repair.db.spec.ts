import { beforeEach, describe, expect, it } from '@jest/globals';
import { ArticlePublished, OrderAccepted } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { FollowKits } from '../follow-kits/follow-kits.handler.ts';
import {
  anna,
  expected,
  leasedTo,
  lineAccepted,
  message,
  observed,
  placed,
  shelfSet,
  told,
} from '../testing/authority.ts';
import { rule } from '../testing/rules.ts';
import { stageAuthority } from '../testing/stage.ts';
import { NotRepairable, repair, type Repaired } from './repair.ts';
import { verify } from './verify.ts';

const list = leasedTo('SE').map((one) => ({ ...one, articleMaster: one.code === 'ERP' }));
const authority = stageAuthority(list);

const article = { number: 'SET', parts: [{ article: 'B', quantity: '2' }] };
const published = [article, { number: 'B', wholePieces: true }].map((one) =>
  message(ArticlePublished, { channel: 'ERP', article: one }),
);

beforeEach(async () => {
  await authority.register('SE', 'compare-and-set');
  await authority.stock(observed('A', 10, [1, 2]), observed('B', 3, [1, 2]), observed('SET', 0, [1, 2]));
  await authority.run((tx) => new FollowKits(authority.terms, list).onArticles(published as never, tx));
  await rule(authority, 'B', { safety: 1000n, limits: new Map([['EU', { pool: 0n, cap: 2000n }]]) });
  await authority.shelves(shelfSet('SE', 'A', 1, authority.level('A').shops['SE'] ?? '0'));
  await authority.claims({
    kind: 'open',
    channel: 'SE',
    key: 'c1',
    digest: 'c1',
    needs: new Map([['A', 1000n]]),
    expiresAt: new Date(Date.now() + 60_000),
  });
  await authority.orders(placed('1-SE', 'A:2'), placed('2-ERP', 'A:90'), placed('3-ERP', 'A:1'));
  await authority.stock(lineAccepted('1-SE', '2 A', [3, 4]), observed('A', 8, [5, 6]));
  const lines = [{ row: '1', article: 'A', quantity: '2' }];
  const accepted = { number: '1-SE', channel: 'SE', revision: 1, sent: 3, accepted: 4, lines };
  await authority.answers(message(OrderAccepted, accepted));
});

async function mend(): Promise<Repaired> {
  const answers: Repaired[] = [];
  await authority.run(async (tx) => {
    const { events, answer } = await repair(authority.source, tx, await authority.terms.at(tx), anna);
    answers.push(answer);
    return events;
  });
  return answers[0] ?? { repaired: [], articles: [] };
}

const rows = () =>
  Promise.all(
    ['articles', 'orders', 'claims', 'revisions', 'demands', 'leases', 'kits'].map((table) =>
      authority.query(`SELECT to_jsonb(${table}) - 'published' - 'version' - 'changed_at' - 'flights' AS row
        FROM ${table} ORDER BY 1`),
    ),
  );

describe('repair', () => {
  it.each([
    ['a figure of an article', `UPDATE articles SET sellable = 99000 WHERE number = 'B'`, ['B']],
    ['a sum', `UPDATE articles SET taken_low = taken_low + 1000 WHERE number = 'A'`, ['A']],
    ['the read that counts', `UPDATE articles SET read_started = 1 WHERE number = 'A'`, ['A']],
    ['a lease', `UPDATE leases SET allowance = 500000 WHERE channel = 'SE'`, ['A']],
    ['a lease that is gone', `DELETE FROM leases WHERE channel = 'SE'`, ['A']],
    ['a state', `UPDATE orders SET state = 'cancelled', standing = false WHERE number = '3-ERP'`, ['A']],
    ['a claim', `UPDATE claims SET state = 'expired'`, ['A']],
    ['what an order wants', `UPDATE revisions SET quantity = 7000`, ['A']],
    ['what the warehouse took', `UPDATE revisions SET sent = NULL, accepted = NULL`, ['A']],
    ['a line that is gone', `DELETE FROM revisions`, ['A']],
    ['an order’s place in the queue', `DELETE FROM demands`, ['A']],
    ['rules', `UPDATE articles SET rules = '{}' WHERE number = 'B'`, ['B']],
    ['that a kit is one', `UPDATE articles SET is_kit = false WHERE number = 'SET'`, ['SET']],
    ['what is sold whole', `UPDATE articles SET whole_pieces = false WHERE number = 'B'`, ['B']],
    ['what a kit consists of', `UPDATE kits SET part = 'A' WHERE part = 'B'`, ['SET', 'B']],
    ['a kit that is gone', `DELETE FROM kits`, ['SET', 'B']],
  ])('writes back %s, appends who and why, and publishes', async (_, sql, articles) => {
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
    const before = await rows();
    const versions = articles.map((article) => authority.level(article).version);
    await authority.query(sql);
    const { difference } = await verify(authority.source);
    expect(difference).toBeDefined();
    const answer = await mend();
    expect(answer.articles).toEqual(expect.arrayContaining(articles));
    expect(answer.repaired).toContain(difference);
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
    const dropVersion = (all: unknown) => JSON.parse(JSON.stringify(all)) as unknown;
    if (!sql.includes('leases')) expect(dropVersion(await rows())).toEqual(dropVersion(before));
    for (const [index, article] of articles.entries())
      expect(authority.level(article).version).toBe((versions[index] ?? 0) + 1);
    const corrected = await authority.query<{ data: { differences: { changes: unknown[] }[] } }>(
      `SELECT data FROM ledger WHERE kind = 'corrected'`,
    );
    expect(corrected).toEqual([{ data: expect.objectContaining(anna) }]);
    expect(corrected[0]?.data.differences[0]?.changes.length).toBeGreaterThan(0);
    const published = authority.published.length;
    expect(await mend()).toEqual({ repaired: [], articles: [] });
    expect(authority.published).toHaveLength(published);
  });

  it.each([
    ['what is announced', `UPDATE expectations SET announced = '[{"quantity": "9000"}]'`, /expected of A/],
    ['an announcement that is gone', `DELETE FROM expectations`, /expected of A/],
    ['which orders go without', `UPDATE shortfalls SET missing = 1000`, /order 1-SE goes without/],
    ['an order that is named no more', `DELETE FROM shortfalls`, /order 1-SE goes without/],
  ])('writes back %s', async (_, sql, difference) => {
    const tables = async () => [
      await authority.query('SELECT article_id, announced FROM expectations'),
      await authority.query('SELECT * FROM shortfalls'),
    ];
    await authority.expected(expected('A', '3 on 2031-05-01', '4 on 2031-06-01'));
    await authority.stock(observed('A', -2, [7, 8]));
    const before = await tables();
    expect(before.map((list) => list.length)).toEqual([1, 1]);
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
    await authority.query(sql);
    expect(await verify(authority.source)).toMatchObject({
      agrees: false,
      difference: expect.stringMatching(difference),
    });
    await mend();
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
    expect(await tables()).toEqual(before);
  });

  it('names each figure before and after', async () => {
    await authority.query(`UPDATE articles SET sellable = 99000, queued = 91000 WHERE number = 'B'`);
    await mend();
    const [entry] = await authority.query<{ data: object }>(
      `SELECT data FROM ledger WHERE kind = 'corrected'`,
    );
    expect(entry?.data).toEqual({
      ...anna,
      excused: [],
      differences: [
        {
          article: 'B',
          changes: [
            { name: 'sellable', is: '99', should: '3' },
            { name: 'queued', is: '91', should: '0' },
          ],
        },
      ],
    });
  });

  it('decides the queue anew with the figures that are right', async () => {
    await authority.query(`UPDATE articles SET sellable = 0 WHERE number = 'A'`);
    await mend();
    expect(await authority.states()).toMatchObject({ '2-ERP': 'held' });
    await authority.stock(observed('A', 200, [7, 8]));
    expect(await authority.states()).toMatchObject({ '2-ERP': 'reserved' });
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
  });

  it('excuses what was decided on a wrong figure before it was found, by name, and nothing else', async () => {
    await authority.query(`UPDATE articles SET sellable = 99000 WHERE number = 'B'`);
    expect(told(await authority.orders(placed('9-ERP', 'B:7')))).toEqual(['order.reserved 9-ERP']);
    const { entry, difference } = await verify(authority.source);
    expect(difference).toContain('it promised 7 of B, of which 2 were free');
    const published = authority.published.length;
    expect(await mend()).toMatchObject({ articles: ['B'] });
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
    expect(authority.level('B').free).toBe('-4');
    expect(told(authority.published.slice(published))).toEqual(['order.endangered 9-ERP']);
    const [corrected] = await authority.query<{ data: { excused: string[] } }>(
      `SELECT data FROM ledger WHERE kind = 'corrected'`,
    );
    expect(corrected?.data.excused).toContain(entry?.id);
    expect(await mend()).toEqual({ repaired: [], articles: [] });
    await authority.query(
      `INSERT INTO ledger (kind, article, data) VALUES ('level', 'A', '{"version":99,"leased":false,"leases":{}}')`,
    );
    expect(await verify(authority.source)).toMatchObject({ agrees: false });
  });

  it('leaves alone what the ledger does not hold, or what nothing can be made of', async () => {
    await authority.query(`UPDATE articles SET sellable = 99000 WHERE number = 'B'`);
    await authority.query(
      `INSERT INTO ledger (kind, number, data) VALUES ('order.placed', '99-SE',
         '{"channel":"SE","revision":1,"needs":{"B":"7"},"state":"reserved","firm":false}')`,
    );
    await expect(mend()).rejects.toThrow(NotRepairable);
    await expect(mend()).rejects.toThrow('Order 99-SE is in the ledger, but not in its table');
    await authority.query(`INSERT INTO ledger (kind, number, data) VALUES ('order.refused', '77-SE', '{}')`);
    await expect(mend()).rejects.toThrow('order 77-SE, which no entry before it placed');
    await authority.empty();
    await authority.stock(observed('A', 10, [1, 2]));
    await authority.orders(placed('1-SE', 'A:2'));
    await authority.query('DELETE FROM orders');
    await expect(mend()).rejects.toThrow('Order 1-SE is in the ledger, but not in its table');
    expect(await authority.query(`SELECT 1 FROM ledger WHERE kind = 'corrected'`)).toEqual([]);
  });

  async function waiting(): Promise<number> {
    const found = await authority.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return found.length;
  }

  /** A repair that has found what differs, and waits for the last decision on it. */
  async function whileItWaits(work: () => Promise<unknown>): Promise<Repaired> {
    await authority.query(`UPDATE articles SET sellable = 99000 WHERE number = 'B'`);
    const holder = authority.source.createQueryRunner();
    await holder.startTransaction();
    await holder.query(`SELECT 1 FROM articles WHERE number = 'B' FOR UPDATE`);
    const mending = mend();
    await eventually(async () => (await waiting()) > 0);
    await work();
    await holder.rollbackTransaction();
    await holder.release();
    return mending;
  }

  it('holds up decisions on what it mends, and no others', async () => {
    const { articles } = await whileItWaits(async () => {
      expect(told(await authority.orders(placed('4-ERP', 'C:1')))).toEqual(['order.short 4-ERP']);
      await authority.stock(observed('A', 7, [7, 8]), observed('C', 1, [7, 8]));
      await expect(mend()).rejects.toThrow('Another repair is at work');
    });
    expect(articles).toEqual(['B']);
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
  });

  it('and decisions of the same moment exclude each other', async () => {
    let decisions: Promise<unknown> = Promise.resolve();
    await whileItWaits(async () => {
      const orders = [1, 2].map((one) => authority.orders(placed(`${100 + one}-ERP`, 'B:2')));
      decisions = Promise.all([...orders, authority.orders(placed('200-ERP', 'FREIGHT:1!'))]);
      // One that came just when the article was let go would be first, and would decide on the wrong figure.
      await eventually(async () => (await waiting()) === 3);
    });
    await decisions;
    const states = Object.values(await authority.states());
    expect(states.filter((state) => state === 'held')).toHaveLength(3);
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
  });
});

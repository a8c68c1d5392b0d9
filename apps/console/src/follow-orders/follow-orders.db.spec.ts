import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrderCancelled, OrderReserved } from '@samlast/contracts';
import { openDatabase } from '@samlast/service';
import { eventually, testDatabase, type TestDatabase } from '@samlast/test-stack';
import { assert, asyncProperty, integer, shuffledSubarray } from 'fast-check';
import type { DataSource } from 'typeorm';
import { OrderSearch } from '../look-up/order-search.ts';
import { migrations } from '../migrations/projection.ts';
import { backOrderStory, CANARY, heldStory, messageOf, orderOf, shippedStory } from '../testing/messages.ts';
import type { OrderMessage } from './keep.ts';
import { OrderBook } from './order-book.ts';

describe('the orders projection', () => {
  let server: TestDatabase;
  let database: DataSource;

  beforeAll(async () => {
    server = await testDatabase();
    database = await openDatabase({
      url: server.url,
      schema: 'console',
      pool: 4,
      name: 'test',
      migrations,
    });
  });
  afterAll(async () => {
    await database.destroy();
    await server.drop();
  });

  const write = (messages: readonly OrderMessage[]) =>
    database.transaction((tx) => new OrderBook(tx).write(messages));
  const clear = () =>
    database.query('WITH d0 AS (DELETE FROM orders), d1 AS (DELETE FROM order_events) SELECT 1');
  const everything = async () => [
    await database.query('SELECT * FROM orders ORDER BY number'),
    await database.query('SELECT * FROM order_events ORDER BY id'),
  ];

  it('is the same in whatever batches, order and number of times the events come', async () => {
    const events = [...shippedStory('5178-SE'), ...heldStory('5178-EU')] as OrderMessage[];
    await write(events);
    const expected = await everything();
    await assert(
      asyncProperty(
        shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
        integer({ min: 3, max: 9 }),
        async (shuffled, size) => {
          await clear();
          for (let at = 0; at < shuffled.length; at += size) await write(shuffled.slice(at, at + size));
          expect(await everything()).toEqual(expected);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('takes the first offset of what was sent twice', async () => {
    await clear();
    const [placed, reserved, accepted] = shippedStory('1-SE') as [OrderMessage, OrderMessage, OrderMessage];
    const cancel = OrderCancelled.of({
      number: '1-SE',
      channel: 'SE',
      revision: 2,
      sent: 3,
      accepted: 4,
      by: 'channel',
    });
    const cancelled = messageOf(cancel, '2026-11-24T09:10:00Z') as OrderMessage;
    const again = { ...accepted, offset: String(Number(cancelled.offset) + 10) };
    await write([placed, reserved, accepted, cancelled, again]);
    await write([again]);
    const [row] = await database.query<{ position: string }[]>(
      'SELECT position FROM order_events WHERE id = $1',
      [accepted.id],
    );
    expect(row?.position).toBe(accepted.offset);
  });

  it('misses nothing when two topics tell of one order at the same moment', async () => {
    await clear();
    const [placed, reserved, accepted, status, shipped] = shippedStory('1-SE') as OrderMessage[];
    await write([placed!, accepted!, status!]);
    // Both are held up in the middle of their work, so that they really run at the same moment.
    const gate = database.createQueryRunner();
    await gate.startTransaction();
    await gate.query('LOCK TABLE order_events IN SHARE MODE');
    const both = Promise.all([write([shipped!]), write([reserved!])]);
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await eventually(async () => (await server.query(waiting)).length === 2);
    await gate.commitTransaction();
    await gate.release();
    await both;
    expect(await new OrderSearch(database).countByState()).toEqual({ shipped: 1 });
  });

  it('holds nothing that says who gets the parcel', async () => {
    await clear();
    await write([...shippedStory('7-SE'), ...heldStory('8-SE')] as OrderMessage[]);
    const text = JSON.stringify(await everything());
    expect(text).toContain('KETTLE');
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain('canary@example.test');
  });

  it('finds an order by the number of its shop, of the warehouse, and by how it begins', async () => {
    await clear();
    await write([
      ...shippedStory('5178-SE'),
      ...heldStory('5178-EU'),
      ...heldStory('51789-SE'),
    ] as OrderMessage[]);
    const search = new OrderSearch(database);
    const found = async (text: string) =>
      (await search.list({ search: text })).orders.map(({ number }) => number);
    expect((await found('5178')).slice(0, 2).toSorted()).toEqual(['5178-EU', '5178-SE']);
    expect(await found('5178')).toHaveLength(3);
    expect(await found(' 5178-se ')).toEqual(['5178-SE']);
    expect(await found('61007')).toEqual(['5178-SE']);
    expect(await found('517_')).toEqual([]);
    expect(await found('178')).toEqual([]);
  });

  it('lists held orders with what they lack, and forgets them when they are released', async () => {
    await clear();
    await write(heldStory('5178-EU') as OrderMessage[]);
    const search = new OrderSearch(database);
    expect(await search.held()).toMatchObject([
      { number: '5178-EU', shortages: [{ text: '1 of 2 KETTLE missing' }] },
    ]);
    const order = orderOf('5178-EU');
    const reserved = OrderReserved.of({ number: '5178-EU', channel: 'EU', revision: 1, order, counted: [] });
    await write([messageOf(reserved, '2026-11-24T09:20:00Z') as OrderMessage]);
    expect(await search.held()).toEqual([]);
    expect(await search.countByState()).toEqual({ reserved: 1 });
  });

  it('lists back-ordered orders with their day, first those whose day does not hold any more', async () => {
    await clear();
    const moved = [{ expectedOn: '2026-12-03' }, { expectedOn: '2026-12-10', expectedBefore: '2026-12-03' }];
    await write([
      ...backOrderStory('1-SE', moved),
      ...backOrderStory('2-SE', [{ expectedOn: '2026-12-03' }, { expectedBefore: '2026-12-03' }]),
      ...backOrderStory('3-SE', [{}]),
    ] as OrderMessage[]);
    const search = new OrderSearch(database);
    expect((await search.backOrders()).map(({ number, days, late }) => [number, days, late])).toEqual([
      ['2-SE', ', was expected on 2026-12-03, no other day is known', true],
      ['1-SE', ', expected on 2026-12-10, no longer on 2026-12-03', false],
      ['3-SE', '', false],
    ]);
    expect(await search.countLate()).toBe(1);
  });

  it('pages through all orders, each once', async () => {
    await clear();
    const numbers = Array.from({ length: 120 }, (_, index) => `${index}-SE`);
    await write(numbers.flatMap((number) => heldStory(number)) as OrderMessage[]);
    const search = new OrderSearch(database);
    const seen: string[] = [];
    for (let before: string | undefined, pages = 0; pages < 3; pages++) {
      const page = await search.list({ before });
      seen.push(...page.orders.map(({ number }) => number));
      before = page.next;
    }
    expect(seen.toSorted()).toEqual(numbers.toSorted());
  });

  it('tells an order as a story, with its five stations', async () => {
    await clear();
    await write(shippedStory('5178-SE') as OrderMessage[]);
    const order = await new OrderSearch(database).one('5178-se');
    expect(order?.events.map(({ station, text }) => `${station}: ${text}`)).toEqual([
      'shop: SE placed 5178 with 1 line',
      'authority: All pieces reserved, on its way to the warehouse',
      'gateway: In the warehouse as order 61007',
      'warehouse: The warehouse says: Picking',
      'warehouse: Shipped in parcel P1 with PostNord, tracking SE123',
    ]);
  });
});

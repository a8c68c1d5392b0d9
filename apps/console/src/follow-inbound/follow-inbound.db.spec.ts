import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  PurchaseOrderAccepted,
  PurchaseOrderAmended,
  PurchaseOrderClosed,
  PurchaseOrderPlaced,
  PurchaseOrderReceived,
  PurchaseOrderRefused,
} from '@samlast/contracts';
import { openDatabase } from '@samlast/service';
import { testDatabase, type TestDatabase } from '@samlast/test-stack';
import { assert, asyncProperty, integer, shuffledSubarray } from 'fast-check';
import type { DataSource } from 'typeorm';
import { InboundController } from '../look-up/inbound.controller.ts';
import { CANARY, messageOf } from '../testing/messages.ts';
import { InboundBook } from './inbound-book.ts';
import { Inbound1764500000000 } from './inbound.migration.ts';
import type { InboundMessage } from './say-inbound.ts';

let server: TestDatabase;
let database: DataSource;
beforeAll(async () => {
  server = await testDatabase();
  const migrations = [Inbound1764500000000];
  database = await openDatabase({ url: server.url, schema: 'console', pool: 4, name: 'test', migrations });
});
afterAll(async () => {
  await database.destroy();
  await server.drop();
});

const ref = { number: 'PO-1-ERP', channel: 'ERP' };
const purchase = {
  ...ref,
  shopNumber: 'PO-1',
  shopOrderId: 'gid-1',
  revision: 1,
  expectedOn: '2026-12-03',
  note: CANARY,
  lines: [{ row: '10', article: 'TEE', quantity: '20' }],
};
const minute = (at: number) => `2026-11-24T09:${String(at).padStart(2, '0')}:00Z`;
const line = { row: '10', article: 'TEE', quantity: '18', batch: 'B7' };

function story(): InboundMessage[] {
  const closed = { row: '10', article: 'TEE', ordered: '20', received: '18' };
  return [
    messageOf(PurchaseOrderPlaced.of(purchase), minute(0)),
    messageOf(PurchaseOrderAccepted.of({ ...ref, revision: 1, wmsPurchaseOrderId: 55_001 }), minute(1)),
    messageOf(
      PurchaseOrderReceived.of({ ...ref, receipt: 'R1', lines: [line], receivedAt: minute(2) }),
      minute(2),
    ),
    messageOf(PurchaseOrderAmended.of({ ...purchase, revision: 2 }), minute(3)),
    messageOf(PurchaseOrderRefused.of({ ...ref, revision: 2, reason: 'too-late' }), minute(4)),
    messageOf(
      PurchaseOrderClosed.of({ ...ref, deviation: true, lines: [closed], closedAt: minute(5) }),
      minute(5),
    ),
  ] as InboundMessage[];
}

const clear = () =>
  database.query('WITH d0 AS (DELETE FROM inbound), d1 AS (DELETE FROM inbound_events) SELECT 1');
const write = (messages: readonly InboundMessage[]) =>
  database.transaction((tx) => new InboundBook(tx).write(messages));
const everything = async () => [
  await database.query('SELECT * FROM inbound ORDER BY number'),
  await database.query('SELECT * FROM inbound_events ORDER BY id'),
];

describe('a purchase order in the console', () => {
  beforeEach(clear);

  it('is the same in whatever batches, order and number of times its events come', async () => {
    const events = story();
    await write(events);
    const expected = await everything();
    await assert(
      asyncProperty(
        shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
        integer({ min: 1, max: 5 }),
        async (shuffled, size) => {
          await clear();
          for (let at = 0; at < shuffled.length; at += size) await write(shuffled.slice(at, at + size));
          expect(await everything()).toEqual(expected);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('is found by either number, and its way is told; a refused change does not change where it stands', async () => {
    await write(story());
    const look = new InboundController(database);
    for (const search of ['po-1', 'PO-1-ERP', undefined])
      expect((await look.list({ search })).inbound).toMatchObject([{ ...ref, state: 'deviating' }]);
    expect((await look.list({ search: '1-erp' })).inbound).toEqual([]);
    const { events } = await look.one('purchase-order', 'PO-1-ERP');
    const last = events.map(({ station, text }) => [station, text]);
    expect(last).toEqual(
      expect.arrayContaining([
        ['shop', 'ERP ordered PO-1: 20 TEE, expected on 2026-12-03'],
        ['warehouse', 'Received: 18 TEE (batch B7)'],
        ['gateway', 'The warehouse does not take revision 2: goods have come already'],
        ['warehouse', 'Closed, not as it was ordered: 18 of 20 TEE'],
      ]),
    );
    await expect(look.one('purchase-order', 'PO-9-ERP')).rejects.toThrow(/PO-9-ERP was announced/);
  });

  it('keeps nothing of what people wrote about it', async () => {
    await write(story());
    expect(JSON.stringify(await everything())).not.toContain(CANARY);
  });
});

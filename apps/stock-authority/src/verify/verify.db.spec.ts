import { beforeEach, describe, expect, it } from '@jest/globals';
import { OrderAccepted, OrderCancelled, OrderCancelRefused, OrderRefused } from '@samlast/contracts';
import { rejectByHand, releaseByHand } from '../operate-orders/by-hand.ts';
import { cancelRequested, lineAccepted, message, observed, placed } from '../testing/authority.ts';
import { rule } from '../testing/rules.ts';
import { stageAuthority } from '../testing/stage.ts';
import { verify } from './verify.ts';

const authority = stageAuthority();

const se = (shopNumber: number, revision = 1) => ({ number: `${shopNumber}-SE`, channel: 'SE', revision });

/** Something of everything that can happen to an order. */
async function aBusyDay(): Promise<void> {
  await authority.stock(observed('A', 10, [1, 2]), observed('B', 3, [1, 2]), observed('C', 1, [1, 2]));
  await authority.orders(cancelRequested('7-SE'));
  await authority.orders(
    placed('1-SE', 'A:4'),
    placed('2-EU', 'A:9'),
    placed('3-SE', 'B:5 A:1'),
    placed('7-SE', 'A:1'),
  );
  await authority.orders(
    placed('4-SE', 'A:2'),
    placed('5-SE', 'X:1'),
    placed('6-SE', 'C:1'),
    placed('1-SE', 'A:4'),
  );
  await authority.stock(observed('A', 10, [3, 8], { inFlight: [{ number: '1-SE', revision: 1 }] }));
  await authority.orders(placed('8-EU', 'A:6'), placed('9-SE', 'A:1'));
  await authority.stock(
    lineAccepted('1-SE', '4 A', [4, 9]),
    observed('A', 6, [12, 13]),
    observed('A', 99, [2, 3]),
  );
  await authority.answers(
    message(OrderAccepted, {
      ...se(4),
      sent: 14,
      accepted: 15,
      lines: [{ row: '1', article: 'A', quantity: '2' }],
    }),
    message(OrderRefused, { ...se(6), reason: 'wms' }),
    message(OrderAccepted, { ...se(77), sent: 14, accepted: 15, lines: [] }),
  );
  await authority.orders(cancelRequested('1-SE'), cancelRequested('4-SE'));
  await authority.answers(
    message(OrderCancelRefused, { ...se(1, 2), reason: 'too-late' }),
    message(OrderCancelled, { ...se(4, 2), sent: 16, accepted: 17, by: 'channel' }),
  );
  await authority.stock(
    observed('X', 1, [18, 19]),
    observed('A', 6, [18, 19]),
    lineAccepted('1-SE', '0 A', [20, 21]),
  );
  await authority.byHand(releaseByHand, '3-SE');
  await authority.byHand(rejectByHand, '6-SE');
}

beforeEach(aBusyDay);

describe('verify', () => {
  it('finds that the ledger and the tables agree after everything that can happen', async () => {
    expect(await authority.states()).toEqual({
      '7-SE': 'cancelled',
      '1-SE': 'reserved',
      '2-EU': 'rejected',
      '3-SE': 'reserved',
      '4-SE': 'cancelled',
      '5-SE': 'reserved',
      '6-SE': 'rejected',
      '8-EU': expect.stringMatching(/rejected|reserved/),
      '9-SE': 'reserved',
    });
    expect(await verify(authority.source)).toMatchObject({ agrees: true, orders: 9 });
  });

  it('names the first entry that says something else than the entries up to it', async () => {
    await authority.query('ALTER TABLE ledger DISABLE TRIGGER append_only');
    await authority.query(
      `UPDATE ledger SET data = jsonb_set(data, '{needs,A}', '"3"') WHERE number = '4-SE' AND kind = 'order.placed'`,
    );
    await authority.query('ALTER TABLE ledger ENABLE TRIGGER append_only');
    const [level] = await authority.query<{ id: string }>(
      `SELECT min(id) AS id FROM ledger WHERE kind = 'level' AND article = 'A'
         AND id > (SELECT id FROM ledger WHERE number = '4-SE' AND kind = 'order.placed')`,
    );
    const found = await verify(authority.source);
    expect(found).toMatchObject({ agrees: false, entry: { id: level?.id, article: 'A' } });
  });

  it('names an entry that promised more than was free', async () => {
    await authority.query(
      `INSERT INTO ledger (kind, number, data) VALUES ('order.placed', '99-SE',
         '{"channel":"SE","revision":1,"needs":{"C":"7"},"state":"reserved","firm":false}')`,
    );
    const found = await verify(authority.source);
    expect(found).toMatchObject({ agrees: false, entry: { kind: 'order.placed', number: '99-SE' } });
    expect(found.difference).toContain('promised 7 of C, of which 1 were free');
  });

  it('names a figure that was changed past the ledger, with the last entry about it', async () => {
    await authority.query(`UPDATE articles SET sellable = sellable + 1000 WHERE number = 'B'`);
    expect(await verify(authority.source)).toMatchObject({
      agrees: false,
      entry: { kind: 'level', article: 'B' },
      difference: 'Article B was changed past the ledger: sellable is 4 and should be 3.',
    });
  });

  it('names rules, and what a kit consists of, that were changed past the ledger', async () => {
    await rule(authority, 'B', {
      safety: 2000n,
      limits: new Map([['EU', { pool: 1000n }]]),
      backorderMost: 0n,
    });
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
    await authority.query(
      `UPDATE articles SET rules = jsonb_set(rules, '{safety}', '"9000"') WHERE number = 'B'`,
    );
    const { difference } = await verify(authority.source);
    expect(difference).toContain(
      'Article B was changed past the ledger: rules is {"version":1,"safety":"9",',
    );
    expect(difference).toContain('and should be {"version":1,"safety":"2",');
    await authority.query(
      `UPDATE articles SET rules = jsonb_set(rules, '{safety}', '"2000"') WHERE number = 'B'`,
    );
    await authority.query(`INSERT INTO kits (kit, part, quantity) VALUES ('C', 'B', 2000)`);
    expect((await verify(authority.source)).difference).toBe(
      'Article C was changed past the ledger: parts is {"B":"2"} and should be {}.',
    );
  });

  it('names an order that was changed past the ledger', async () => {
    await authority.query(`UPDATE orders SET state = 'cancelled' WHERE number = '9-SE'`);
    const found = await verify(authority.source);
    expect(found.difference).toBe(
      'Order 9-SE was changed past the ledger: it is cancelled and should be reserved.',
    );
  });

  it('relies on a ledger that nobody can rewrite', async () => {
    await expect(authority.query('DELETE FROM ledger')).rejects.toThrow('append-only');
    await expect(authority.query(`UPDATE ledger SET kind = 'x'`)).rejects.toThrow('append-only');
  });

  it('holds no word of who an order is for', async () => {
    const [{ count } = { count: '' }] = await authority.query<{ count: string }>(
      `SELECT count(*) FROM ledger_entries WHERE data::text LIKE '%Nobody%'`,
    );
    expect(count).toBe('0');
  });

  describe('where many entries of one transaction stand in one row', () => {
    const kinds = (number: string) =>
      authority.query(`SELECT id, kind, article FROM ledger_entries WHERE number = '${number}'`);

    beforeEach(async () => {
      const many = Array.from({ length: 30 }, (_, at) => placed(`${100 + at}-SE`, 'B:0.1'));
      await authority.stock(observed('B', 9, [22, 23]));
      await authority.orders(...many);
    });

    it('folds each of them, and shows each by itself', async () => {
      const rows = await authority.query(`SELECT 1 FROM ledger WHERE number LIKE '1__-SE'`);
      expect(rows).toEqual([]);
      const [pack] = await authority.query<{ id: string }>('SELECT id FROM ledger WHERE entries IS NOT NULL');
      expect(await kinds('104-SE')).toEqual([{ id: `${pack?.id}.5`, kind: 'order.placed', article: null }]);
      const [all] = await authority.query<{ count: number }>('SELECT count(*)::int FROM ledger_entries');
      expect(await verify(authority.source)).toMatchObject({ agrees: true, orders: 39, entries: all?.count });
    });

    it('names the one that says something else than those up to it', async () => {
      await authority.query('ALTER TABLE ledger DISABLE TRIGGER append_only');
      await authority.query(
        `UPDATE ledger SET entries = replace(entries, '"104-SE","data":{"channel":"SE","revision":1,"needs":{"B":"0.1"}',
           '"104-SE","data":{"channel":"SE","revision":1,"needs":{"B":"9"}') WHERE entries IS NOT NULL`,
      );
      await authority.query('ALTER TABLE ledger ENABLE TRIGGER append_only');
      const found = await verify(authority.source);
      const [entry] = await kinds('104-SE');
      expect(found).toMatchObject({ agrees: false, entry: { ...entry, number: '104-SE' } });
      expect(found.entry?.at).toBeInstanceOf(Date);
      expect(found.difference).toContain('promised 9 of B');
    });
  });
});

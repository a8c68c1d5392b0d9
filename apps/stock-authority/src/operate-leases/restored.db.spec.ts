import { describe, expect, it } from '@jest/globals';
import { OrderPlaced, ShelfSet, StockObserved } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { leasedTo, orderOf } from '../testing/authority.ts';
import { stageService } from '../testing/stage.ts';

const authority = stageService(leasedTo('SE', 'ERP').map((one) => ({ ...one, margin: '0' })));
const { call, onTheBus, query } = authority;
const at = '2026-11-24T10:00:00Z';
const by = { author: 'Anna', reason: 'the disk was lost, the backup is of this night' };

interface Shown {
  version: number;
  levels: Record<string, string>;
  leases: { channel: string; canSell: string }[];
}
const shown = async () => (await call('GET', '/ops/articles/A')) as unknown as Shown;
const canSell = async () =>
  Object.fromEntries((await shown()).leases.map((one) => [one.channel, Number(one.canSell)]));

/** The shop shows what it was told last, and has sold so many in all. */
async function confirm(channel: string, sold = 0): Promise<void> {
  const { version, levels } = await shown();
  const shelf = levels[channel] ?? '0';
  const allowance = String(Number(shelf) + sold);
  const of = { channel, article: 'A', version, shelf, allowance, writeId: 'w', at };
  await onTheBus(ShelfSet.of({ ...of, method: 'compare-and-set' }));
  await eventually(async () => ((await canSell())[channel] ?? 0) === Number(shelf));
}

const claim = (key: string) => {
  const lines = [{ article: 'A', quantity: '1' }];
  return call('POST', '/claims', { channel: 'EU', lines }, { 'idempotency-key': key });
};

describe('an authority whose database was restored from a backup', () => {
  it('gives nothing more to anybody before leased shops have confirmed levels that are newer than all they had', async () => {
    for (const code of ['SE', 'ERP'])
      await call('PUT', `/channels/${code}`, {
        kind: 'http',
        shopIdentity: code,
        instanceId: code,
        method: 'compare-and-set',
      });
    const read = { article: 'A', status: 'active' as const, sellable: '9', started: 1, ended: 2 };
    await onTheBus(StockObserved.of({ ...read, inFlight: [], at }));
    await eventually(async () => (await shown()).leases?.length === 2);
    for (const code of ['SE', 'ERP']) await confirm(code);
    expect(await canSell()).toEqual({ SE: 3, ERP: 3 });

    // Since the backup SE was given 7 under version 40, which this database knows nothing of.
    const lost = 40;
    expect(await call('POST', '/ops/restored', by)).toMatchObject({ status: 200, articles: 1 });
    const { version } = await shown();
    expect(version).toBeGreaterThan(1_000_000);
    expect(await canSell()).toEqual({ SE: 9, ERP: 9 });
    expect(await claim('early')).toMatchObject({ status: 409, code: 'claim.short' });

    // Its newest level is written, and what buyers could take until then is a sale.
    await onTheBus(OrderPlaced.of(orderOf('1-SE', 'A:2')));
    const states = () => query('SELECT number, state FROM stock_authority.orders');
    await eventually(async () => (await states()).length === 1);
    expect(await states()).toEqual([{ number: '1-SE', state: 'reserved' }]);
    const late = { channel: 'ERP', article: 'A', version: lost, shelf: '3', allowance: '3', at };
    await onTheBus(ShelfSet.of({ ...late, writeId: 'w', method: 'compare-and-set' }));
    await eventually(async () => {
      const kept = await query(
        `SELECT 1 FROM stock_authority.ledger WHERE kind = 'shelf.confirmed' AND data ->> 'version' = '${lost}'`,
      );
      return kept.length > 0;
    });
    expect((await canSell()).ERP).toBe(9);
    expect(await call('POST', '/ops/verify', {})).toMatchObject({ agrees: true });
  });

  it('goes on once they have, with what they show', async () => {
    await confirm('SE', 2);
    await confirm('ERP');
    const { SE = 0, ERP = 0 } = await canSell();
    const { levels } = await shown();
    expect(SE + ERP + Number(levels.EU)).toBeLessThanOrEqual(7);
    expect(Number(levels.EU)).toBeGreaterThan(0);
    expect(await claim('late')).toMatchObject({ status: 201 });
    const [entry] = await query(`SELECT data FROM stock_authority.ledger WHERE kind = 'restored'`);
    expect(entry).toEqual({ data: by });
    expect(await call('POST', '/ops/verify', {})).toMatchObject({ agrees: true });
  });
});

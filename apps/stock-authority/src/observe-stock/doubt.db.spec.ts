import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  channels,
  cancelRequested,
  doubtful,
  leasedTo,
  lineAccepted,
  observed,
  placed,
  shelfSet,
  told,
} from '../testing/authority.ts';
import { rule } from '../testing/rules.ts';
import { stageAuthorities } from '../testing/stage.ts';
import { verify } from '../verify/verify.ts';

const [authority, leasing] = stageAuthorities(channels, leasedTo('SE', 'ERP'));

const verified = () => verify(authority.source);
const claim = (key: string, pieces: bigint) => ({
  kind: 'open' as const,
  channel: 'SE',
  key,
  digest: key,
  needs: new Map([['A', pieces * 1000n]]),
  expiresAt: new Date(Date.now() + 60_000),
});

describe('a read that is in doubt', () => {
  beforeEach(async () => {
    await authority.stock(observed('A', 10, [1, 2]));
  });

  it('lets shops keep their last shelf, and promises nothing beyond it', async () => {
    expect(await authority.stock(doubtful('A', 0, [3, 4]))).toEqual([]);
    expect(authority.level('A')).toMatchObject({ version: 1, shops: { SE: '10', EU: '8' } });
    expect(told(await authority.orders(placed('1-SE', 'A:2'), placed('2-EU', 'A:2')))).toEqual([
      'order.waiting 1-SE',
      'order.waiting 2-EU',
    ]);
    const [outcome] = await authority.claims(claim('c1', 1n));
    expect(outcome).toMatchObject({ claim: { state: 'refused' } });
    expect(await verified()).toMatchObject({ agrees: true });
  });

  it('still calls an order short that is beyond what there was before', async () => {
    await authority.stock(doubtful('A', 0, [3, 4]));
    expect(told(await authority.orders(placed('1-SE', 'A:11')))).toEqual(['order.short 1-SE']);
  });

  it('takes what is asked for off what the shops show, since that is told to them', async () => {
    await authority.stock(doubtful('A', 4, [3, 4]));
    expect(told(await authority.orders(placed('1-SE', 'A:3')))).toEqual(['order.reserved 1-SE']);
    expect(authority.level('A')).toMatchObject({ version: 2, shops: { SE: '7', EU: '5' } });
    await authority.claims(claim('c1', 1n));
    expect(authority.level('A')).toMatchObject({ version: 3, shops: { SE: '6', EU: '4' } });
    expect(told(await authority.orders(cancelRequested('1-SE')))).toEqual(['order.cancel-forwarded 1-SE']);
    expect(authority.level('A').version).toBe(3);
    expect(await verified()).toMatchObject({ agrees: true });
  });

  it('shows no more than its safety stock, pools and caps let it', async () => {
    const limits = new Map([
      ['EU', { pool: 2000n }],
      ['ERP', { pool: 0n, cap: 4000n }],
    ]);
    await rule(authority, 'A', { safety: 3000n, limits });
    expect(authority.level('A').shops).toEqual({ SE: '5', EU: '5', ERP: '4' });
    await authority.stock(doubtful('A', 0, [3, 4]));
    await authority.orders(placed('1-SE', 'A:1'));
    expect(authority.level('A').shops).toEqual({ SE: '4', EU: '4', ERP: '4' });
  });

  it('that is higher is left out', async () => {
    expect(await authority.stock(doubtful('A', 30, [3, 4]))).toEqual([]);
    await authority.orders(placed('1-SE', 'A:11'));
    expect(await authority.states()).toEqual({ '1-SE': 'held' });
    expect(await authority.stock(doubtful('NEW', 30, [3, 4]))).toEqual([]);
    expect(await verified()).toMatchObject({ agrees: true });
  });

  it('ends with one that is not, and the queue is decided: it was true', async () => {
    await authority.stock(doubtful('A', 0, [3, 4]));
    await authority.orders(placed('1-SE', 'A:2'), placed('2-EU', 'A:2'));
    expect(told(await authority.stock(observed('A', 0, [5, 6])))).toEqual([
      'order.short 1-SE',
      'order.short 2-EU',
      'order.rejected 2-EU',
      'order.released 2-EU',
    ]);
    expect(authority.level('A')).toMatchObject({ free: '0', shops: { SE: '0', EU: '0' } });
    expect(await verified()).toMatchObject({ agrees: true });
  });

  it('ends with one that is not, and the queue is decided: it was wrong', async () => {
    await authority.stock(doubtful('A', 0, [3, 4]));
    await authority.orders(placed('1-SE', 'A:2'));
    expect(told(await authority.stock(observed('A', 10, [5, 6])))).toEqual(['order.reserved 1-SE']);
    expect(authority.level('A')).toMatchObject({ free: '8', shops: { SE: '8', EU: '6' } });
    expect(await verified()).toMatchObject({ agrees: true });
  });

  it('that says what was known anyway changes no shelf, then and afterwards', async () => {
    await authority.orders(placed('1-SE', 'A:2'));
    await authority.stock(lineAccepted('1-SE', '2 A', [3, 4]));
    expect(await authority.stock(doubtful('A', 8, [5, 6]))).toEqual([]);
    expect(await authority.query('SELECT doubt FROM articles')).toEqual([{ doubt: null }]);
    await authority.stock(doubtful('A', 0, [7, 8]));
    expect(await authority.query('SELECT doubt FROM articles')).toEqual([{ doubt: '8000' }]);
    expect(await authority.stock(observed('A', 8, [9, 10]))).toEqual([]);
    expect(await verified()).toMatchObject({ agrees: true });
  });

  it('is found in the ledger where somebody changed it there', async () => {
    await authority.stock(doubtful('A', 0, [3, 4]));
    await authority.query('ALTER TABLE ledger DISABLE TRIGGER append_only');
    await authority.query(
      `UPDATE ledger SET data = jsonb_set(data, '{counts,doubt}', '"3"') WHERE data ? 'counts'`,
    );
    await authority.query('ALTER TABLE ledger ENABLE TRIGGER append_only');
    expect((await verified()).difference).toContain('it says that 3 pieces are in doubt');
  });
});

describe('a read that is in doubt, of an article on lease', () => {
  const canSell = () =>
    leasing.query<{ channel: string; pieces: string }>(
      `SELECT channel, (target - sold)::bigint / 1000 AS pieces FROM leases ORDER BY channel`,
    );

  beforeEach(async () => {
    for (const code of ['SE', 'ERP']) await leasing.register(code, 'absolute');
  });

  it.each([
    ['few', 6],
    ['plenty', 500],
  ])('raises no lease and takes none back, with %s pieces', async (_, pieces) => {
    await leasing.stock(observed('A', pieces, [1, 2]));
    for (const code of ['SE', 'ERP']) {
      const { version, shops } = leasing.level('A');
      await leasing.shelves(shelfSet(code, 'A', version, shops[code] ?? '0'));
    }
    const before = await canSell();
    await leasing.stock(doubtful('A', 1, [3, 4]));
    expect(await canSell()).toEqual(before);
    await leasing.orders(placed('1-SE', 'A:1'));
    for (const [index, { channel, pieces: now }] of (await canSell()).entries()) {
      expect(Number(now)).toBeLessThanOrEqual(Number(before[index]?.pieces));
      expect(channel).toBe(before[index]?.channel);
    }
    expect(await verified()).toMatchObject({ agrees: true });
    await leasing.stock(observed('A', 1, [5, 6]));
    expect(await verified()).toMatchObject({ agrees: true });
  });

  it('shows nothing to a shop of which nobody has said yet how its stock is written', async () => {
    await leasing.query('DELETE FROM channels');
    await leasing.stock(observed('A', 500, [1, 2]));
    await leasing.stock(doubtful('A', 9, [3, 4]));
    await leasing.orders(placed('1-EU', 'A:1'));
    expect(leasing.level('A')).toMatchObject({ version: 2, shops: { SE: '0', ERP: '0' } });
  });
});

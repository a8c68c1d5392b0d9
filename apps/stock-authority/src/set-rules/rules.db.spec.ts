import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Channel } from '@samlast/contracts';
import {
  type Authority,
  channels,
  leasedTo,
  observed,
  otherPolicies,
  placed,
  shelfSet,
  told,
} from '../testing/authority.ts';
import { rule } from '../testing/rules.ts';
import { stageAuthorities } from '../testing/stage.ts';
import { verify } from '../verify/verify.ts';
import type { Limit } from './rules.ts';

const plain = (list: Channel[]) => list.map((one) => ({ ...one, margin: '0', shortPolicy: 'hold' as const }));
const [authority, leasing, waiting] = stageAuthorities(
  plain(channels),
  plain(leasedTo('SE', 'ERP')),
  otherPolicies,
);

beforeEach(async () => {
  for (const { code } of channels) await leasing.register(code, 'compare-and-set');
});

const set = (on: Authority, safety: number, limits: Record<string, Limit>, backorderMost?: bigint) =>
  rule(on, 'A', {
    safety: BigInt(safety) * 1000n,
    limits: new Map(Object.entries(limits)),
    ...(backorderMost !== undefined && { backorderMost: backorderMost * 1000n }),
  });
const claim = async (channel: string, quantity: number) => {
  const needs = new Map([['A', BigInt(quantity) * 1000n]]);
  const rest = {
    channel,
    key: `${Math.random()}`,
    digest: '',
    needs,
    expiresAt: new Date(Date.now() + 60_000),
  };
  const [outcome] = await authority.claims({ kind: 'open', ...rest });
  return outcome?.outcome === 'claim' ? outcome.claim.state : outcome?.outcome;
};

describe('rules of an article', () => {
  it('say how many pieces may be waited for, instead of what channels say, also none', async () => {
    await waiting.stock(observed('A', 0, [1, 2]));
    await waiting.orders(placed('1-BO', 'A:6'), placed('2-BO', 'A:1'));
    expect(await waiting.states()).toEqual({ '1-BO': 'backordered', '2-BO': 'held' });
    await set(waiting, 0, {}, 7n);
    expect(await waiting.states()).toEqual({ '1-BO': 'backordered', '2-BO': 'backordered' });
    await set(waiting, 0, {}, 0n);
    expect(await waiting.states()).toEqual({ '1-BO': 'held', '2-BO': 'held' });
    expect(await verify(waiting.source)).toMatchObject({ agrees: true });
  });

  it('keep its safety stock from shops and claims, and let an order have it that comes all the same', async () => {
    await authority.stock(observed('A', 5, [1, 2]));
    await set(authority, 2, {});
    expect(authority.level('A').shops).toEqual({ SE: '3', EU: '3', ERP: '3' });
    expect(await claim('SE', 4)).toBe('refused');
    expect(told(await authority.orders(placed('1-SE', 'A:4')))).toEqual(['order.reserved 1-SE']);
    expect(authority.level('A').shops).toEqual({ SE: '0', EU: '0', ERP: '0' });
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
  });

  it('let a shop show no more than its cap', async () => {
    await authority.stock(observed('A', 9, [1, 2]));
    await set(authority, 0, { EU: { cap: 2000n, pool: 0n } });
    expect(authority.level('A').shops).toEqual({ SE: '9', EU: '2', ERP: '9' });
  });

  it('let a claim have no more than its shop may show', async () => {
    await authority.stock(observed('A', 9, [1, 2]));
    await set(authority, 0, { EU: { cap: 2000n, pool: 0n } });
    const needs = new Map([['A', 3000n]]);
    const expiresAt = new Date(Date.now() + 60_000);
    expect(
      await authority.claims({ kind: 'open', channel: 'EU', key: 'three', digest: '', needs, expiresAt }),
    ).toMatchObject([
      {
        claim: {
          state: 'refused',
          shortages: [{ article: 'A', reason: 'stock', wanted: 3000n, free: 2000n }],
        },
      },
    ]);
    expect([await claim('EU', 2), await claim('EU', 2), await claim('SE', 3)]).toEqual([
      'open',
      'open',
      'open',
    ]);
    expect(await claim('SE', 3)).toBe('refused');
  });

  it('take from a leased shop what it shows beyond a cap that was lowered', async () => {
    await leasing.stock(observed('A', 6, [1, 2]));
    const { version, shops } = leasing.level('A');
    for (const code of ['SE', 'ERP']) await leasing.shelves(shelfSet(code, 'A', version, shops[code] ?? ''));
    await set(leasing, 0, { SE: { cap: 1000n, pool: 0n } });
    expect(leasing.level('A').shops.SE).toBe('1');
  });

  it('take nothing from an order that had its pieces set aside before', async () => {
    await authority.stock(observed('A', 2, [1, 2]));
    const expiresAt = new Date(Date.now() + 60_000);
    const needs = new Map([['A', 2000n]]);
    await authority.claims({ kind: 'open', channel: 'EU', key: 'basket', digest: '', needs, expiresAt });
    await set(authority, 0, { SE: { pool: 2000n } });
    const order = placed('1-EU', 'A:2');
    const events = await authority.orders({ ...order, data: { ...order.data, claimKey: 'basket' } });
    expect(told(events)).toEqual(['order.reserved 1-EU']);
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
  });

  it("keep a channel's pool from all others, whether they are shown it, claim it or order it", async () => {
    await authority.stock(observed('A', 5, [1, 2]));
    await set(authority, 0, { EU: { pool: 3000n } });
    expect(authority.level('A').shops).toEqual({ SE: '2', EU: '5', ERP: '2' });
    expect(await claim('SE', 3)).toBe('refused');
    expect(await claim('EU', 1)).toBe('open');
    expect(told(await authority.orders(placed('1-SE', 'A:3')))).toEqual(['order.short 1-SE']);
    expect(told(await authority.orders(placed('1-EU', 'A:2')))).toEqual(['order.short 1-EU']);
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
  });

  it('are kept where pieces are divided: a pool first, and no more than a cap', async () => {
    await set(leasing, 1, { SE: { pool: 4000n }, ERP: { cap: 1000n, pool: 0n } });
    await leasing.stock(observed('A', 8, [3, 4]));
    const { shops, version } = leasing.level('A');
    expect(shops).toEqual({ SE: '5', ERP: '1', EU: '1' });
    await leasing.shelves(shelfSet('SE', 'A', version, '5'), shelfSet('ERP', 'A', version, '1'));
    expect(leasing.level('A').shops).toEqual({ SE: '5', ERP: '1', EU: '1' });
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
  });
});

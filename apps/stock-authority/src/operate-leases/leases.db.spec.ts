import { beforeEach, describe, expect, it } from '@jest/globals';
import { OrderPlaced, ShelfSet, StockObserved } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { channels, leasedTo, orderOf } from '../testing/authority.ts';
import { stageService } from '../testing/stage.ts';
import { GiveUpLeases } from './give-up-leases.ts';

const authority = stageService(leasedTo('SE', 'ERP').map((one) => ({ ...one, margin: '0' })));
const { call, onTheBus, query } = authority;
let article = '';
let articles = 0;

const register = (code: string) =>
  call('PUT', `/channels/${code}`, {
    kind: 'http',
    shopIdentity: code,
    instanceId: code,
    method: 'compare-and-set',
  });
const at = '2026-11-24T10:00:00Z';
const by = { author: 'Anna', reason: 'the shop is gone' };

interface Shown {
  version: number;
  levels: Record<string, string>;
  leases: { channel: string; canSell: string; promised: string }[];
}
const shown = async () => (await call('GET', `/ops/articles/${article}`)) as unknown as Shown;
const leaseOf = async (channel: string) => (await shown()).leases.find((one) => one.channel === channel);

/** The shop shows what it was told last. */
async function confirm(channel: string): Promise<void> {
  const { version, levels } = await shown();
  const allowance = levels[channel] ?? '0';
  const rest = { writeId: 'w', method: 'compare-and-set' as const, shelf: allowance, at };
  await onTheBus(ShelfSet.of({ channel, article, version, allowance, ...rest }));
  await eventually(async () => ((await leaseOf(channel))?.canSell ?? '0') === allowance);
}

/** Six pieces for three channels, of which SE and the ERP sell on lease and have confirmed theirs. */
beforeEach(async () => {
  for (const { code } of channels) await register(code);
  article = `ART-${++articles}`;
  const read = { article, status: 'active' as const, sellable: '6', started: 1, ended: 2, inFlight: [], at };
  await onTheBus(StockObserved.of(read));
  await eventually(async () => (await shown()).leases?.length === 2);
  await confirm('SE');
  await confirm('ERP');
});

/** As if its service had not been heard of for two minutes; what that means is noticed at the next look. */
const quiet = (channel: string) =>
  query(`UPDATE stock_authority.channels SET seen_at = now() - interval '2 minutes' WHERE code = $1`, [
    channel,
  ]);

/** The same, and noticed at once. */
async function silence(channel: string): Promise<void> {
  await quiet(channel);
  await authority.running.app.get(GiveUpLeases).publishAnew(channel);
}

describe('the leases of a channel', () => {
  it('are listed with what its shop can sell without asking', async () => {
    expect((await shown()).levels).toEqual({ ERP: '2', EU: '2', SE: '2' });
    const { leases } = await call('GET', '/ops/leases?channel=SE');
    expect(leases).toContainEqual(
      expect.objectContaining({ channel: 'SE', article, canSell: '2', promised: '2', alive: true }),
    );
  });

  it('that falls silent are asked back, and go to others only once its shop has confirmed', async () => {
    await silence('SE');
    const { levels } = await shown();
    // Two of the six may still be sold in SE, so the others have four between them.
    expect([levels.SE, Number(levels.EU) + Number(levels.ERP)]).toEqual(['0', 4]);
    expect(await leaseOf('SE')).toMatchObject({ canSell: '2', promised: '2' });
    const { leases } = await call('GET', '/ops/leases?channel=SE');
    expect(leases).toContainEqual(expect.objectContaining({ article, alive: false }));
    await confirm('SE');
    expect((await shown()).levels).toMatchObject({ SE: '0', EU: '3', ERP: '3' });
  });

  it('that falls silent are asked back by itself, and given again by itself when it is heard of again', async () => {
    // Not what the levels would be now: what the channel was told.
    const told = async () => {
      const [row] = await query<{ level: string }>(
        `SELECT data::jsonb -> 'channels' -> 'SE' ->> 'level' AS level FROM bus.messages
         WHERE topic = 'stock.levels.v1' AND key = $1 ORDER BY id DESC LIMIT 1`,
        [article],
      );
      return row?.level;
    };
    expect(await told()).toBe('2');
    await quiet('SE');
    await eventually(async () => (await told()) === '0');
    await confirm('SE');
    await register('SE');
    await eventually(async () => Number(await told()) > 0);
  });

  it('are given again when it is heard of again', async () => {
    await silence('SE');
    await confirm('SE');
    await register('SE');
    await authority.running.app.get(GiveUpLeases).publishAnew('SE');
    // What lies with EU, which shares, needs nobody's confirmation.
    await eventually(async () => Number((await shown()).levels.SE) > 0);
  });

  it('that is dead for good are given up by a person, and an order that was held for them goes out', async () => {
    await silence('SE');
    await onTheBus(OrderPlaced.of({ ...orderOf(`${article.slice(4)}-ERP`, `${article}:5`) }));
    const state = async () => {
      const rows = (await query('SELECT state FROM stock_authority.orders WHERE number = $1', [
        `${article.slice(4)}-ERP`,
      ])) as { state: string }[];
      return rows[0]?.state;
    };
    await eventually(async () => (await state()) === 'held');
    expect(await call('POST', '/ops/leases/SE/give-up', { article, ...by })).toMatchObject({ givenUp: '2' });
    await eventually(async () => (await state()) === 'reserved');
    expect(await call('POST', '/ops/leases/SE/give-up', { article, ...by })).toMatchObject({ givenUp: '0' });
    expect(await call('POST', '/ops/verify', {})).toMatchObject({ agrees: true });
  });

  it('that a person pauses are asked back until it is resumed', async () => {
    expect(await call('POST', '/ops/channels/SE/pause', by)).toMatchObject({ status: 200, paused: true });
    expect((await shown()).levels).toMatchObject({ SE: '0' });
    const { leases } = await call('GET', '/ops/leases?channel=SE');
    expect(leases).toContainEqual(expect.objectContaining({ article, canSell: '2', alive: false }));
    expect(await call('POST', '/ops/channels/SE/resume', by)).toMatchObject({ paused: false });
    expect(await call('POST', '/ops/channels/SE/dance', by)).toMatchObject({ status: 404 });
    expect(await call('POST', '/ops/channels/NONE/pause', by)).toMatchObject({ status: 404 });
    expect(await call('POST', '/ops/channels/SE/pause', {})).toMatchObject({ status: 422 });
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { ShelfSet, StockObserved } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { leasedTo } from '../testing/authority.ts';
import { stageService } from '../testing/stage.ts';

const authority = stageService(leasedTo('SE', 'ERP').filter(({ mode }) => mode === 'lease'));
const { call, onTheBus, query } = authority;
const at = '2026-11-24T10:00:00Z';
const by = { author: 'Anna', reason: 'its shop has moved' };
let article = '';
let articles = 0;

const register = (code: string, method?: string) =>
  call('PUT', `/channels/${code}`, {
    kind: 'http',
    shopIdentity: code,
    instanceId: code,
    ...(method !== undefined && { method }),
  });

const observed = (number: string, pieces: number) =>
  StockObserved.of({
    article: number,
    status: 'active',
    sellable: String(pieces),
    started: 1,
    ended: 2,
    inFlight: [],
    at,
  });

interface Shown {
  version: number;
  levels: Record<string, string>;
  leases: { channel: string; canSell: string; promised: string }[];
}
const shown = async () => (await call('GET', `/ops/articles/${article}`)) as unknown as Shown;
const canSell = async (channel: string) =>
  (await shown()).leases.find((one) => one.channel === channel)?.canSell;

/** What the newest level that was sent out says to a channel. */
async function told(channel: string, number = article): Promise<Record<string, unknown> | undefined> {
  const [row] = await query<{ said: Record<string, unknown> }>(
    `SELECT data::jsonb -> 'channels' -> $2 AS said FROM bus.messages
     WHERE topic = 'stock.levels.v1' AND key = $1 ORDER BY id DESC LIMIT 1`,
    [number, channel],
  );
  return row?.said;
}

async function read(pieces: number): Promise<void> {
  await onTheBus(observed(article, pieces));
  await eventually(async () => (await shown()).version > 0);
}

async function confirm(channel: string, method: 'compare-and-set' | 'absolute' = 'compare-and-set') {
  const { version, levels } = await shown();
  const allowance = levels[channel] ?? '0';
  const rest = { writeId: 'w', method, shelf: allowance, at };
  await onTheBus(ShelfSet.of({ channel, article, version, allowance, ...rest }));
  await eventually(async () => ((await canSell(channel)) ?? '0') === allowance);
}

beforeEach(async () => {
  article = `ART-${++articles}`;
  for (const code of ['SE', 'ERP']) await call('DELETE', `/channels/${code}`, by);
});

describe('a shop on lease of which nobody has said yet how its stock is written', () => {
  it('is shown nothing, scarce or plenty, since what it would sell could not be counted', async () => {
    await read(6);
    expect(await told('SE')).toEqual({ level: '0', mode: 'shared' });
    await register('ERP', 'compare-and-set');
    await eventually(async () => (await told('ERP'))?.level === '6');
    expect((await told('SE'))?.level).toBe('0');
    article += '-PLENTY';
    await read(1000);
    expect((await shown()).levels).toEqual({ SE: '0', ERP: '1000' });
  });

  it('is shown its pieces as soon as it has said so, counted from the first write on', async () => {
    await read(6);
    await register('SE', 'absolute');
    await eventually(async () => (await told('SE'))?.level === '6');
    expect((await told('SE'))?.since).toBe((await shown()).version);
    expect(await canSell('SE')).toBe('6');
    expect(await call('POST', '/ops/verify', {})).toMatchObject({ agrees: true });
  });

  it('is shown its pieces of every article, however many there are', async () => {
    const numbers = Array.from({ length: 1_100 }, (_, index) => `${article}-${index}`);
    await onTheBus(...numbers.map((number) => observed(number, 30)));
    const ofMany = (level: string) =>
      eventually(async () => {
        const [row] = await query<{ count: number }>(
          `SELECT count(DISTINCT key)::int AS count FROM bus.messages WHERE topic = 'stock.levels.v1'
             AND key LIKE $1 AND data::jsonb -> 'channels' -> 'SE' ->> 'level' = $2`,
          [`${article}-%`, level],
        );
        return row?.count === numbers.length;
      });
    await ofMany('0');
    await register('SE', 'compare-and-set');
    await ofMany('30');
  });
});

describe('a channel that was given free', () => {
  it('is shown nothing, and keeps what its shop may still sell until the next one has confirmed less', async () => {
    await register('SE', 'compare-and-set');
    await register('ERP', 'compare-and-set');
    await read(9);
    for (const code of ['SE', 'ERP']) await confirm(code);
    expect((await shown()).levels).toEqual({ SE: '4', ERP: '5' });
    await call('DELETE', '/channels/SE', by);
    await eventually(async () => (await told('SE'))?.level === '0');
    expect(await canSell('SE')).toBe('4');
    expect(await canSell('ERP')).toBe('5');
    await register('SE', 'compare-and-set');
    await eventually(async () => Number((await told('SE'))?.level) > 0);
    expect(await call('POST', '/ops/verify', {})).toMatchObject({ agrees: true });
  });
});

describe('a channel whose shop is written in another way from now on', () => {
  it('is told anew what it may show, so that its plain writes are counted', async () => {
    await register('SE', 'compare-and-set');
    await read(6);
    await confirm('SE');
    const { version, levels } = await shown();
    expect(await told('SE')).not.toHaveProperty('since');
    await register('SE', 'absolute');
    await eventually(async () => (await shown()).version === version + 1);
    await eventually(async () => (await told('SE'))?.since !== undefined);
    expect(await told('SE')).toMatchObject({ level: levels.SE, since: 0 });
  });
});

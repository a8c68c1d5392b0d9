import { afterEach, describe, expect, it } from '@jest/globals';
import { StockObserved } from '@samlast/contracts';
import { eventually, jumpClock } from '@samlast/test-stack';
import { channels } from '../testing/authority.ts';
import { stageService } from '../testing/stage.ts';

const HOUR_MS = 3_600_000;
const list = channels.map((one) => ({
  ...one,
  mode: 'claim',
  claimsMost: one.code === 'EU' ? 2 : 100,
  margin: '0',
}));
const { call, onTheBus, query } = stageService(list);

let back = () => {};
afterEach(() => back());

let articles = 0;
let keys = 0;
async function newArticle(): Promise<string> {
  const article = `ART-${++articles}`;
  const read = { article, status: 'active' as const, sellable: '9', started: 1, ended: 2, inFlight: [] };
  await onTheBus(StockObserved.of({ ...read, at: '2026-11-24T10:00:00Z' }));
  await eventually(async () => (await call('GET', `/ops/articles/${article}`)).sellable === '9');
  return article;
}

async function open(article: string, quantity = '1', channel = 'SE') {
  const key = `cart-${++keys}`;
  const body = { channel, lines: [{ article, quantity }] };
  return { key, answer: await call('POST', '/claims', body, { 'idempotency-key': key }) };
}
const stateOf = async (key: string) => (await call('GET', `/claims/${key}?channel=SE`)).state;
const confirm = (key: string) => call('PUT', `/claims/${key}`, { channel: 'SE', state: 'confirmed' });
const release = (key: string, channel = 'SE') => call('DELETE', `/claims/${key}?channel=${channel}`);
/** As if the clock of the database had jumped by so much. */
const jumpDatabase = (hours: number) =>
  query(`UPDATE stock_authority.claims SET expires_at = expires_at - make_interval(hours => $1)`, [hours]);

describe('a clock that jumps', () => {
  it.each([
    ['forwards', HOUR_MS],
    ['backwards', -HOUR_MS],
  ])('%s in a process ends no claim and gives none more time', async (_, byMs) => {
    const article = await newArticle();
    const before = await open(article);
    back = jumpClock(byMs);
    const after = await open(article);
    const expiresAt = [before, after].map(({ answer }) => Date.parse(answer.expiresAt as string));
    expect(Math.abs((expiresAt[1] ?? 0) - (expiresAt[0] ?? 0))).toBeLessThan(60_000);
    expect([await stateOf(before.key), await stateOf(after.key)]).toEqual(['open', 'open']);
    for (const { key } of [before, after]) await release(key);
  });

  it('backwards in a process does not keep a channel at its quota', async () => {
    const article = await newArticle();
    const ofEu = () => open(article, '1', 'EU');
    const full = [await ofEu(), await ofEu()];
    expect((await ofEu()).answer).toMatchObject({ status: 429, code: 'claims.channel-quota' });
    back = jumpClock(-HOUR_MS);
    for (const { key } of full) await release(key, 'EU');
    await eventually(async () => (await ofEu()).answer.status === 201);
  });

  it('forwards in the database ends claims early, and a confirmation claims their pieces again or is too late', async () => {
    const article = await newArticle();
    const [there, gone] = [await open(article, '4'), await open(article, '5')];
    await jumpDatabase(2);
    await eventually(
      async () => (await stateOf(there.key)) === 'expired' && (await stateOf(gone.key)) === 'expired',
    );
    const other = await open(article, '5');
    expect(other.answer.status).toBe(201);
    expect(await confirm(there.key)).toMatchObject({ status: 200, state: 'confirmed' });
    expect(await confirm(gone.key)).toMatchObject({ status: 409, code: 'late_confirm' });
    expect(await call('GET', `/ops/articles/${article}`)).toMatchObject({ claimed: '9' });
    for (const { key } of [there, other]) await release(key);
  });

  it('backwards in the database ends claims late, and gives their pieces to nobody else meanwhile', async () => {
    const article = await newArticle();
    const { key } = await open(article, '9');
    await jumpDatabase(-2);
    expect((await open(article)).answer).toMatchObject({ status: 409, code: 'claim.short' });
    expect(await stateOf(key)).toBe('open');
    expect(await release(key)).toMatchObject({ state: 'released' });
  });
});

import { describe, expect, it } from '@jest/globals';
import { OrderPlaced, StockObserved } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { DataSource } from 'typeorm';
import { channels, orderOf } from '../testing/authority.ts';
import { stageService } from '../testing/stage.ts';
import { AskAgain } from './ask-again.ts';
import { ClaimDesk } from './claim-desk.ts';

const authority = stageService(
  channels.map((channel) => ({ ...channel, mode: 'claim', claimsPerBuyer: 2, margin: '0' })),
  // However long a batch takes on a busy machine: time is what open-claims.db.spec and waiting-room.spec are about.
  { CLAIMS_WAITING_MOST: '40', CLAIMS_WAIT_MOST_MS: '60000' },
);
const { call, onTheBus, query } = authority;
let articles = 0;
let keys = 0;

const free = (article: string) => call('GET', `/ops/articles/${article}`);

let step = 0;
async function observe(article: string, pieces: number): Promise<void> {
  step += 2;
  const read = {
    article,
    status: 'active' as const,
    sellable: String(pieces),
    started: step,
    ended: step + 1,
    inFlight: [],
  };
  await onTheBus(StockObserved.of({ ...read, at: '2026-11-24T10:00:00Z' }));
  await eventually(async () => (await free(article)).sellable === String(pieces));
}

async function newArticle(pieces: number): Promise<string> {
  const article = `ART-${++articles}`;
  await observe(article, pieces);
  return article;
}

const newKey = () => `cart-${++keys}`;
const open = (key: string, wants: Record<string, string>, more: object = {}) => {
  const lines = Object.entries(wants).map(([article, quantity]) => ({ article, quantity }));
  return call('POST', '/claims', { channel: 'SE', lines, ...more }, { 'idempotency-key': key });
};
const confirm = (key: string) => call('PUT', `/claims/${key}`, { channel: 'SE', state: 'confirmed' });
const release = (key: string) => call('DELETE', `/claims/${key}?channel=SE`);
const show = (key: string) => call('GET', `/claims/${key}?channel=SE`);
const claimedOf = async (article: string) => {
  const [row] = (await query('SELECT claimed FROM stock_authority.articles WHERE number = $1', [
    article,
  ])) as { claimed: string }[];
  return Number(row?.claimed) / 1000;
};

const desk = () => authority.running.app.get(ClaimDesk);

/** Another process decides on the article, until it lets go. */
async function hold(article: string) {
  const holder = authority.running.app.get(DataSource).createQueryRunner();
  await holder.startTransaction();
  await holder.query('SELECT 1 FROM articles WHERE number = $1 FOR UPDATE', [article]);
  return {
    letGo: async () => {
      await holder.rollbackTransaction();
      await holder.release();
    },
  };
}

/** Opened by the desk itself, since over HTTP nothing expires within a test's time. */
const openFor = (key: string, article: string, quantity: number, expiresInS: number) =>
  desk().ask({
    kind: 'open',
    channel: 'SE',
    key,
    digest: key,
    needs: new Map([[article, BigInt(quantity) * 1000n]]),
    expiresInS,
  });

describe('a claim', () => {
  it('promises pieces, which no other shop is offered from then on, and the own one for this buyer alone', async () => {
    const article = await newArticle(5);
    expect(await open(newKey(), { [article]: '2' })).toMatchObject({
      status: 201,
      state: 'open',
      lines: [{ article, quantity: '2' }],
    });
    expect(await free(article)).toMatchObject({ levels: { SE: '5', EU: '3', ERP: '3' } });
    expect(await open(newKey(), { [article]: '4' })).toMatchObject({
      status: 409,
      shortages: [{ free: '3' }],
    });
  });

  it('is the same claim when it is asked for again, and another content under its key is refused', async () => {
    const article = await newArticle(5);
    const key = newKey();
    await open(key, { [article]: '2' });
    expect(await open(key, { [article]: '2' })).toMatchObject({ status: 200, state: 'open' });
    expect(await open(key, { [article]: '3' })).toMatchObject({ status: 409, code: 'claim.key-reused' });
    const longer = await open(key, { [article]: '2' }, { expiresInS: 3_600 });
    expect(longer).toMatchObject({ status: 409, code: 'claim.key-reused' });
    // What is not said is said by leaving it out.
    expect(await open(key, { [article]: '2' }, { expiresInS: 600 })).toMatchObject({ status: 200 });
    expect(await claimedOf(article)).toBe(2);
  });

  it('is all lines or none, names each shortage with what is free, and stays refused under its key', async () => {
    const [few, none] = [await newArticle(1), await newArticle(0)];
    const key = newKey();
    const wants = { [few]: '2', [none]: '1', 'NO-SUCH': '1' };
    const refused = {
      status: 409,
      code: 'claim.short',
      shortages: [
        { article: few, reason: 'stock', wanted: '2', free: '1' },
        { article: none, reason: 'stock', wanted: '1', free: '0' },
        { article: 'NO-SUCH', reason: 'unknown-article', wanted: '1', free: '0' },
      ],
    };
    expect(await open(key, wants)).toMatchObject(refused);
    expect(await claimedOf(few)).toBe(0);
    await observe(few, 9);
    expect(await open(key, wants)).toMatchObject(refused);
    expect(await confirm(key)).toMatchObject({ status: 404 });
  });

  it('that has ended is no yes to who asks for it again, and one that was ordered still is', async () => {
    const article = await newArticle(5);
    const again = (key: string) => open(key, { [article]: '1' });
    const [released, expired, ordered] = [newKey(), newKey(), newKey()];
    for (const key of [released, expired, ordered]) await again(key);
    await release(released);
    await query(`UPDATE stock_authority.claims SET expires_at = now() WHERE key = $1`, [expired]);
    await eventually(async () => (await show(expired)).state === 'expired');
    expect(await again(released)).toMatchObject({ status: 409, code: 'claim.ended', state: 'released' });
    expect(await again(expired)).toMatchObject({ status: 409, code: 'claim.ended', state: 'expired' });
    await onTheBus(OrderPlaced.of({ ...orderOf(`${keys}00-SE`, `${article}:1`), claimKey: ordered }));
    await eventually(async () => (await show(ordered)).state === 'ordered');
    expect(await again(ordered)).toMatchObject({ status: 200, state: 'ordered' });
  });

  it('sums the lines of one article', async () => {
    const article = await newArticle(3);
    const lines = [
      { article, quantity: '2' },
      { article, quantity: '2' },
    ];
    const answer = await call('POST', '/claims', { channel: 'SE', lines }, { 'idempotency-key': newKey() });
    expect(answer).toMatchObject({ status: 409, shortages: [{ wanted: '4', free: '3' }] });
  });

  it('gives its pieces back when it is released, once', async () => {
    const article = await newArticle(2);
    const key = newKey();
    await open(key, { [article]: '2' });
    expect(await release(key)).toMatchObject({ status: 200, state: 'released' });
    expect(await release(key)).toMatchObject({ status: 200, state: 'released' });
    expect(await free(article)).toMatchObject({ levels: { SE: '2', EU: '2' } });
    expect(await claimedOf(article)).toBe(0);
    expect(await confirm(key)).toMatchObject({ status: 409, code: 'claim.ended' });
  });

  it('goes to one of twenty who want the last piece at the same moment', async () => {
    const article = await newArticle(1);
    const answers = await Promise.all(Array.from({ length: 20 }, () => open(newKey(), { [article]: '1' })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
    expect(await claimedOf(article)).toBe(1);
  });
});

describe('an order whose buyer claimed', () => {
  const place = (number: string, wants: string, claimKey: string) =>
    onTheBus(OrderPlaced.of({ ...orderOf(number, wants), claimKey }));
  const stateOf = async (number: string) => {
    const [row] = (await query('SELECT state FROM stock_authority.orders WHERE number = $1', [number])) as {
      state: string;
    }[];
    return row?.state;
  };

  it('takes the pieces of its claim and never a second set', async () => {
    const article = await newArticle(1);
    const key = newKey();
    await open(key, { [article]: '1' });
    await confirm(key);
    await place('100-SE', `${article}:1`, key);
    await eventually(async () => (await stateOf('100-SE')) === 'reserved');
    expect(await claimedOf(article)).toBe(0);
    expect(await show(key)).toMatchObject({ state: 'ordered' });
    expect(await confirm(key)).toMatchObject({ status: 200, state: 'ordered' });
    expect(await release(key)).toMatchObject({ state: 'ordered' });
    expect(await free(article)).toMatchObject({ free: '0', levels: { SE: '0', EU: '0' } });
  });

  it('is not held back by an older order that waits for the same article', async () => {
    const article = await newArticle(1);
    const key = newKey();
    await open(key, { [article]: '1' });
    await confirm(key);
    await onTheBus(OrderPlaced.of(orderOf('101-SE', `${article}:1`)));
    await eventually(async () => (await stateOf('101-SE')) === 'held');
    await place('102-SE', `${article}:1`, key);
    await eventually(async () => (await stateOf('102-SE')) === 'reserved');
    expect(await stateOf('101-SE')).toBe('held');
  });

  it('gives back what it claimed and did not order', async () => {
    const article = await newArticle(3);
    const key = newKey();
    await open(key, { [article]: '3' });
    await confirm(key);
    await place('103-SE', `${article}:1`, key);
    await eventually(async () => (await stateOf('103-SE')) === 'reserved');
    expect(await claimedOf(article)).toBe(0);
    expect(await free(article)).toMatchObject({ free: '2' });
  });

  it('that also wants what is missing is not reserved in part when only the figure of its own pieces moves', async () => {
    const [own, missing] = [await newArticle(1), await newArticle(0)];
    const key = newKey();
    await open(key, { [own]: '1' });
    await confirm(key);
    await place('105-SE', `${own}:1 ${missing}:1`, key);
    await eventually(async () => (await stateOf('105-SE')) === 'held');
    await observe(own, 2);
    expect(await stateOf('105-SE')).toBe('held');
    expect(await free(own)).toMatchObject({ free: '2', levels: { SE: '1' } });
    await observe(missing, 1);
    await eventually(async () => (await stateOf('105-SE')) === 'reserved');
    expect(await free(own)).toMatchObject({ free: '1', levels: { SE: '1' } });
  });

  it('is decided like any other when its claim has ended', async () => {
    const article = await newArticle(1);
    const key = newKey();
    await open(key, { [article]: '1' });
    await release(key);
    await open(newKey(), { [article]: '1' });
    await place('104-SE', `${article}:1`, key);
    await eventually(async () => (await stateOf('104-SE')) === 'held');
  });
});

describe('the end of a claim', () => {
  it('comes by itself, and then the queue gets its pieces', async () => {
    const article = await newArticle(1);
    const key = newKey();
    await openFor(key, article, 1, 0.05);
    await onTheBus(OrderPlaced.of(orderOf('110-SE', `${article}:1`)));
    await eventually(async () => (await show(key)).state === 'expired');
    await eventually(async () => (await free(article)).free === '0');
    expect(await claimedOf(article)).toBe(0);
  });

  it('does not come once it is confirmed, whatever was decided about it before', async () => {
    const article = await newArticle(1);
    const key = newKey();
    await openFor(key, article, 1, 3600);
    await confirm(key);
    await desk().ask({ kind: 'expire', channel: 'SE', key, version: 1 });
    expect(await show(key)).toMatchObject({ state: 'confirmed' });
    expect(await claimedOf(article)).toBe(1);
  });

  it('does not come by an expiry that was decided before the buyer got more time', async () => {
    const article = await newArticle(1);
    const key = newKey();
    await openFor(key, article, 1, 60);
    const endsAt = async () => Date.parse(String((await show(key)).expiresAt));
    const extend = (expiresInS: number) => call('PUT', `/claims/${key}`, { channel: 'SE', expiresInS });
    const before = await endsAt();
    await extend(600);
    const after = await endsAt();
    expect(after - before).toBeGreaterThanOrEqual(540_000);
    expect(after - before).toBeLessThan(560_000);
    await extend(30);
    expect(await endsAt()).toBe(after);
    await desk().ask({ kind: 'expire', channel: 'SE', key, version: 1 });
    expect(await show(key)).toMatchObject({ state: 'open' });
    await desk().ask({ kind: 'expire', channel: 'SE', key, version: 2 });
    expect(await show(key)).toMatchObject({ state: 'expired' });
  });

  it('is undone by a late confirmation where the pieces are still there', async () => {
    const article = await newArticle(1);
    const key = newKey();
    await openFor(key, article, 1, 60);
    await desk().ask({ kind: 'expire', channel: 'SE', key, version: 1 });
    expect(await confirm(key)).toMatchObject({ status: 200, state: 'confirmed' });
    expect(await claimedOf(article)).toBe(1);
  });

  it('stands where they are gone, and the shop is told not to take the money', async () => {
    const article = await newArticle(1);
    const key = newKey();
    await openFor(key, article, 1, 60);
    await desk().ask({ kind: 'expire', channel: 'SE', key, version: 1 });
    await open(newKey(), { [article]: '1' });
    expect(await confirm(key)).toMatchObject({
      status: 409,
      code: 'late_confirm',
      shortages: [{ article, free: '0' }],
    });
    expect(await claimedOf(article)).toBe(1);
  });
});

describe('too many claims', () => {
  it('of one buyer are refused until one of them ends', async () => {
    const article = await newArticle(9);
    const wants = { [article]: '1' };
    const [first] = [newKey()];
    await open(first, wants, { buyer: 'b1' });
    await open(newKey(), wants, { buyer: 'b1' });
    expect(await open(newKey(), wants, { buyer: 'b1' })).toMatchObject({
      status: 429,
      code: 'claims.buyer-quota',
      retryAfter: '30',
    });
    expect(await open(newKey(), wants, { buyer: 'b2' })).toMatchObject({ status: 201 });
    await release(first);
    expect(await open(newKey(), wants, { buyer: 'b1' })).toMatchObject({ status: 201 });
  });

  it('at one moment are refused at once beyond what can wait, and the others are decided', async () => {
    const article = await newArticle(100);
    const asked = Array.from({ length: 60 }, async () => openFor(newKey(), article, 1, 60)).map((one) =>
      one.then(
        () => 'decided',
        (error: unknown) => (error instanceof AskAgain ? error.why : 'failed'),
      ),
    );
    const outcomes = await Promise.all(asked);
    expect(outcomes.filter((one) => one === 'decided')).toHaveLength(40);
    expect(outcomes.filter((one) => one === 'full')).toHaveLength(20);
    expect(await claimedOf(article)).toBe(40);
  });

  it('over HTTP are answered with 503 at once while the others wait to be decided', async () => {
    const article = await newArticle(100);
    const holder = await hold(article);
    const asked = Array.from({ length: 60 }, () => open(newKey(), { [article]: '1' }));
    const first = await Promise.race(asked);
    expect(first).toMatchObject({ status: 503, code: 'claims.busy', retryAfter: '1' });
    await holder.letGo();
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([201, 503]));
    expect(await claimedOf(article)).toBe(statuses.filter((status) => status === 201).length);
  });

  it('of one moment are decided in one transaction', async () => {
    const article = await newArticle(100);
    const keys = Array.from({ length: 30 }, newKey);
    await Promise.all(keys.map((key) => openFor(key, article, 1, 60)));
    const rows = await query('SELECT DISTINCT xmin::text FROM stock_authority.claims WHERE key = ANY($1)', [
      keys,
    ]);
    expect(rows).toHaveLength(1);
  });

  it('under one key are one, while the first is being decided and afterwards', async () => {
    const article = await newArticle(5);
    const key = newKey();
    const holder = await hold(article);
    const first = open(key, { [article]: '1' });
    await eventually(async () => {
      const again = await open(key, { [article]: '1' });
      return again.status === 409 && again;
    });
    expect(await open(key, { [article]: '2' })).toMatchObject({
      status: 409,
      code: 'claim.in-flight',
      retryAfter: '1',
    });
    await holder.letGo();
    expect(await first).toMatchObject({ status: 201 });
    expect(await open(key, { [article]: '1' })).toMatchObject({ status: 200 });
    expect(await claimedOf(article)).toBe(1);
  });

  it('under one key in two processes are one claim, and the other content is refused', async () => {
    const article = await newArticle(5);
    const key = newKey();
    const other = authority.running.app.get(DataSource).createQueryRunner();
    await other.startTransaction();
    await other.query(
      `INSERT INTO claims (channel, key, digest, needs, state, version, expires_at)
       VALUES ('SE', $1, 'of other content', '{}', 'open', 1, now() + interval '1 hour')`,
      [key],
    );
    const asked = open(key, { [article]: '1' });
    await eventually(async () => {
      const waiting = await query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return waiting.length > 0;
    });
    await other.commitTransaction();
    await other.release();
    expect(await asked).toMatchObject({ status: 409, code: 'claim.key-reused' });
    expect(await claimedOf(article)).toBe(0);
  });

  it('under one key at one moment are one claim', async () => {
    const article = await newArticle(5);
    const key = newKey();
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => open(key, { [article]: '1' })));
    expect(outcomes.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const one of outcomes) {
      if (one.status === 201) continue;
      // Either it was still being decided, or it had been.
      expect([200, 409]).toContain(one.status);
      if (one.status === 409) expect(one).toMatchObject({ code: 'claim.in-flight', retryAfter: '1' });
    }
    expect(await claimedOf(article)).toBe(1);
  });
});

describe('what cannot be a claim is refused with the field that is wrong', () => {
  const line = { article: 'A', quantity: '1' };
  const cases: [string, object, number, string][] = [
    ['no lines', { lines: [] }, 422, 'lines'],
    ['a member that nobody knows', { lines: [line], colour: 'red' }, 422, 'colour'],
    ['a hold of a second', { lines: [line], expiresInS: 1 }, 422, 'expiresInS'],
  ];
  it.each(cases)('%s', async (_name, body, status, told) => {
    const answer = await call('POST', '/claims', { channel: 'SE', ...body }, { 'idempotency-key': newKey() });
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer)).toContain(told);
  });

  it('a request without its key', async () => {
    const answer = await call('POST', '/claims', { channel: 'SE', lines: [line] });
    expect(answer).toMatchObject({ status: 422, message: expect.stringContaining('Idempotency-Key') });
  });

  it('a change of a claim that does not exist', async () => {
    expect(await confirm('never-opened')).toMatchObject({ status: 404 });
    expect(await release('never-opened')).toMatchObject({ status: 404 });
    expect(await show('never-opened')).toMatchObject({ status: 404 });
  });
});

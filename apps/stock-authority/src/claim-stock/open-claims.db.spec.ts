import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { StockObserved } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { DataSource } from 'typeorm';
import { channels } from '../testing/authority.ts';
import { stageService } from '../testing/stage.ts';
import { ClaimDesk } from './claim-desk.ts';

const TOKEN = 'a-token-of-thirty-two-characters';
const authority = stageService(
  channels.map((channel) => ({ ...channel, mode: 'claim', claimsPerBuyer: 2 })),
  { CLAIMS_WAITING_MOST: '100', CLAIMS_WAIT_MOST_MS: '20', SERVICE_TOKENS: `spec:${TOKEN}` },
);
const { onTheBus, query } = authority;
const authorization = `Bearer ${TOKEN}`;
let articles = 0;
let keys = 0;
const letGo: (() => Promise<void>)[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const one of letGo.splice(0)) await one();
  for (const socket of sockets.splice(0)) socket.destroy();
});

async function newArticle(): Promise<string> {
  const article = `ART-${++articles}`;
  const read = { article, status: 'active' as const, sellable: '1000', started: 1, ended: 2, inFlight: [] };
  await onTheBus(StockObserved.of({ ...read, at: '2026-11-24T10:00:00Z' }));
  const known = 'SELECT 1 FROM stock_authority.articles WHERE number = $1 AND sellable > 0';
  await eventually(async () => (await query(known, [article])).length > 0);
  return article;
}

/** Another process decides on the article, until the test is over or it lets go. */
async function hold(article: string): Promise<() => Promise<void>> {
  const holder = authority.running.app.get(DataSource).createQueryRunner();
  await holder.startTransaction();
  await holder.query('SELECT 1 FROM articles WHERE number = $1 FOR UPDATE', [article]);
  const end = async () => {
    letGo.splice(letGo.indexOf(end), 1);
    await holder.rollbackTransaction();
    await holder.release();
  };
  letGo.push(end);
  return end;
}

const newKey = () => `cart-${++keys}`;
const open = (article: string, headers: Record<string, string> = {}, more: object = {}) =>
  authority.call(
    'POST',
    '/claims',
    { channel: 'SE', lines: [{ article, quantity: '1' }], ...more },
    { authorization, 'idempotency-key': newKey(), ...headers },
  );

/** As many as may wait do, behind a claim that cannot be decided as somebody else decides on its article. */
async function fill(article: string) {
  const desk = authority.running.app.get(ClaimDesk);
  const end = await hold(article);
  const [key, needs] = [newKey(), new Map([[article, 1000n]])];
  const first = desk.ask({ kind: 'open', channel: 'SE', key, digest: key, needs, expiresInS: 600 });
  await Promise.resolve();
  const others = Array.from({ length: 100 }, () =>
    desk.ask({ kind: 'confirm', channel: 'SE', key: 'never-opened' }),
  );
  return { all: [first, ...others], end };
}

/** One connection on which requests are written by hand. */
async function connection() {
  const { hostname, port } = new URL(authority.running.url);
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  sockets.push(socket);
  let received = '';
  socket.on('data', (text: string) => (received += text));
  return {
    send: (text: string) => void socket.write(text),
    /** The text of the next answer, whose head ends and whose body has its length. */
    next: () =>
      eventually(() => {
        const head = received.indexOf('\r\n\r\n');
        const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? NaN);
        if (head < 0 || !(received.length >= head + 4 + length)) return undefined;
        const answer = received.slice(0, head + 4 + length);
        received = received.slice(answer.length);
        return answer;
      }),
  };
}

function headOf(body: string, more: string[] = []): string {
  return [
    'POST /claims HTTP/1.1',
    'host: authority',
    'content-type: application/json',
    `content-length: ${body.length}`,
    `authorization: ${authorization}`,
    `idempotency-key: ${newKey()}`,
    ...more,
    '\r\n',
  ].join('\r\n');
}

const bodyOf = (article: string) =>
  JSON.stringify({ channel: 'SE', lines: [{ article, quantity: '1' }], expiresInS: 600 });

describe('a new claim while as many wait as can', () => {
  it('is refused before its body is sent, and its connection stays', async () => {
    const article = await newArticle();
    const { all, end } = await fill(article);
    const { send, next } = await connection();
    const body = bodyOf(article);
    send(headOf(body));
    const refusal = await next();
    expect(refusal).toMatch(/^HTTP\/1.1 503 /);
    expect(refusal).toMatch(/^retry-after: 1\r$/im);
    expect(refusal).toContain('"code":"claims.busy"');
    expect(refusal).not.toMatch(/^connection: close/im);
    await end();
    await Promise.all(all);
    send(body + headOf(body) + body);
    expect(await next()).toMatch(/^HTTP\/1.1 201 /);
    const [row] = await query<{ claimed: string }>(
      'SELECT claimed FROM stock_authority.articles WHERE number = $1',
      [article],
    );
    expect(row?.claimed).toBe('2000');
  });

  it('is told first that it has no right to ask', async () => {
    const article = await newArticle();
    await fill(article);
    expect(await open(article, { authorization: 'Bearer of-nothing' })).toMatchObject({ status: 401 });
    expect(await open(article)).toMatchObject({ status: 503, retryAfter: '1' });
  });
});

describe('a rush for one article', () => {
  it('keeps no buyer of another one waiting', async () => {
    const [hot, other] = [await newArticle(), await newArticle()];
    const rush = () => Promise.all(Array.from({ length: 60 }, () => open(hot)));
    await eventually(async () => (await rush()).some(({ status }) => status === 503));
    const end = await hold(hot);
    const waiting = [open(hot), open(hot)];
    expect(await open(other)).toMatchObject({ status: 201 });
    const key = newKey();
    expect(await open(other, { 'idempotency-key': key })).toMatchObject({ status: 201 });
    expect(
      await authority.call('PUT', `/claims/${key}`, { channel: 'SE', state: 'confirmed' }, { authorization }),
    ).toMatchObject({ status: 200, state: 'confirmed' });
    await end();
    for (const one of await Promise.all(waiting)) expect(one).toMatchObject({ status: 201 });
  });

  it('counts the claims of one buyer one after another, whatever they are for', async () => {
    const [hot, other] = [await newArticle(), await newArticle()];
    const rush = () => Promise.all(Array.from({ length: 60 }, () => open(hot)));
    await eventually(async () => (await rush()).some(({ status }) => status === 503));
    const buyer = 'b-of-two';
    const asked = await Promise.all([hot, other, hot, other].map((article) => open(article, {}, { buyer })));
    expect(asked.map(({ status }) => status).toSorted()).toEqual([201, 201, 429, 429]);
  });
});

describe('what is no request for a claim', () => {
  const ask = (body: string, type = 'application/json') =>
    fetch(`${authority.running.url}/claims`, {
      method: 'POST',
      body,
      headers: { authorization, 'content-type': type, 'idempotency-key': newKey() },
    });

  it.each([
    ['that is not JSON', '{', 'application/json', 400],
    ['in another form', '<claim/>', 'application/xml', 415],
    ['that is too large', JSON.stringify({ channel: 'x'.repeat(3_000_000) }), 'application/json', 413],
    ['of nothing', 'null', 'application/json', 422],
    ['with lines of nothing', '{"lines":[null,{"article":{"toString":1}}]}', 'application/json', 422],
  ])('is refused: a body %s', async (_name, body, type, status) => {
    const answer = await ask(body, type);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ message: expect.stringMatching(/./) });
  });
});

import { describe, expect, it } from '@jest/globals';
import { ArticlePublished, type DataOf, type Event, OrderPlaced, StockObserved } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { channels, orderOf } from './testing/authority.ts';
import { stageService } from './testing/stage.ts';

// Each kind of bad input, for orders from the bus and for claims by HTTP: README.md has the list.
const list = channels.map((one) => ({ ...one, mode: 'claim', articleMaster: one.code === 'ERP' }));
const { call, ask, onTheBus, query } = stageService(list, { WAREHOUSE: 'GBG' });

const at = '2026-11-24T10:00:00Z';
let numbers = 0;
let step = 0;

type Line = Record<string, unknown>;

/** An order as it stands on the bus, whoever wrote it there. */
async function place(lines: Line[], more: object = {}): Promise<string> {
  const number = `${++numbers}-SE`;
  const data = {
    ...orderOf(number, 'A:1'),
    lines: lines.map((line, index) => ({ row: `${index}`, ...line })),
  };
  const { type, topic } = OrderPlaced;
  const event: Event = { type, topic: topic.name, key: number, channel: 'SE', data: { ...data, ...more } };
  await onTheBus(event);
  return number;
}

const claim = (lines: Line[], more: object = {}) =>
  call('POST', '/claims', { channel: 'SE', lines, ...more }, { 'idempotency-key': `cart-${++numbers}` });

interface Letter {
  key: string;
  code: string;
  reason: string;
}
const parked = (number: string) =>
  eventually(async () => {
    const { body } = await ask('GET', '/ops/dead-letters');
    return (body as unknown as Letter[]).find((letter) => letter.key === number);
  });
const stateOf = async (number: string) => {
  const [row] = await query<{ state: string }>('SELECT state FROM stock_authority.orders WHERE number = $1', [
    number,
  ]);
  return row?.state;
};

async function observe(articles: string[], pieces: number, more: object = {}): Promise<void> {
  step += 2;
  const read = {
    status: 'active' as const,
    sellable: `${pieces}`,
    started: step,
    ended: step + 1,
    inFlight: [],
    at,
  };
  await onTheBus(...articles.map((article) => StockObserved.of({ article, ...read, ...more })));
  await eventually(
    async () => (await call('GET', `/ops/articles/${articles.at(-1)}`)).sellable === `${pieces}`,
  );
}

const publish = (article: DataOf<typeof ArticlePublished>['article'], channel = 'ERP') =>
  onTheBus(ArticlePublished.of({ channel, article }));

describe('a quantity', () => {
  it.each<[string, unknown]>([
    ['below zero', '-1'],
    ['of nothing', '0'],
    ['of nothing with digits', '0.000'],
    ['of a ten-thousandth', '0.0001'],
    ['with an exponent', '1e3'],
    ['that is a JSON number', 1],
    ['that is none', 'two'],
    ['that is left out', undefined],
  ])('%s is refused with its field', async (_, quantity) => {
    const letter = await parked(await place([{ article: 'A', quantity }]));
    expect(letter).toMatchObject({ code: 'message.invalid' });
    expect(letter.reason).toContain('data.lines.0.quantity');
    const answer = await claim([{ article: 'A', quantity }]);
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer)).toContain('lines.0.quantity');
  });

  it('of more pieces than can be counted is refused', async () => {
    const lines = [1, 2].map(() => ({ article: 'A', quantity: '999999999' }));
    expect(await parked(await place(lines))).toMatchObject({ code: 'order.quantity-too-large' });
    expect(await claim(lines)).toMatchObject({ status: 422, code: 'claim.quantity-too-large' });
  });

  it('that is a fraction is refused where the article master says that only whole pieces are sold', async () => {
    await observe(['CUP', 'ROPE'], 10);
    await publish({ number: 'CUP', wholePieces: true });
    await publish({ number: 'ROPE', wholePieces: true }, 'EU');
    const half = (article: string) => [{ article, quantity: '0.5' }];
    const letter = await parked(await place(half('CUP')));
    expect(letter).toMatchObject({ code: 'order.fraction' });
    expect(letter.reason).toContain('row 0, wants 0.5 of CUP');
    expect(await claim(half('CUP'))).toMatchObject({ status: 422, code: 'claim.fraction' });
    const rope = await place(half('ROPE'));
    await eventually(async () => (await stateOf(rope)) === 'reserved');
    expect(await claim(half('ROPE'))).toMatchObject({ status: 201 });
    await publish({ number: 'CUP', wholePieces: false });
    await eventually(async () => (await claim(half('CUP'))).status === 201);
  });
});

describe('an article or a channel that nobody knows', () => {
  it('is held as unknown, and claims nothing', async () => {
    const number = await place([{ article: 'NO-SUCH', quantity: '1' }]);
    await eventually(async () => (await stateOf(number)) === 'held');
    const { body } = await ask('GET', '/ops/orders?state=held');
    expect(JSON.stringify(body)).toContain('the warehouse does not know NO-SUCH');
    expect(await claim([{ article: 'NO-SUCH', quantity: '1' }])).toMatchObject({
      status: 409,
      code: 'claim.short',
      shortages: [{ article: 'NO-SUCH', reason: 'unknown-article' }],
    });
  });

  it('is refused with the list where it has to stand', async () => {
    const number = `${++numbers}-XX`;
    await onTheBus(OrderPlaced.of(orderOf(number, 'A:1')));
    const letter = await parked(number);
    expect(letter).toMatchObject({ code: 'channel.unknown' });
    expect(letter.reason).toContain('channels.json');
    const answer = await claim([{ article: 'A', quantity: '1' }], { channel: 'XX' });
    expect(answer).toMatchObject({ status: 404, message: expect.stringContaining('channels.json') });
  });
});

describe('lines', () => {
  it('under one row are refused, and of one article are added up', async () => {
    const twice = [1, 2].map(() => ({ row: '1', article: 'A', quantity: '1' }));
    const letter = await parked(await place(twice));
    expect(letter.reason).toContain('two lines with the same row');
    expect(await claim(twice)).toMatchObject({ status: 422 });
    await observe(['TWICE'], 3);
    const lines = [1, 2].map(() => ({ article: 'TWICE', quantity: '2' }));
    const number = await place(lines);
    await eventually(async () => (await stateOf(number)) === 'held');
    await observe(['TWICE'], 7);
    await eventually(async () => (await stateOf(number)) === 'reserved');
    expect(await claim(lines)).toMatchObject({ status: 409, shortages: [{ wanted: '4', free: '3' }] });
  });

  it('ten thousand are one order within seconds; more lines or bytes than a message takes are refused', async () => {
    const lines = (articles: number) =>
      Array.from({ length: 10_000 }, (_, index) => ({ article: `P${index % articles}`, quantity: '1' }));
    const articles = Array.from({ length: 2_000 }, (_, index) => `P${index}`);
    await observe(articles, 5);
    const began = performance.now();
    const number = await place(lines(2_000));
    await eventually(async () => (await stateOf(number)) === 'reserved');
    process.stderr.write(`bad-input.spec: 10,000 lines in ${Math.round(performance.now() - began)} ms\n`);
    expect(await parked(await place(lines(10_000)))).toMatchObject({ code: 'order.too-large' });
    const oneMore = [...lines(10), { article: 'P0', quantity: '1' }];
    expect(await parked(await place(oneMore))).toMatchObject({ code: 'message.invalid' });
    const answer = await claim(lines(2_000));
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer)).toContain('at most 200');
  });

  it('of another warehouse are refused, and of the one in use are those that name none', async () => {
    await observe(['W'], 5);
    const wants = (warehouse: string) => [{ article: 'W', warehouse, quantity: '2' }];
    const letter = await parked(await place(wants('STO')));
    expect(letter).toMatchObject({ code: 'warehouse.other' });
    expect(letter.reason).toContain('row 0, names warehouse STO, but only pieces of warehouse GBG');
    expect(await claim(wants('STO'))).toMatchObject({ status: 422, code: 'warehouse.other' });
    const number = await place(wants('GBG'));
    await eventually(async () => (await stateOf(number)) === 'reserved');
    expect(await claim(wants('GBG'))).toMatchObject({ status: 201 });
    expect(await call('GET', '/ops/articles/W')).toMatchObject({ free: '3', claimed: '2' });
  });
});

describe('rules of an article', () => {
  const set = (version: number | undefined, safety: string) =>
    call('PUT', '/ops/articles/R/rules', { author: 'Anna', reason: 'sells too closely', version, safety });

  it('that were looked at before others were set are refused', async () => {
    await observe(['R'], 5);
    expect(await call('GET', '/ops/articles/R/rules')).toMatchObject({ version: 0, safety: '0' });
    expect(await set(0, '1')).toMatchObject({ status: 200, version: 1, safety: '1' });
    expect(await set(0, '3')).toMatchObject({ status: 409, code: 'rules.outdated' });
    expect(await set(1, '2')).toMatchObject({ status: 200, version: 2 });
    expect(await set(undefined, '0')).toMatchObject({ status: 200, version: 3, safety: '0' });
    expect(await set(0, '-1')).toMatchObject({ status: 422 });
  });

  it('are refused where more is kept for a channel than it may show', async () => {
    await observe(['POOLED'], 5);
    const put = (pool: string) =>
      call('PUT', '/ops/articles/POOLED/rules', {
        author: 'Anna',
        reason: 'for the fair',
        channels: { SE: { pool, cap: '2' } },
      });
    expect(await put('3')).toMatchObject({
      status: 422,
      code: 'rules.pool-above-cap',
      message: expect.stringContaining('SE'),
    });
    expect(await put('2')).toMatchObject({ status: 200, version: 1 });
  });
});

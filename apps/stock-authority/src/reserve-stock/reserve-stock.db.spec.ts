import { describe, expect, it } from '@jest/globals';
import { ReserveStock } from './reserve-stock.handler.ts';
import { cancelRequested, observed, orderOf, placed, told } from '../testing/authority.ts';
import { verify } from '../verify/verify.ts';
import { stageAuthority } from '../testing/stage.ts';

const authority = stageAuthority();

/** Articles with this many pieces, as a first read says. */
const stocked = (pieces: Record<string, number>) =>
  authority.stock(...Object.entries(pieces).map(([article, count]) => observed(article, count, [1, 2])));

const articles = (stem: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${stem}-${index}:1`).join(' ');

const data = (events: readonly { type: string; data: unknown }[], type: string) =>
  events.filter((event) => event.type === type).map((event) => event.data);

describe('an order', () => {
  it('is reserved whole, and says from which level on its pieces are not contained', async () => {
    await stocked({ A: 5, B: 3 });
    const events = await authority.orders(placed('1-SE', 'A:2 B:1'));
    expect(told(events)).toEqual(['order.reserved 1-SE']);
    const [reserved] = data(events, 'order.reserved') as { order: unknown; counted: unknown }[];
    expect(events.find(({ type }) => type === 'order.reserved')?.text).toBe(JSON.stringify(reserved));
    expect(reserved?.order).toEqual(orderOf('1-SE', 'A:2 B:1'));
    expect(reserved?.counted).toEqual([
      { article: 'A', version: 2 },
      { article: 'B', version: 2 },
    ]);
    expect(authority.level('A')).toEqual({
      version: 2,
      free: '3',
      reserved: '2',
      shops: { SE: '3', EU: '1', ERP: '3' },
    });
  });

  it('sums the lines of one article', async () => {
    await stocked({ A: 3 });
    expect(told(await authority.orders(placed('1-SE', 'A:2 A:2')))).toEqual(['order.short 1-SE']);
    expect(told(await authority.orders(placed('2-ERP', 'A:1 A:1')))).toEqual(['order.short 2-ERP']);
    expect(authority.level('A').free).toBe('3');
  });

  it('reserves all lines or none, and names every shortage', async () => {
    await stocked({ A: 5, B: 1 });
    await authority.stock(observed('C', 9, [3, 4], { status: 'inactive' }));
    const events = await authority.orders(placed('1-SE', 'A:2 B:3 C:1 X:1'));
    expect(data(events, 'order.short')).toEqual([
      {
        number: '1-SE',
        channel: 'SE',
        revision: 1,
        outcome: 'held',
        // What a queued order wants is offered to nobody. What the warehouse has never told of has no level.
        counted: ['A', 'B', 'C'].map((article) => ({ article, version: 2 })),
        shortages: [
          { article: 'B', reason: 'stock', wanted: '3', missing: '2' },
          { article: 'C', reason: 'inactive', wanted: '1', missing: '1' },
          { article: 'X', reason: 'unknown-article', wanted: '1', missing: '1' },
        ],
      },
    ]);
    expect(await authority.query('SELECT * FROM revisions')).toEqual([]);
  });

  it('reserves nothing for lines that are not picked, nor for articles without stock of their own', async () => {
    await stocked({ A: 1 });
    await authority.stock(observed('GIFT-WRAP', 0, [3, 4], { status: 'not-stocked' }));
    const events = await authority.orders(placed('1-SE', 'A:1 FREIGHT:1! GIFT-WRAP:1'));
    expect(told(events)).toEqual(['order.reserved 1-SE']);
    expect(await authority.query('SELECT number FROM articles ORDER BY 1')).toEqual([
      { number: 'A' },
      { number: 'GIFT-WRAP' },
    ]);
  });

  it('goes through where nothing of it is picked', async () => {
    expect(told(await authority.orders(placed('1-SE', 'FREIGHT:1!')))).toEqual(['order.reserved 1-SE']);
    expect(told(await authority.orders(cancelRequested('1-SE')))).toEqual(['order.cancel-forwarded 1-SE']);
  });

  it('counts thousandths', async () => {
    await stocked({ A: 1 });
    const events = await authority.orders(placed('1-SE', 'A:0.999'), placed('2-SE', 'A:0.002'));
    expect(told(events)).toEqual(['order.reserved 1-SE', 'order.short 2-SE']);
    expect(authority.level('A').free).toBe('0.001');
  });

  it('is rejected at once where its channel says so, which frees it for the next', async () => {
    await stocked({ A: 2 });
    const events = await authority.orders(placed('1-EU', 'A:3'), placed('2-SE', 'A:2'));
    expect(told(events)).toEqual(['order.short 1-EU', 'order.rejected 1-EU', 'order.reserved 2-SE']);
  });

  it('is held for an unknown article whatever the policy', async () => {
    const events = await authority.orders(placed('1-EU', 'X:1'));
    expect(data(events, 'order.short')).toMatchObject([{ outcome: 'held' }]);
  });

  it('does not overtake an older order that is held for the same article', async () => {
    await stocked({ A: 3 });
    await authority.orders(placed('1-SE', 'A:5'));
    expect(told(await authority.orders(placed('2-SE', 'A:1')))).toEqual(['order.short 2-SE']);
    expect(authority.level('A').shops).toEqual({ SE: '0', EU: '0', ERP: '0' });
  });

  it('comes once, however often it is delivered, also under another message id', async () => {
    await stocked({ A: 5 });
    await authority.orders(placed('1-SE', 'A:2'), placed('1-SE', 'A:2'));
    expect(await authority.orders(placed('1-SE', 'A:2'))).toEqual([]);
    expect(authority.level('A').free).toBe('3');
  });

  it('comes once though its members are in another order and its digest was made in another way', async () => {
    await stocked({ A: 5 });
    await authority.orders(placed('1-SE', 'A:2'));
    const again = placed('1-SE', 'A:2');
    const turned = Object.fromEntries(Object.entries(again.data).toReversed());
    expect(await authority.orders({ ...again, data: turned, text: JSON.stringify(turned) })).toEqual([]);
    await authority.query("UPDATE orders SET digest = 'of before'");
    expect(await authority.orders(placed('1-SE', 'A:2'))).toEqual([]);
    await expect(authority.orders(placed('1-SE', 'A:3'))).rejects.toMatchObject({ code: 'order.differs' });
    expect(authority.level('A').free).toBe('3');
  });

  it('is parked where its number is known with other content', async () => {
    await stocked({ A: 5 });
    await authority.orders(placed('1-SE', 'A:2'));
    await expect(authority.orders(placed('1-SE', 'A:3'))).rejects.toMatchObject({ code: 'order.differs' });
  });

  it.each([
    ['of a channel that is not in channels.json', 'channel.unknown', () => placed('1-XX', 'A:1')],
    [
      'of more pieces than can be counted',
      'order.quantity-too-large',
      () => placed('1-SE', 'A:999999999 A:2'),
    ],
    [
      'too large to be sent on',
      'order.too-large',
      () => placed('1-SE', articles('LONG-ARTICLE-NUMBER', 10_000)),
    ],
  ])('%s is parked with a reason', async (_what, code, bad) => {
    await expect(authority.orders(bad())).rejects.toMatchObject({ code });
  });

  it('cannot be cancelled by another channel', async () => {
    const cancel = cancelRequested('1-SE');
    const foreign = { ...cancel, data: { ...cancel.data, channel: 'EU' } };
    await expect(authority.orders(foreign)).rejects.toMatchObject({
      code: 'order.number-of-another-channel',
    });
  });

  it('of 10,000 lines is reserved', async () => {
    await stocked({ A: 10_000 });
    const lines = Array.from({ length: 10_000 }, () => 'A:1').join(' ');
    expect(told(await authority.orders(placed('1-SE', lines)))).toEqual(['order.reserved 1-SE']);
    expect(authority.level('A').free).toBe('0');
  });

  it('leaves nothing behind when the transaction fails after it was decided', async () => {
    await stocked({ A: 5 });
    const before = await authority.query('SELECT * FROM articles');
    const crash = authority.source.transaction(async (tx) => {
      await new ReserveStock(authority.terms).onOrders([placed('1-SE', 'A:2')], tx);
      throw new Error('the process was killed here');
    });
    await expect(crash).rejects.toThrow('killed');
    expect(await authority.query('SELECT * FROM articles')).toEqual(before);
    expect(await authority.states()).toEqual({});
    expect(told(await authority.orders(placed('1-SE', 'A:2')))).toEqual(['order.reserved 1-SE']);
  });
});

describe('a cancel', () => {
  it('of a reserved order goes on to the warehouse, once, and releases nothing yet', async () => {
    await stocked({ A: 5 });
    await authority.orders(placed('1-SE', 'A:2'));
    const events = await authority.orders(cancelRequested('1-SE'), cancelRequested('1-SE', 3));
    expect(told(events)).toEqual(['order.cancel-forwarded 1-SE']);
    expect(data(events, 'order.cancel-forwarded')).toMatchObject([{ revision: 2 }]);
    expect(authority.level('A').free).toBe('3');
  });

  it('of a held order ends it, and its pieces go to the next in the queue', async () => {
    await stocked({ A: 3 });
    await authority.orders(placed('1-SE', 'A:5'), placed('2-SE', 'A:3'));
    const events = await authority.orders(cancelRequested('1-SE'));
    expect(told(events)).toEqual(['order.released 1-SE', 'order.reserved 2-SE']);
    expect(await authority.states()).toEqual({ '1-SE': 'cancelled', '2-SE': 'reserved' });
    expect(await authority.orders(cancelRequested('1-SE'))).toEqual([]);
  });

  it('in the same batch as its held order lets the next one through', async () => {
    await stocked({ A: 3 });
    const events = await authority.orders(
      placed('1-SE', 'A:5'),
      placed('2-SE', 'A:3'),
      cancelRequested('1-SE'),
    );
    expect(told(events)).toEqual([
      'order.short 1-SE',
      'order.short 2-SE',
      'order.released 1-SE',
      'order.reserved 2-SE',
    ]);
  });

  it('that comes before its order is remembered: the order is never reserved', async () => {
    await stocked({ A: 5 });
    expect(await authority.orders(cancelRequested('1-SE'))).toEqual([]);
    const events = await authority.orders(placed('1-SE', 'A:2'));
    expect(data(events, 'order.released')).toEqual([
      { number: '1-SE', channel: 'SE', revision: 2, cause: 'cancelled-before-wms' },
    ]);
    expect(await authority.orders(placed('1-SE', 'A:2'))).toEqual([]);
    expect(authority.level('A').free).toBe('5');
  });

  it('that comes before its order gives back what its buyer had claimed, to who waits for it', async () => {
    await stocked({ A: 2 });
    const needs = new Map([['A', 2000n]]);
    const expiresAt = new Date(Date.now() + 60_000);
    await authority.claims({ kind: 'open', channel: 'SE', key: 'basket', digest: '', needs, expiresAt });
    await authority.claims({ kind: 'confirm', channel: 'SE', key: 'basket' });
    expect(told(await authority.orders(placed('2-SE', 'A:2')))).toEqual(['order.short 2-SE']);
    await authority.orders(cancelRequested('1-SE'));
    const order = placed('1-SE', 'A:2');
    const events = await authority.orders({ ...order, data: { ...order.data, claimKey: 'basket' } });
    expect(told(events)).toEqual(['order.released 1-SE', 'order.reserved 2-SE']);
    expect(await authority.query('SELECT state FROM claims')).toEqual([{ state: 'released' }]);
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { OrderAccepted, OrderCancelled, OrderCancelRefused, OrderRefused } from '@samlast/contracts';
import { cancelRequested, lineAccepted, message, observed, placed, told } from '../testing/authority.ts';
import { stageAuthority } from '../testing/stage.ts';

const authority = stageAuthority();

const ofSe = { number: '1-SE', channel: 'SE', revision: 1 };
const flying = (number: string, revision = 1) => ({ inFlight: [{ number, revision }] });
const figures = async (article: string) => {
  const [row] = await authority.query<{ low: string; high: string }>(
    'SELECT sellable - taken_low AS low, sellable - taken_high AS high FROM articles WHERE number = $1',
    [article],
  );
  return [Number(row?.low) / 1000, Number(row?.high) / 1000];
};

describe('a read', () => {
  it('gives every channel a level when the article is first seen', async () => {
    await authority.stock(observed('A', 5, [1, 2]));
    expect(authority.level('A')).toMatchObject({ version: 1, shops: { SE: '5', EU: '3', ERP: '5' } });
  });

  it('is published only where a figure changed, once per batch, under a rising version', async () => {
    await authority.stock(observed('A', 5, [1, 2]), observed('A', 6, [3, 4]), observed('A', 7, [5, 6]));
    expect(authority.published).toHaveLength(1);
    expect(await authority.stock(observed('A', 7, [7, 8]))).toEqual([]);
    await authority.stock(observed('A', 6, [9, 10]));
    expect(authority.level('A')).toMatchObject({ version: 2, free: '6' });
  });

  it('never replaces a newer one', async () => {
    await authority.stock(observed('A', 5, [10, 20]));
    expect(await authority.stock(observed('A', 9, [5, 30]))).toEqual([]);
    expect(await authority.stock(observed('A', 9, [10, 20]))).toEqual([]);
    expect(authority.level('A').free).toBe('5');
  });

  it('that ended before it started is parked with a reason', async () => {
    await expect(authority.stock(observed('A', 5, [10, 9]))).rejects.toMatchObject({
      code: 'stock.read-backwards',
    });
  });

  it('of another warehouse than the one in use is parked with a reason', async () => {
    const read = observed('A', 5, [1, 2], { warehouse: 'STO' });
    await expect(authority.stock(read)).rejects.toMatchObject({ code: 'warehouse.other' });
  });

  it('below zero is kept as it is, and shown as 0', async () => {
    await authority.stock(observed('A', -3, [1, 2]));
    expect(authority.level('A')).toMatchObject({ free: '-3', shops: { SE: '0', EU: '0', ERP: '0' } });
  });

  it('of an inactive article shows nothing', async () => {
    await authority.stock(observed('A', 5, [1, 2]));
    await authority.stock(observed('A', 5, [3, 4], { status: 'inactive' }));
    expect(authority.level('A')).toMatchObject({
      version: 2,
      free: '5',
      shops: { SE: '0', EU: '0', ERP: '0' },
    });
  });

  it('subtracts an order until it began after the order was accepted', async () => {
    await authority.stock(observed('A', 5, [1, 2]));
    await authority.orders(placed('1-SE', 'A:2'));
    await authority.stock(observed('A', 5, [3, 6], flying('1-SE')), lineAccepted('1-SE', '2 A', [4, 7]));
    expect(await figures('A')).toEqual([3, 5]);
    await authority.stock(observed('A', 3, [8, 9]));
    expect(await figures('A')).toEqual([3, 3]);
    expect(authority.level('A')).toMatchObject({ version: 2, free: '3' });
    expect(await authority.query('SELECT * FROM revisions WHERE open')).toEqual([]);
  });
});

describe('the queue', () => {
  it('waits where a piece may have been subtracted twice, asks for a read, and goes on with it', async () => {
    await authority.stock(observed('A', 5, [1, 2]));
    await authority.orders(placed('1-SE', 'A:2'));
    await authority.stock(observed('A', 3, [3, 6], flying('1-SE')));
    const events = await authority.orders(
      placed('2-SE', 'A:3'),
      placed('3-EU', 'A:1'),
      placed('4-SE', 'A:9'),
    );
    expect(told(events)).toEqual([
      'order.waiting 2-SE',
      'order.short 3-EU',
      'order.rejected 3-EU',
      'order.short 4-SE',
    ]);
    expect(told(await authority.stock(lineAccepted('1-SE', '2 A', [4, 7])))).toEqual(['order.waiting 2-SE']);
    expect(told(await authority.stock(observed('A', 3, [8, 9])))).toEqual(['order.reserved 2-SE']);
    expect(await authority.states()).toMatchObject({ '2-SE': 'reserved', '4-SE': 'held' });
  });

  it('rejects a waiting order of such a channel when the read shows that it is short', async () => {
    await authority.stock(observed('A', 5, [1, 2]));
    await authority.orders(placed('1-SE', 'A:2'));
    await authority.stock(observed('A', 5, [3, 6], flying('1-SE')));
    expect(told(await authority.orders(placed('2-EU', 'A:4'), placed('3-SE', 'A:3')))).toEqual([
      'order.waiting 2-EU',
      'order.waiting 3-SE',
    ]);
    expect(
      told(await authority.stock(lineAccepted('1-SE', '2 A', [4, 7]), observed('A', 3, [8, 9]))),
    ).toEqual(['order.short 2-EU', 'order.rejected 2-EU', 'order.released 2-EU', 'order.reserved 3-SE']);
  });

  it('gets arriving pieces before anybody else, oldest first and each order whole', async () => {
    await authority.stock(observed('A', 1, [1, 2]), observed('B', 5, [1, 2]));
    await authority.orders(placed('1-SE', 'A:3 B:1'), placed('2-ERP', 'A:2'), placed('3-SE', 'B:4'));
    expect(await authority.states()).toEqual({ '1-SE': 'held', '2-ERP': 'held', '3-SE': 'reserved' });
    expect(told(await authority.stock(observed('A', 4, [3, 4])))).toEqual(['order.reserved 1-SE']);
    expect(authority.level('A')).toMatchObject({ free: '1', shops: { SE: '0' } });
    expect(told(await authority.stock(observed('A', 5, [5, 6])))).toEqual(['order.reserved 2-ERP']);
  });

  it('decides an order by itself when its article becomes known, by its channel’s policy', async () => {
    await authority.orders(placed('1-SE', 'X:1'), placed('2-EU', 'X:1'));
    expect(told(await authority.stock(observed('X', 1, [1, 2])))).toEqual([
      'order.reserved 1-SE',
      'order.short 2-EU',
      'order.rejected 2-EU',
      'order.released 2-EU',
    ]);
  });

  it('says anew why an order is held only when the reason is another one', async () => {
    await authority.orders(placed('1-SE', 'X:3'));
    const events = await authority.stock(observed('X', 1, [1, 2]));
    expect(told(events)).toEqual(['order.short 1-SE']);
    expect(told(await authority.stock(observed('X', 2, [3, 4])))).toEqual([]);
    expect(await authority.query('SELECT shortages FROM orders')).toEqual([
      { shortages: [{ article: 'X', reason: 'stock', wanted: '3', missing: '1' }] },
    ]);
  });
});

describe('an answer of the warehouse', () => {
  const steps = { sent: 3, accepted: 4 };
  const lines = [{ row: '1', article: 'A', quantity: '2' }];

  beforeEach(async () => {
    await authority.stock(observed('A', 5, [1, 2]));
    await authority.orders(placed('1-SE', 'A:2'));
  });

  it('counts the same on either topic, in any order and however often', async () => {
    const accepted = message(OrderAccepted, { ...ofSe, ...steps, lines });
    await authority.answers(accepted, accepted);
    await authority.stock(lineAccepted('1-SE', '2 A', [3, 4]), observed('A', 3, [5, 6]));
    await authority.answers(accepted);
    await authority.stock(lineAccepted('1-SE', '2 A', [30, 40]));
    expect(await figures('A')).toEqual([3, 3]);
  });

  it('to a cancel releases the order once, and its pieces with the next read', async () => {
    await authority.stock(lineAccepted('1-SE', '2 A', [3, 4]), observed('A', 3, [5, 6]));
    await authority.orders(cancelRequested('1-SE'));
    const cancelled = message(OrderCancelled, { ...ofSe, revision: 2, sent: 7, accepted: 8, by: 'channel' });
    expect(told(await authority.answers(cancelled, cancelled))).toEqual(['order.released 1-SE']);
    expect(await figures('A')).toEqual([3, 5]);
    expect(told(await authority.orders(placed('2-SE', 'A:4')))).toEqual(['order.waiting 2-SE']);
    expect(told(await authority.stock(observed('A', 5, [9, 10])))).toEqual(['order.reserved 2-SE']);
  });

  it('to a cancel of an order that was never sent releases its pieces at once', async () => {
    await authority.orders(cancelRequested('1-SE'));
    await authority.answers(
      message(OrderCancelled, { ...ofSe, revision: 2, sent: 5, accepted: 5, by: 'channel' }),
    );
    expect(await figures('A')).toEqual([5, 5]);
    expect(authority.level('A').free).toBe('5');
  });

  it('that it cancelled the order by itself releases it too', async () => {
    await authority.stock(lineAccepted('1-SE', '2 A', [3, 4]), observed('A', 3, [5, 6]));
    await authority.stock(lineAccepted('1-SE', '0 A', [7, 8]));
    const cancelled = message(OrderCancelled, { ...ofSe, sent: 7, accepted: 8, by: 'warehouse' });
    expect(told(await authority.answers(cancelled))).toEqual(['order.released 1-SE']);
    await authority.stock(observed('A', 5, [9, 10]));
    expect([await figures('A'), await authority.states()]).toEqual([[5, 5], { '1-SE': 'cancelled' }]);
  });

  it('that refuses a cancel leaves the order as it is, and the shop may ask again', async () => {
    await authority.stock(lineAccepted('1-SE', '2 A', [3, 4]), observed('A', 3, [5, 6]));
    await authority.orders(cancelRequested('1-SE'));
    await authority.answers(message(OrderCancelRefused, { ...ofSe, revision: 2, reason: 'too-late' }));
    expect(await figures('A')).toEqual([3, 3]);
    expect(await authority.states()).toEqual({ '1-SE': 'reserved' });
    expect(told(await authority.orders(cancelRequested('1-SE', 3)))).toEqual(['order.cancel-forwarded 1-SE']);
  });

  it('that refuses the order keeps its pieces until a person decides', async () => {
    expect(await authority.answers(message(OrderRefused, { ...ofSe, reason: 'wms', text: 'no' }))).toEqual(
      [],
    );
    await authority.stock(observed('A', 5, [9, 10]));
    expect([await figures('A'), await authority.states()]).toEqual([[3, 3], { '1-SE': 'refused' }]);
  });

  it('that refuses the order ends the doubt whether a read contains it', async () => {
    await authority.stock(observed('A', 5, [3, 6], flying('1-SE')));
    expect(told(await authority.orders(placed('2-SE', 'A:4')))).toEqual(['order.waiting 2-SE']);
    const events = await authority.answers(message(OrderRefused, { ...ofSe, reason: 'wms' }));
    expect(told(events)).toEqual(['order.short 2-SE']);
    expect(await figures('A')).toEqual([3, 3]);
  });

  it('about an order that is not known here changes nothing', async () => {
    const foreign = { number: '9-SE', channel: 'SE', revision: 1 };
    expect(await authority.answers(message(OrderAccepted, { ...foreign, ...steps, lines }))).toEqual([]);
    expect(await authority.stock(lineAccepted('9-SE', '2 A', [3, 4]))).toEqual([]);
    expect(await figures('A')).toEqual([3, 3]);
  });
});

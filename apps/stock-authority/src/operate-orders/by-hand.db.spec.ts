import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OrderRefused } from '@samlast/contracts';
import { testDatabase, type TestDatabase } from '@samlast/test-stack';
import { closeBook, openBook } from '../tables/open-book.ts';
import { Authority, message, observed, orderOf, placed, told } from '../testing/authority.ts';
import { rejectByHand, releaseByHand } from './by-hand.ts';

let database: TestDatabase;
let authority: Authority;

beforeAll(async () => {
  database = await testDatabase();
  authority = await Authority.on(database.url);
});
afterAll(async () => {
  await authority.source.destroy();
  await database.drop();
});
beforeEach(async () => {
  await authority.empty();
  await authority.stock(observed('A', 3, [1, 2]));
});

const by = { author: 'Anna', reason: 'counted on the shelf' };
const command = (work: typeof releaseByHand, number: string) =>
  authority.run(async (tx) => {
    const terms = await authority.terms.at(tx);
    const book = await openBook(tx, terms, { orders: [number], releasing: [number] });
    work(book, number, by);
    return closeBook(tx, book);
  });

describe('a person', () => {
  it('releases a held order whole, whatever is free, and its pieces count from the next level on', async () => {
    await authority.orders(placed('1-SE', 'A:5'));
    const events = await command(releaseByHand, '1-SE');
    expect(events[0]).toMatchObject({
      type: 'order.reserved',
      data: { order: orderOf('1-SE', 'A:5'), counted: [{ article: 'A', version: 3 }] },
    });
    expect(authority.level('A')).toMatchObject({ version: 3, free: '-2', shops: { SE: '0' } });
  });

  it('rejects a held order, whose pieces go to the next in the queue', async () => {
    await authority.orders(placed('1-SE', 'A:5'), placed('2-SE', 'A:3'));
    const events = await command(rejectByHand, '1-SE');
    expect(told(events)).toEqual(['order.rejected 1-SE', 'order.released 1-SE', 'order.reserved 2-SE']);
    expect(events[0]?.data).toMatchObject({ by: 'Anna', reason: 'counted on the shelf' });
  });

  it('rejects an order that the warehouse refused, which gives its pieces back at once', async () => {
    await authority.orders(placed('1-SE', 'A:2'));
    await authority.answers(
      message(OrderRefused, { number: '1-SE', channel: 'SE', revision: 1, reason: 'wms' }),
    );
    expect(authority.level('A').free).toBe('1');
    expect(told(await command(rejectByHand, '1-SE'))).toEqual(['order.rejected 1-SE', 'order.released 1-SE']);
    expect(authority.level('A').free).toBe('3');
  });

  it.each([releaseByHand, rejectByHand])(
    'is told why an order that is on its way cannot be decided: %p',
    async (work) => {
      await authority.orders(placed('1-SE', 'A:2'));
      await expect(command(work, '1-SE')).rejects.toMatchObject({ code: 'order.state' });
      await expect(command(work, '9-SE')).rejects.toMatchObject({ code: 'order.unknown' });
    },
  );
});

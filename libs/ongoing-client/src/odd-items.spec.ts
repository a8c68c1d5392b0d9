import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { OngoingAnswerInvalid } from './errors.ts';
import { readItems, type OddItem } from './odd-items.ts';
import { pages } from './pages.ts';

const schema = z.object({ orderInfo: z.object({ orderId: z.int(), orderNumber: z.string() }) });
const entry = (orderId: number, orderNumber: unknown = `${orderId}-SE`) => ({
  orderInfo: { orderId, orderNumber },
});

describe('entries of a list', () => {
  it('that cannot be read are told of by id and field, never by value, and the others are read', () => {
    const odd: OddItem[] = [];
    const raw = [entry(1), entry(2, { secret: 'Karin Ek' }), null, entry(3)];
    const read = readItems('GET orders', schema, { answer: raw }, (one) => odd.push(one));
    expect(read.answer.map(({ orderInfo }) => orderInfo.orderId)).toEqual([1, 3]);
    expect([read.count, read.oddIds]).toEqual([4, [2]]);
    expect(odd).toMatchObject([
      { operation: 'GET orders', id: 2, field: 'orderInfo.orderNumber' },
      { id: undefined, field: 'the entry' },
    ]);
    expect(JSON.stringify(odd)).not.toContain('Karin');
  });

  it('are errors where nobody is told', () => {
    expect(() => readItems('GET orders', schema, { answer: [entry(1), entry(2, 7)] })).toThrow(
      OngoingAnswerInvalid,
    );
  });
});

describe('pages', () => {
  const served = (list: unknown[]) => (cursor: number) => {
    const from = list.filter(
      (one) => ((one as ReturnType<typeof entry>)?.orderInfo?.orderId ?? cursor) >= cursor,
    );
    return Promise.resolve(readItems('GET orders', schema, { answer: from.slice(0, 2) }, () => undefined));
  };
  const idOf = ({ orderInfo }: z.output<typeof schema>) => orderInfo.orderId;

  it('go on past entries that cannot be read, also past a page of nothing else', async () => {
    const list = [entry(1), entry(2, 0), entry(3, 0), entry(4, 0), entry(5)];
    const found: number[] = [];
    const counts: number[] = [];
    for await (const { items, count } of pages('GET orders', 0, served(list), idOf)) {
      found.push(...items.map(idOf));
      counts.push(count);
    }
    expect([found, counts]).toEqual([
      [1, 5],
      [2, 2, 1],
    ]);
  });

  it('end with an error where no id can be read at all', async () => {
    const all = async () => {
      for await (const _page of pages('GET orders', 0, served([null, null]), idOf)) continue;
    };
    await expect(all()).rejects.toThrow(/no way past them/);
  });
});

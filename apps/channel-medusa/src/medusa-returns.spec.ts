import { describe, expect, it } from '@jest/globals';
import type { MedusaAdmin } from './medusa-admin.ts';
import { MedusaOrder } from './medusa-orders.ts';
import { MedusaReturn, MedusaReturns, toShopReturn } from './medusa-returns.ts';

const time = '2026-11-23T07:33:48.100Z';
const item = { requires_shipping: true, unit_price: 19.9, detail: { quantity: 2, fulfilled_quantity: 2 } };
const order = {
  id: 'order_1',
  display_id: 5178,
  status: 'pending',
  created_at: time,
  updated_at: time,
  items: [
    { ...item, id: 'ordli_1', variant_sku: 'TEE' },
    { ...item, id: 'ordli_2', variant_sku: null },
  ],
};
/** As Medusa 2.21.2 answers with RETURN_FIELDS. */
const goods = {
  id: 'return_1',
  display_id: 7,
  order_id: 'order_1',
  status: 'requested',
  created_at: time,
  updated_at: time,
  items: [
    { id: 'retitem_1', item_id: 'ordli_1', quantity: 1, reason: { value: 'too_small', label: 'Too small' } },
    { id: 'retitem_2', item_id: 'ordli_2', quantity: 1, reason: null },
  ],
};

/** What Medusa would answer, where no shop is needed to know it. */
async function read(returns: unknown[], orders: Record<string, unknown> = { order_1: order }) {
  const answers: Pick<MedusaAdmin, 'changedReturns' | 'order'> = {
    changedReturns: async () => returns,
    order: async (id) => orders[id],
  };
  const pages = new MedusaReturns(answers as MedusaAdmin).changed({
    changedAt: '2026-01-01T00:00:00Z',
    id: '',
  });
  const entries = [];
  for await (const page of pages) entries.push(...page.entries);
  return entries;
}

describe('a return in Medusa', () => {
  it('has the lines that the warehouse can know, with their cause', () => {
    expect(toShopReturn(MedusaReturn.parse(goods), MedusaOrder.parse(order))).toEqual({
      id: 'return_1',
      number: 'R7',
      order: '5178',
      placedAt: time,
      changedAt: time,
      state: 'placed',
      lines: [
        {
          id: 'retitem_1',
          orderLine: 'ordli_1',
          article: 'TEE',
          quantity: '1',
          cause: { code: 'too_small', name: 'Too small' },
        },
      ],
    });
  });

  it.each([
    ['open', undefined],
    ['received', undefined],
    ['requested', 'placed'],
    ['partially_received', 'placed'],
    ['canceled', 'cancelled'],
  ])('that is %s is %s', async (status, state) => {
    expect(await read([{ ...goods, status }])).toMatchObject(state ? [{ state }] : []);
  });

  it('that is broken, or whose order is gone, is listed and stops no other', async () => {
    const broken = { id: 'return_0', updated_at: time };
    const orphan = { ...goods, id: 'return_2', order_id: 'order_2' };
    expect(await read([broken, orphan, goods])).toMatchObject([
      {
        id: 'return_0',
        unreadable: expect.stringContaining('Return return_0 cannot be read: the display id is missing'),
      },
      { id: 'return_2', number: 'R7', unreadable: expect.stringContaining('order cannot be read') },
      { id: 'return_1', state: 'placed' },
    ]);
  });
});

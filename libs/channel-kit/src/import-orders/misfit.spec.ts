import { describe, expect, it } from '@jest/globals';
import { Consignee } from '@samlast/contracts';
import { z } from 'zod';
import { LIBRARY_WORDS } from '../testing/library-words.ts';
import { faultOf, misfitOf } from './misfit.ts';

const Order = z.object({
  id: z.string(),
  display_id: z.union([z.number(), z.string()]),
  placedAt: z.iso.datetime({ offset: true }),
  line_items: z.array(z.object({ quantity: z.int(), name: z.string().nullish() })),
  shippingAddress: Consignee,
  lines: z.object({ nodes: z.array(z.object({ tags: z.array(z.string()) })) }),
});
const fine = {
  id: 'order_1',
  display_id: 5178,
  placedAt: '2026-11-24T10:00:00Z',
  line_items: [{ quantity: 1 }, { quantity: 2 }],
  shippingAddress: { city: 'Malmö' },
  lines: { nodes: [{ tags: ['Kim Buyer'] }] },
};
const misfit = (change: object) => {
  const raw = { ...fine, ...change };
  const { error } = Order.safeParse(raw);
  return error ? misfitOf(raw, error, 'Order', 'display_id') : '';
};

describe('an order of a shape that its channel does not know', () => {
  it.each([
    [
      'a text for a number',
      { line_items: [{ quantity: 1 }, { quantity: 'Kim Buyer' }] },
      ['Order 5178 ', 'the quantity of line item 2 is a text, and has to be a number'],
    ],
    ['a fraction', { line_items: [{ quantity: 1.5 }] }, ['is a number, and has to be a whole number']],
    ['nothing', { line_items: [{}] }, ['the quantity of line item 1 is missing, and has to be a number']],
    ['nothing for a list', { line_items: null }, ['the line items are missing, and have to be a list']],
    [
      'what is no time',
      { placedAt: 'Kim Buyer' },
      ['the placed at is a text, and has to be a date and time'],
    ],
    ['a list for a group', { shippingAddress: [] }, ['the shipping address is a list']],
    [
      'a broken character',
      { shippingAddress: { city: 'Kim Buyer\u0000' } },
      ['the city of the shipping address has a broken character in it'],
    ],
    ['too much', { shippingAddress: { city: 'Kim Buyer'.repeat(12) } }, ['is longer than 100 characters']],
    ['a number in a list', { lines: { nodes: [{ tags: [1] }] } }, ['the tag 1 of line 1 is a number']],
    ['no number of its own', { display_id: null }, ['Order order_1 ', 'the display id is missing']],
  ])('is told as the keeper of the shop would say it, without quoting it: %s', (_what, change, named) => {
    const told = misfit(change);
    for (const words of named) expect(told).toContain(words);
    expect(told).toMatch(/Correct it in the shop/);
    expect(told).not.toMatch(LIBRARY_WORDS);
    expect(told).not.toContain('Kim Buyer');
  });

  it('is told with its first faults where it has many', () => {
    const told = misfit({ line_items: Array.from({ length: 50 }, () => ({})) });
    expect(told).toContain('item 3');
    expect(told.length).toBeLessThan(500);
  });

  it('keeps the words of a rule that says what it wants', () => {
    const { error } = z.object({ ean: z.string().regex(/^\d+$/, 'must be digits') }).safeParse({ ean: 'x' });
    expect(error?.issues.map((issue) => faultOf(issue))).toEqual(['the ean must be digits']);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { ShopUnavailable } from '@samlast/channel-kit';
import { describe, expect, it } from '@jest/globals';
import { toShopOrder } from './read-orders.ts';

const samples = new URL('../samples/', import.meta.url);
const sample = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(name, samples), 'utf8')) as Record<string, unknown>;

describe('an order of a shop', () => {
  it('is read in every shape that is documented', () => {
    const names = readdirSync(samples);
    expect(names.length).toBeGreaterThanOrEqual(3);
    for (const name of names) expect(toShopOrder(sample(name))).not.toHaveProperty('unreadable');
  });

  it('keeps exact quantities, and takes whole numbers', () => {
    const order = toShopOrder(sample('order-with-whole-numbers.json'));
    expect(order).toMatchObject({
      number: '5178',
      lines: [
        { id: '1', quantity: '2', fulfilled: '0', picked: true },
        { id: '2', quantity: '0.125', picked: false },
      ],
    });
  });

  it('may name the warehouse of a line, as short as a code', () => {
    const lines = (warehouse: unknown) => [{ id: '1', article: 'A', quantity: '1', warehouse }];
    const read = (warehouse: unknown) =>
      toShopOrder({ ...sample('order-placed.json'), lines: lines(warehouse) });
    expect(read('GBG')).toMatchObject({ lines: [{ article: 'A', warehouse: 'GBG' }] });
    expect(read('in the yard')).toMatchObject({ unreadable: expect.stringContaining('lines.0.warehouse') });
  });

  it('names the field that does not fit, without quoting it', () => {
    const order = toShopOrder({ ...sample('order-placed.json'), consignee: { countryCode: 'Kim Buyer' } });
    expect(order).toMatchObject({
      number: '5178',
      unreadable: expect.stringContaining('consignee.countryCode'),
    });
    expect(JSON.stringify(order)).not.toContain('Kim Buyer');
  });

  it('cannot be read with a quantity that is no exact number', () => {
    const broken = { ...sample('order-placed.json'), lines: [{ id: '1', article: 'A', quantity: 0.1 }] };
    expect(toShopOrder(broken)).toMatchObject({ unreadable: expect.stringContaining('lines.0.quantity') });
  });

  it('stops the feed when it has no id or no time of change, since the feed could not go on past it', () => {
    expect(() => toShopOrder({ ...sample('order-placed.json'), id: undefined })).toThrow(ShopUnavailable);
    expect(() => toShopOrder({ ...sample('order-placed.json'), changedAt: 'today' })).toThrow(/changedAt/);
  });
});

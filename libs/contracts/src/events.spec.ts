import { describe, expect, it } from '@jest/globals';
import type { EventDefinition } from './event.ts';
import { events } from './events.ts';
import * as contracts from './index.ts';

const exported = (Object.values(contracts) as unknown[]).filter(
  (value): value is EventDefinition => typeof value === 'object' && value !== null && 'keyOf' in value,
);
const all = [...events.values()];
const definitions = all.map((definition) => ({ type: definition.type, definition }));

/**
 * Facts that English puts without -ed: `set`, `split` and `short` are past or lasting, `waiting` lasts until the next
 * stock read.
 */
const factsWithoutEd = new Set(['shelf.set', 'order.short', 'order.split', 'order.waiting']);

describe('events', () => {
  it('have a type of their own each', () => {
    const types = exported.map((definition) => definition.type);
    expect(types.toSorted()).toEqual([...new Set(types)].toSorted());
  });

  it('are all in the list of what is produced', () => {
    expect(all.map((definition) => definition.type).toSorted()).toEqual(
      exported.map((definition) => definition.type).toSorted(),
    );
  });

  it.each(definitions)('$type reads noun.past-participle', ({ type }) => {
    expect(type).toMatch(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/);
    if (!factsWithoutEd.has(type)) expect(type).toMatch(/(ed|drawn)$|^order\.(cancel-requested)$/);
  });

  it.each(definitions)('$type is on a topic that contracts list', ({ definition }) => {
    expect(contracts.topics).toContain(definition.topic);
  });

  it('carry their channel outside of the data, so that others can pass over them unread', () => {
    const event = contracts.ArticleAccepted.of({ channel: 'SE', article: 'TS-BLACK-M' });
    expect(event).toEqual({
      type: 'article.accepted',
      topic: 'wms.articles.v1',
      key: 'TS-BLACK-M',
      channel: 'SE',
      data: { channel: 'SE', article: 'TS-BLACK-M' },
    });
  });

  it('have no channel where a fact concerns all of them', () => {
    const level = {
      article: 'A',
      version: 1,
      at: '2026-11-24T10:00:00Z',
      free: '1',
      sellable: '1',
      reserved: '0',
    };
    expect(contracts.StockLevelChanged.of({ ...level, channels: {} })).not.toHaveProperty('channel');
  });
});

describe('an order', () => {
  const order = {
    number: '5178-SE',
    channel: 'SE',
    shopNumber: '5178',
    shopOrderId: 'order_1',
    revision: 1,
    type: { code: 'B2C' },
    placedAt: '2026-11-24T11:00:03+01:00',
    consignee: {},
    lines: [{ row: '1', article: 'TS-BLACK-M', quantity: '1' }],
  };
  const faultOf = (change: object) => {
    const fault = contracts.Order.safeParse({ ...order, ...change }).error?.issues[0];
    return fault && `${fault.path.join('.')}: ${fault.message}`;
  };

  it('is picked unless it says otherwise', () => {
    expect(contracts.Order.parse(order).lines[0]?.picked).toBe(true);
  });

  it.each([
    ['number: must be the shop', { number: '5178-EU' }],
    ['number: must be the shop', { number: '5179-SE' }],
    ['number: must be the shop', { channel: 'EU' }],
    ['lines: must not have two lines with the same row', { lines: [order.lines[0], order.lines[0]] }],
    ['lines.0.quantity: must be greater than 0', { lines: [{ ...order.lines[0], quantity: '0' }] }],
    ['lines.0.quantity: must be a decimal', { lines: [{ ...order.lines[0], quantity: 'two' }] }],
    ['lines: ', { lines: [] }],
    ['revision: ', { revision: 0 }],
    ['consignee.name: must hold no NUL', { consignee: { name: 'A\u0000' } }],
    ['consignee.city: must hold no NUL', { consignee: { city: 'half \ud83e' } }],
    ['placedAt: ', { placedAt: '2026-11-24 11:00' }],
  ])('is refused with %j', (fault, change) => {
    expect(faultOf(change)).toContain(fault);
  });
});

import { describe, expect, it } from '@jest/globals';
import { anOrder } from '../testing/stage.ts';
import { originOf, toOngoing } from './order-mapping.ts';

const customerOf = (channel: 'SE' | 'EU') =>
  toOngoing(anOrder('1', channel, { consignee: { customerNumber: '7' } }), 'test:x:1', '2026-03-02').consignee
    .customerNumber;

describe('an order in the words of Ongoing', () => {
  const origin = originOf('demo', 'SE', 'gid-991');

  it('says where it came from', () => {
    expect(toOngoing(anOrder('5178', 'SE'), origin, '2026-03-02')).toMatchObject({
      orderNumber: '5178-SE',
      goodsOwnerOrderId: 'demo:SE:gid-991',
      referenceNumber: '5178',
      marketPlace: { marketPlace: 'SE', marketPlaceOrderNumber: '5178' },
      orderType: { code: 'B2C', name: 'B2C' },
      orderLines: [
        { rowNumber: '1', articleNumber: 'TEE', numberOfItems: '2', shouldBePicked: true },
        { rowNumber: '2', articleNumber: 'FREIGHT', numberOfItems: '1', shouldBePicked: false },
      ],
    });
  });

  it('has the day of sending as delivery date only where the shop has none', () => {
    expect(toOngoing(anOrder('1', 'SE'), origin, '2026-03-02').deliveryDate).toBe('2026-03-02');
    const dated = anOrder('1', 'SE', { deliveryDate: '2026-04-01' });
    expect(toOngoing(dated, origin, '2026-03-02').deliveryDate).toBe('2026-04-01');
  });

  it('keeps the customers of two channels apart', () => {
    expect([customerOf('SE'), customerOf('EU')]).toEqual(['SE-7', 'EU-7']);
  });

  it('carries the price of the whole line', () => {
    const line = { row: '1', article: 'TEE', quantity: '2.5', picked: true, unitPrice: '199.90' };
    const [mapped] = toOngoing(
      anOrder('1', 'SE', { lines: [line], currency: 'SEK' }),
      origin,
      '2026-03-02',
    ).orderLines;
    expect(mapped?.prices).toEqual({ linePrice: 499.75, currencyCode: 'SEK' });
  });
});

import { describe, expect, it } from '@jest/globals';
import { OrderAnswer } from './order.ts';
import { trackingOf } from './tracking.ts';

/** An order as Ongoing sends it, with only what matters here. */
function order(rest: { info?: object; lines?: object[] } & Record<string, unknown>) {
  const { info, lines, ...members } = rest;
  return OrderAnswer.parse({
    orderInfo: { orderId: 1, orderNumber: '1-SE', orderStatus: { number: 450, text: 'Sent' }, ...info },
    orderLines: (lines ?? []).map((line) => ({ orderedNumberOfItems: 9, pickedNumberOfItems: 9, ...line })),
    ...members,
  });
}

const numbers = (of: Parameters<typeof trackingOf>[0]) => trackingOf(of).map((one) => one.trackingNumber);

const item = (parcel: object | null, numberOfItems: number, rest = {}) => ({
  parcel,
  numberOfItems,
  ...rest,
});

describe('tracking of an order', () => {
  it('is nothing where there is no label yet', () => {
    expect(trackingOf(order({ tracking: null, parcels: null }))).toEqual([]);
    expect(trackingOf(order({ info: { wayBill: ' ' }, tracking: [{ waybill: null }] }))).toEqual([]);
  });

  it('is found in each of its four places', () => {
    expect(numbers(order({ info: { wayBill: 'A' } }))).toEqual(['A']);
    expect(numbers(order({ tracking: [{ waybill: 'B', trackingUrl: 'https://t.test/B' }] }))).toEqual(['B']);
    expect(numbers(order({ parcels: [{ id: 1, parcelNumber: 'C' }] }))).toEqual(['C']);
    expect(numbers(order({ parcels: [{ id: 1, parcelNumber: 'C', tracking: { waybill: 'D' } }] }))).toEqual([
      'D',
    ]);
  });

  it('counts a number once that stands in several places', () => {
    const found = trackingOf(
      order({
        info: { wayBill: 'w1' },
        tracking: [{ waybill: 'W1 ', trackingUrl: 'https://t.test/W1' }],
        parcels: [{ id: 1, parcelNumber: 'P1', tracking: { waybill: 'W1' } }],
      }),
    );
    expect(found).toEqual([{ key: 'P1', numbers: ['P1', 'W1'], trackingNumber: 'W1', lines: [] }]);
  });

  it('keeps the link of the place that has one', () => {
    const found = trackingOf(
      order({ info: { wayBill: 'W1' }, tracking: [{ waybill: 'W1', trackingUrl: 'https://t.test' }] }),
    );
    expect(found).toMatchObject([{ key: 'W1', trackingUrl: 'https://t.test' }]);
  });

  it('gives the one waybill of the order to its parcels instead of making a parcel more of it', () => {
    const found = trackingOf(
      order({
        tracking: [{ waybill: 'W1', trackingUrl: 'https://t.test' }],
        parcels: [
          { id: 1, parcelNumber: 'P1' },
          { id: 2, parcelNumber: 'P2' },
        ],
      }),
    );
    expect(found.map((one) => [one.key, one.trackingNumber, one.trackingUrl, one.numbers])).toEqual([
      ['P1', 'W1', 'https://t.test', ['P1', 'W1']],
      ['P2', 'W1', 'https://t.test', ['P2', 'W1']],
    ]);
  });

  it('leaves out return labels, wherever they stand', () => {
    expect(
      numbers(
        order({
          info: { wayBill: 'R1', returnWayBill: 'R1' },
          tracking: [{ waybill: 'R2' }, { waybill: 'W1' }],
          returnTracking: [{ waybill: 'R2' }],
          parcels: [
            { id: 1, parcelNumber: 'R3', isReturnParcel: true, tracking: { waybill: 'R4' } },
            { id: 2, parcelNumber: 'P1', tracking: { waybill: 'W1' } },
          ],
        }),
      ),
    ).toEqual(['W1']);
  });

  it('says what lies in each parcel, by id or by number, added up per row', () => {
    const found = trackingOf(
      order({
        parcels: [
          { id: 1, parcelNumber: 'P1' },
          { id: 2, parcelNumber: 'P2' },
        ],
        lines: [
          {
            id: 10,
            rowNumber: '1',
            article: { articleNumber: 'TEE' },
            pickedArticleItems: [
              item({ id: 1 }, 1),
              item({ id: 1 }, 0.5),
              item({ parcelNumber: 'P2' }, 2),
              item(null, 9),
            ],
          },
          {
            id: 11,
            rowNumber: '2',
            article: { articleNumber: 'CAP' },
            pickedArticleItems: [item({ id: 2 }, 1), item({ id: 2 }, 5, { isPicked: false })],
          },
        ],
      }),
    );
    expect(found.map(({ key, lines }) => [key, lines])).toEqual([
      ['P1', [{ rowNumber: '1', articleNumber: 'TEE', quantity: '1.5' }]],
      [
        'P2',
        [
          { rowNumber: '1', articleNumber: 'TEE', quantity: '2' },
          { rowNumber: '2', articleNumber: 'CAP', quantity: '1' },
        ],
      ],
    ]);
  });
});

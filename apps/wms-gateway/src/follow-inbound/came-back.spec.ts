import { describe, expect, it } from '@jest/globals';
import { OrderAnswer, ReturnOrderAnswer } from '@samlast/ongoing-client';
import { cameBack } from './came-back.ts';

const item = (numberOfItems: number, code?: string) => ({
  numberOfItems,
  isReturned: true,
  returnCause: code === undefined ? null : { code, name: code },
});

/** An order of ten pieces in one row, of which some came back. */
const order = (returned: number, ...pickedArticleItems: object[]) =>
  OrderAnswer.parse({
    orderInfo: { orderId: 7, orderNumber: '1-SE', orderStatus: { number: 800 } },
    orderLines: [
      {
        id: 70,
        rowNumber: '1',
        article: { articleNumber: 'TEE' },
        orderedNumberOfItems: 10,
        pickedNumberOfItems: 10,
        returnedNumberOfItems: returned,
        pickedArticleItems: [...pickedArticleItems, { numberOfItems: 10 - returned, isReturned: false }],
      },
    ],
  });

const announced = (number: string, returned: number, scrapped = 0, code?: string) =>
  ReturnOrderAnswer.parse({
    returnOrderInfo: { returnOrderId: 9, returnOrderNumber: number, returnOrderStatus: { number: 500 } },
    returnOrderLines: [
      {
        returnOrderRowNumber: '1',
        customerOrderLine: { orderLineId: 70 },
        returnCause: code === undefined ? null : { code },
        returnedNumberOfItems: returned,
        returnedRemovedByInventoryNumberOfItems: scrapped,
      },
    ],
  });

const removes = new Set(['BROKEN']);
const whole = (quantity: string, more: object = {}) => ({
  row: '1',
  article: 'TEE',
  quantity,
  restocked: true,
  ...more,
});
const scrap = (quantity: string, more: object = {}) => ({ ...whole(quantity, more), restocked: false });
const broken = { cause: { code: 'BROKEN', name: 'BROKEN' } };
const small = { cause: { code: 'SMALL', name: 'SMALL' } };

describe('what came back of an order', () => {
  it('of announced returns is fit or scrapped, as their causes or later corrections say', () => {
    const returns = [announced('R1', 3, 1), announced('R2', 1, 0, 'BROKEN'), announced('R3', 0)];
    expect(cameBack(order(4, item(3), item(1, 'BROKEN')), returns, removes)).toEqual([
      whole('2', { of: 'R1' }),
      scrap('1', { of: 'R1' }),
      scrap('1', { of: 'R2', cause: { code: 'BROKEN' } }),
    ]);
  });

  it('at the dock is told apart by cause: one fit piece makes no broken one fit', () => {
    expect(cameBack(order(4, item(1), item(2, 'BROKEN'), item(1, 'SMALL')), [], removes)).toEqual([
      whole('1'),
      scrap('2', broken),
      whole('1', small),
    ]);
  });

  it('at the dock is what announced returns do not account for, cause by cause', () => {
    const seen = order(4, item(2, 'BROKEN'), item(2));
    expect(cameBack(seen, [announced('R1', 1, 1, 'BROKEN')], removes)).toEqual([
      scrap('1', { of: 'R1', cause: { code: 'BROKEN' } }),
      scrap('1', broken),
      whole('2'),
    ]);
    // The warehouse set the cause of an announced piece in the order alone.
    expect(cameBack(order(2, item(1, 'SMALL'), item(1)), [announced('R1', 1, 0, 'LATE')], removes)).toEqual([
      whole('1', { of: 'R1', cause: { code: 'LATE' } }),
      whole('1', small),
    ]);
  });

  it('is believed by its sum where its pieces are not shown, or are shown as more', () => {
    expect(cameBack(order(2), [], removes)).toEqual([whole('2')]);
    expect(cameBack(order(2, item(10, 'BROKEN')), [], removes)).toEqual([scrap('2', broken)]);
    expect(cameBack(order(2, item(1, 'BROKEN')), [], removes)).toEqual([scrap('2', broken)]);
  });
});

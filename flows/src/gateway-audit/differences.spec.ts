import { describe, expect, it } from '@jest/globals';
import { Chance } from '../testing/chance.ts';
import { differences, type HeldOrder } from './differences.ts';
import { drawSent, type Sent, type SentOrder } from './sent.ts';

const sent = drawSent(40, new Chance(1)).map((one): Sent => ({ ...one, cancelled: false }));
const lastOf = ({ revisions }: Sent) => revisions.at(-1) as SentOrder;
const once = new Map(sent.map((one) => [lastOf(one).number, 1]));

/** As a warehouse would hold it to which nothing has happened. */
function heldOf(order: SentOrder): HeldOrder {
  const { consignee, channel, shopNumber } = order;
  return {
    orderInfo: {
      orderNumber: order.number,
      goodsOwnerOrderId: `audit:${channel}:${order.shopOrderId}`,
      referenceNumber: shopNumber,
      orderRemark: order.note ?? null,
      deliveryDate: order.deliveryDate,
      orderType: order.type,
      wayOfDelivery: order.shippingMethod,
      marketPlace: { marketPlace: channel, marketPlaceOrderNumber: shopNumber },
      orderStatus: { number: 300 },
      emailNotification: { value: consignee.email ?? '' },
      smsNotification: { value: consignee.phone ?? '' },
    },
    consignee: { ...consignee, customerNumber: `${channel}-${consignee.customerNumber}` },
    orderLines: order.lines.map((line) => ({
      rowNumber: line.row,
      article: { articleNumber: line.article },
      orderedNumberOfItems: Number(line.quantity),
      comment: line.comment ?? null,
      prices: {
        linePrice: Number(line.unitPrice) * Number(line.quantity),
        currencyCode: order.currency,
      },
    })),
  };
}
const held = () => sent.map((one) => heldOf(lastOf(one)));
const number = lastOf(sent[7] as Sent).number;
/** What the auditor says of a warehouse in which the eighth order was spoilt. */
function spoilt(spoil: (order: HeldOrder) => void): string[] {
  const all = held();
  spoil(all[7] as HeldOrder);
  return differences(sent, all, once);
}

describe('the auditor', () => {
  it('finds nothing where each order is there once and as it was sent', () => {
    expect(differences(sent, held(), once)).toEqual([]);
  });

  it('finds one that is lost, one that is there twice, one written twice, and one that nobody sent', () => {
    expect(differences(sent, held().toSpliced(7, 1), once)).toEqual([`${number} is lost`]);
    const twice = [...held(), held()[7] as HeldOrder];
    expect(differences(sent, twice, once)).toEqual([`${number} is there 2 times`]);
    const { length } = (sent[7] as Sent).revisions;
    const often = new Map(once).set(number, length + 1);
    expect(differences(sent, held(), often)).toEqual([
      `${number} was written ${length + 1} times for ${length} revisions`,
    ]);
    const stranger = spoilt(({ orderInfo }) => (orderInfo.orderNumber = 'X-SE'));
    expect(stranger).toEqual([`${number} is lost`, 'X-SE is there, and no shop sent it']);
  });

  it.each<[string, (order: HeldOrder) => void]>([
    ['reference', ({ orderInfo }) => (orderInfo.referenceNumber = '7')],
    ['remark', ({ orderInfo }) => (orderInfo.orderRemark = 'something else')],
    ['date', ({ orderInfo }) => (orderInfo.deliveryDate = '2031-01-01')],
    ['type', ({ orderInfo }) => (orderInfo.orderType = null)],
    ['way of delivery', ({ orderInfo }) => (orderInfo.wayOfDelivery = { code: 'X', name: 'By parcel' })],
    ['market place', ({ orderInfo }) => (orderInfo.marketPlace = null)],
    ['origin', ({ orderInfo }) => (orderInfo.goodsOwnerOrderId = 'audit:SE:gid://SE/1')],
    ['email', ({ orderInfo }) => (orderInfo.emailNotification = null)],
    ['phone', ({ orderInfo }) => (orderInfo.smsNotification = { value: '' })],
    ['customer number', ({ consignee }) => (consignee.customerNumber = 'EU-1')],
    ['address', ({ consignee }) => (consignee.city = 'Lund')],
    ['lines', ({ orderLines }) => orderLines.push(...orderLines.slice(0, 1))],
    ['lines', ({ orderLines: [line] }) => line && (line.orderedNumberOfItems += 1)],
    ['lines', ({ orderLines: [line] }) => line && (line.prices = null)],
  ])('finds a changed %s', (what, spoil) => {
    expect(spoilt(spoil)).toEqual([expect.stringMatching(`^${number} has ${what} .* instead of `)]);
  });

  it('finds a cancelled order that lives, and a living one that is cancelled', () => {
    const cancelled = sent.map((one, index) => ({ ...one, cancelled: index === 7 }));
    expect(differences(cancelled, held(), once)).toEqual([
      `${number} is cancelled in its shop and has status 300`,
    ]);
    expect(differences(cancelled, held().toSpliced(7, 1), once)).toEqual([]);
    const gone = spoilt(({ orderInfo }) => (orderInfo.orderStatus.number = 1000));
    expect(gone).toEqual([`${number} is cancelled, and its shop did not do that`]);
  });
});

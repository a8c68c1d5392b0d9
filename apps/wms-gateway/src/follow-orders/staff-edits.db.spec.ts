import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  OrderAccepted,
  OrderEdited,
  OrderRefused,
  OrderShipped,
  OrderSplit,
  StockObserved,
  type DataOf,
} from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { anOrder, reserved, setStage, type Stage } from '../testing/stage.ts';

const order = '5178-SE';
const pieces = (quantity: string) => ({ row: '1', article: 'TEE', quantity });
const freight = { row: '2', article: 'FREIGHT', quantity: '1' };

let stage: Stage;
let url: string;
afterEach(() => stage.close());
beforeEach(async () => {
  stage = await setStage();
  await stage.simulator.control.seed({
    articles: [
      { number: 'TEE', stock: 10 },
      { number: 'CAP', stock: 5 },
      { number: 'FREIGHT', isStockArticle: false },
    ],
  });
  ({ url } = await stage.gateway({ ORDER_POLL_MS: '100' }));
  const lines = [
    { ...pieces('4'), picked: true },
    { ...freight, picked: false },
  ];
  await stage.publish(reserved(anOrder('5178', 'SE', { lines })));
  await eventually(async () => (await stage.told(OrderAccepted)).length === 1);
});

async function first<D extends typeof OrderEdited | typeof OrderSplit | typeof OrderShipped>(
  definition: D,
): Promise<DataOf<D>> {
  const told = async () => (await stage.told(definition))[0];
  return eventually(told);
}

const lastSellable = async (article: string) =>
  (await stage.told(StockObserved)).filter((one) => one.article === article).at(-1)?.sellable;

describe('people of the warehouse', () => {
  it('who change lines are told of to the channel, once, and the stock is read again', async () => {
    await stage.simulator.control.editByHand({
      order,
      lines: [{ row: '1', quantity: 3 }],
      add: [{ article: 'CAP', quantity: 2 }],
    });
    expect(await first(OrderEdited)).toMatchObject({
      number: order,
      channel: 'SE',
      revision: 1,
      before: [pieces('4'), freight],
      lines: [pieces('3'), freight, { row: 'H1', article: 'CAP', quantity: '2' }],
    });
    await eventually(async () => (await lastSellable('TEE')) === '7' && (await lastSellable('CAP')) === '3');
    await stage.simulator.control.pick({ order });
    await stage.simulator.control.ship({ order, parcels: [{ number: '0037' }] });
    await first(OrderShipped);
    expect(await stage.told(OrderEdited)).toHaveLength(1);
  });

  it.each([
    ['that has our id of the order', {}],
    [
      'that names the first as a back order does',
      { copiesFields: false, namesFirst: true, number: 'running' },
    ],
  ] as const)('who split an order make one %s: its pieces and its parcel are ours', async (_how, split) => {
    const { control } = stage.simulator;
    await control.knobs({ split });
    const { number } = await control.split({ order, lines: [{ row: '1', quantity: 3 }] });
    expect(await first(OrderEdited)).toMatchObject({ lines: [pieces('1'), freight] });
    expect(await first(OrderSplit)).toMatchObject({ number: order, into: number, lines: [pieces('3')] });
    const foreign = async () => {
      const listed = (await (await fetch(`${url}/ops/foreign-orders`)).json()) as { number: string }[];
      return listed[0]?.number === number;
    };
    await eventually(foreign);
    // The pieces stay ordered, so nothing may be sold again.
    expect(await lastSellable('TEE')).toBe('6');
    await control.pick({ order: number });
    await control.ship({ order: number, parcels: [{ number: '0040', waybill: 'UA9' }] });
    expect(await first(OrderShipped)).toMatchObject({
      number: order,
      channel: 'SE',
      parcel: `${number}/0040`,
      trackingNumber: 'UA9',
      lines: [pieces('3')],
    });
    await control.pick({ order });
    await control.ship({ order, parcels: [{ number: '0041' }] });
    const both = await eventually(async () => {
      const told = await stage.told(OrderShipped);
      return told.length > 1 && told;
    });
    expect(both.map(({ lines }) => lines)).toEqual([[pieces('3')], [pieces('1'), freight].slice(0, 1)]);
  });

  it('who cancel the split-off order are told of: those pieces will not come, and may be sold', async () => {
    const { control } = stage.simulator;
    const { number } = await control.split({ order, lines: [{ row: '1', quantity: 3 }] });
    await first(OrderSplit);
    await control.cancelAtWarehouse({ order: number });
    await eventually(async () => (await stage.told(OrderSplit)).at(-1)?.lines.length === 0, {
      withinMs: 30_000,
    });
    await eventually(async () => (await lastSellable('TEE')) === '9');
  });

  it.each(['before', 'after'])(
    'keep their edit when the shop, %s it was told, changes the order',
    async (moment) => {
      const { control } = stage.simulator;
      const { number } = await control.split({ order, lines: [{ row: '1', quantity: 3 }] });
      if (moment === 'after') await first(OrderEdited);
      const lines = [
        { ...pieces('6'), picked: true },
        { ...freight, picked: false },
      ];
      await stage.publish(reserved(anOrder('5178', 'SE', { lines, revision: 2 })));
      const refused = async () => (await stage.told(OrderRefused))[0];
      expect(await eventually(refused)).toMatchObject({
        revision: 2,
        reason: 'too-late',
      });
      const rows = async (one: string) =>
        (await control.orders({ numbers: [one] }))[0]?.lines.map(({ ordered }) => ordered);
      expect([await rows(order), await rows(number)]).toEqual([[1, 1], [3]]);
      await first(OrderEdited);
      expect((await stage.told(OrderEdited)).map(({ before }) => before)).toEqual([[pieces('4'), freight]]);
    },
  );
});

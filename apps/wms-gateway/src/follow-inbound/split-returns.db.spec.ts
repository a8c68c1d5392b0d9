import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  OrderAccepted,
  OrderReturned,
  OrderShipped,
  OrderSplit,
  ReturnAccepted,
  ReturnAnnounced,
  ReturnCancelled,
  ReturnWithdrawn,
} from '@samlast/contracts';
import { aReturn } from '../testing/inbound.ts';
import { anOrder, reserved, setStage, type Stage, toldBy } from '../testing/stage.ts';

const order = '5178-SE';
let stage: Stage;
afterEach(() => stage.close());
beforeEach(async () => {
  stage = await setStage();
  await stage.simulator.control.seed({ articles: ['TEE', 'CAP'].map((number) => ({ number, stock: 10 })) });
  await stage.gateway({ ORDER_POLL_MS: '100' });
  const lines = ['TEE', 'CAP'].map((article, i) => ({
    row: String(i + 1),
    article,
    quantity: '4',
    picked: true,
  }));
  await stage.publish(reserved(anOrder('5178', 'SE', { lines })));
  await toldBy(stage, OrderAccepted);
});

/** Three pieces of row 1 leave in an order of their own. */
async function splitAndShip(): Promise<string> {
  const { control } = stage.simulator;
  const { number } = await control.split({ order, lines: [{ row: '1', quantity: 3 }] });
  await toldBy(stage, OrderSplit);
  for (const one of [number, order]) {
    await control.pick({ order: one });
    await control.ship({ order: one, parcels: [{ number: `P-${one}` }] });
  }
  await toldBy(stage, OrderShipped, 2);
  return number;
}

const back = (article: string, quantity: string) => ({
  row: article === 'TEE' ? '1' : '2',
  article,
  quantity,
  restocked: true,
});

describe('pieces that left in an order that was split off ours', () => {
  it.each([
    ['that has our id of the order', {}],
    [
      'that names the first as a back order does',
      { copiesFields: false, namesFirst: true, number: 'running' },
    ],
  ] as const)('and come back are told as pieces of ours, once: one %s', async (_how, split) => {
    const { control } = stage.simulator;
    await control.knobs({ split });
    const other = await splitAndShip();
    await control.takeBack({ order: other, lines: [{ row: '1', quantity: 2 }] });
    await toldBy(stage, OrderReturned);
    await control.takeBack({ order, lines: [{ row: '1', quantity: 1 }] });
    await toldBy(stage, OrderReturned, 2);
    await control.takeBack({ order: other, lines: [{ row: '1', quantity: 1 }] });
    const all = await toldBy(stage, OrderReturned, 3);
    expect(all.map(({ number, channel, lines }) => [number, channel, lines])).toEqual(
      ['2', '1', '1'].map((quantity) => [order, 'SE', [back('TEE', quantity)]]),
    );
    expect(new Set(all.map(({ receipt }) => receipt)).size).toBe(3);
  });

  it('are announced of the order that they left in, and told under the number of the return', async () => {
    const { control } = stage.simulator;
    const other = await splitAndShip();
    const caps = [{ row: '1', orderRow: '2', article: 'CAP', quantity: '2' }];
    await stage.publish(
      ReturnAnnounced.of(aReturn('R1', order, '3')),
      ReturnAnnounced.of(aReturn('R2', order, '1', { lines: caps })),
    );
    await toldBy(stage, ReturnAccepted, 2);
    const announced = (await control.returnOrders()).map((one) => [one.number, one.order]).toSorted();
    expect(announced).toEqual([
      ['R1-SE', other],
      ['R2-SE', order],
    ]);
    await control.receiveReturn({ returnOrder: 'R1-SE' });
    expect(await toldBy(stage, OrderReturned)).toMatchObject([
      { number: order, return: 'R1-SE', lines: [back('TEE', '3')] },
    ]);
  });

  it('are ours when their return is changed, or withdrawn', async () => {
    const { control } = stage.simulator;
    const other = await splitAndShip();
    await stage.publish(ReturnAnnounced.of(aReturn('R1', order, '3')));
    await toldBy(stage, ReturnAccepted);
    await stage.publish(ReturnAnnounced.of(aReturn('R1', order, '1', { revision: 2 })));
    await toldBy(stage, ReturnAccepted, 2);
    expect(await control.returnOrders()).toMatchObject([{ order: other, lines: [{ toBeReturned: 1 }] }]);
    await stage.publish(ReturnWithdrawn.of({ number: 'R1-SE', channel: 'SE', revision: 3 }));
    await toldBy(stage, ReturnCancelled);
    expect(await control.returnOrders()).toMatchObject([{ status: 900 }]);
  });
});

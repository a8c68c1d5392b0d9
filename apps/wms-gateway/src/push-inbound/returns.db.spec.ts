import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  OrderAccepted,
  OrderReturned,
  ReturnAccepted,
  ReturnAnnounced,
  ReturnCancelled,
  ReturnCancelRefused,
  ReturnRefused,
  ReturnWithdrawn,
  StockObserved,
} from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { ApplyReturns } from '../follow-inbound/apply-returns.ts';
import { Ongoing } from '../ongoing.ts';
import { aReturn } from '../testing/inbound.ts';
import { anOrder, reserved, setStage, type Stage, toldBy } from '../testing/stage.ts';

const order = '5178-SE';
let stage: Stage;
afterEach(() => stage.close());
beforeEach(async () => {
  stage = await setStage();
  const { control } = stage.simulator;
  await control.seed({ articles: [{ number: 'TEE', stock: 10 }] });
  await control.returnCauses({ causes: [{ code: 'BROKEN', remove: true }] });
  await stage.gateway();
  const lines = [{ row: '1', article: 'TEE', quantity: '4', picked: true }];
  await stage.publish(reserved(anOrder('5178', 'SE', { lines })));
  await toldBy(stage, OrderAccepted);
});

async function send(): Promise<void> {
  await stage.simulator.control.pick({ order });
  await stage.simulator.control.ship({ order, parcels: [{ number: '0037' }] });
}

const withdraw = (shopNumber: string) =>
  ReturnWithdrawn.of({ number: `${shopNumber}-SE`, channel: 'SE', revision: 2 });
const sellable = async () =>
  (await stage.told(StockObserved)).findLast(({ article }) => article === 'TEE')?.sellable;
const back = (quantity: string, restocked: boolean) => ({ row: '1', article: 'TEE', quantity, restocked });

describe('a return that a shop announces', () => {
  it('is expected by the warehouse, and what comes back is told once, restocked or scrapped', async () => {
    await send();
    const cause = { code: 'BROKEN' };
    // Returns of two numbers may overtake each other.
    await stage.publish(ReturnAnnounced.of(aReturn('R1', order, '2')));
    await toldBy(stage, ReturnAccepted, 1);
    await stage.publish(
      ReturnAnnounced.of(
        aReturn('R2', order, '1', {
          lines: [{ row: '1', orderRow: '1', article: 'TEE', quantity: '1', cause }],
        }),
      ),
    );
    await toldBy(stage, ReturnAccepted, 2);
    const { control } = stage.simulator;
    expect(await control.returnOrders()).toMatchObject([
      { number: 'R1-SE', order, lines: [{ toBeReturned: 2 }], puts: { done: 1 } },
      { number: 'R2-SE', order, lines: [{ toBeReturned: 1 }] },
    ]);
    await control.receiveReturn({ returnOrder: 'R1-SE', lines: [{ row: '1', quantity: 1 }] });
    await toldBy(stage, OrderReturned, 1);
    await control.receiveReturn({ returnOrder: 'R2-SE' });
    await toldBy(stage, OrderReturned, 2);
    await control.receiveReturn({ returnOrder: 'R1-SE' });
    const all = await toldBy(stage, OrderReturned, 3);
    expect(all).toMatchObject([
      { number: order, channel: 'SE', return: 'R1-SE', lines: [back('1', true)] },
      { number: order, return: 'R2-SE', lines: [{ ...back('1', false), cause: { code: 'BROKEN' } }] },
      { number: order, return: 'R1-SE', lines: [back('1', true)] },
    ]);
    expect(new Set(all.map(({ receipt }) => receipt)).size).toBe(3);
    // Ten, four sent, two back on the shelf: the scrapped one counts nowhere, although a correction shows it.
    await eventually(async () => (await sellable()) === '8');
  });

  it('is withdrawn while nothing has come, and refused after', async () => {
    await send();
    await stage.publish(
      ReturnAnnounced.of(aReturn('R1', order, '1')),
      ReturnAnnounced.of(aReturn('R2', order, '1')),
    );
    await toldBy(stage, ReturnAccepted, 2);
    await stage.simulator.control.receiveReturn({ returnOrder: 'R2-SE' });
    await stage.publish(withdraw('R1'), withdraw('R2'));
    expect(await toldBy(stage, ReturnCancelled)).toMatchObject([{ number: 'R1-SE', by: 'channel' }]);
    expect(await toldBy(stage, ReturnCancelRefused)).toMatchObject([{ number: 'R2-SE', reason: 'too-late' }]);
  });

  it('is told once of a piece that is scrapped after it was put on a shelf', async () => {
    await send();
    const { control } = stage.simulator;
    await stage.publish(
      ReturnAnnounced.of(aReturn('R1', order, '2')),
      ReturnAnnounced.of(aReturn('R2', order, '1')),
    );
    await toldBy(stage, ReturnAccepted, 2);
    await control.receiveReturn({ returnOrder: 'R1-SE' });
    await toldBy(stage, OrderReturned);
    await control.scrapReturned({ returnOrder: 'R1-SE', lines: [{ row: '1', quantity: 1 }] });
    await eventually(async () => (await sellable()) === '7');
    await control.receiveReturn({ returnOrder: 'R2-SE' });
    expect((await toldBy(stage, OrderReturned, 2)).map((one) => [one.return, one.lines])).toEqual([
      ['R1-SE', [back('2', true)]],
      ['R2-SE', [back('1', true)]],
    ]);
  });

  it('of an order or a row that the warehouse does not have is refused with the reason', async () => {
    await stage.publish(
      ReturnAnnounced.of(aReturn('R1', '9-SE', '1')),
      ReturnAnnounced.of(
        aReturn('R2', order, '1', { lines: [{ row: '1', orderRow: '7', article: 'TEE', quantity: '1' }] }),
      ),
      ReturnAnnounced.of({ ...aReturn('R3', order, '1'), channel: 'EU', number: 'R3-EU' }),
    );
    const refused = await toldBy(stage, ReturnRefused, 3);
    expect(refused.map(({ number, text }) => `${number} ${text}`).toSorted()).toEqual([
      'R1-SE Order 9-SE is not in the warehouse.',
      'R2-SE Order 5178-SE has no row 7 in the warehouse.',
      'R3-EU Order 5178-SE is not in the warehouse.',
    ]);
    expect(await stage.simulator.control.returnOrders()).toEqual([]);
  });

  it('is written once although its answer is dropped', async () => {
    await stage.simulator.control.arm({ on: 'PUT /returnOrders', kind: 'drop', afterCommit: true });
    await stage.publish(ReturnAnnounced.of(aReturn('R1', order, '1')));
    await toldBy(stage, ReturnAccepted);
    expect(await stage.simulator.control.returnOrders()).toMatchObject([{ puts: { done: 1 } }]);
  });
});

describe('goods that are found at the dock', () => {
  it('are told as a return of their order, which nobody announced', async () => {
    await send();
    const { control } = stage.simulator;
    await control.takeBack({ order, lines: [{ row: '1', quantity: 1 }] });
    await toldBy(stage, OrderReturned);
    await control.takeBack({ order, lines: [{ row: '1', quantity: 2 }] });
    const all = await toldBy(stage, OrderReturned, 2);
    expect(all.map(({ return: of, lines }) => [of, lines])).toEqual([
      [undefined, [back('1', true)]],
      [undefined, [back('2', true)]],
    ]);
    await eventually(async () => (await sellable()) === '9');
  });

  it('are told each with its own cause, and broken ones as scrapped', async () => {
    await send();
    const { control } = stage.simulator;
    await control.takeBack({ order, lines: [{ row: '1', quantity: 1 }] });
    await control.takeBack({ order, lines: [{ row: '1', quantity: 2, cause: 'BROKEN' }] });
    const lines = async () => (await stage.told(OrderReturned)).flatMap((one) => one.lines);
    await eventually(async () => (await lines()).length === 2);
    expect(await lines()).toMatchObject([
      back('1', true),
      { ...back('2', false), cause: { code: 'BROKEN' } },
    ]);
    await eventually(async () => (await sellable()) === '7');
  });

  it('are told once where several look at the same time, as when one gateway follows another', async () => {
    const { app } = await stage.gateway();
    await send();
    await stage.simulator.control.takeBack({ order, lines: [{ row: '1', quantity: 1 }] });
    const found = await app.get(Ongoing).reads.findOrder(order);
    const looks = Array.from({ length: 6 }, () => app.get(ApplyReturns).apply(found ? [found] : []));
    await Promise.all(looks);
    expect(await toldBy(stage, OrderReturned)).toHaveLength(1);
  });
});

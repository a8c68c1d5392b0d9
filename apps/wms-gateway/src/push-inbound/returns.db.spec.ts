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
  type DataOf,
  type EventDefinition,
  type Return,
} from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { anOrder, reserved, setStage, type Stage } from '../testing/stage.ts';

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
  await told(OrderAccepted);
});

async function send(): Promise<void> {
  await stage.simulator.control.pick({ order });
  await stage.simulator.control.ship({ order, parcels: [{ number: '0037' }] });
}

async function told<D extends EventDefinition>(definition: D, count = 1): Promise<DataOf<D>[]> {
  return eventually(
    async () => {
      const all = await stage.told(definition);
      return all.length >= count && all;
    },
    { message: `${count} of ${definition.type}`, withinMs: 10_000 },
  );
}

const aReturn = (shopNumber: string, quantity: string, more: Partial<Return> = {}): Return => ({
  number: `${shopNumber}-SE`,
  channel: 'SE',
  revision: 1,
  shopNumber,
  shopOrderId: `gid-${shopNumber}`,
  order,
  announcedAt: '2026-03-05T10:00:00Z',
  lines: [{ row: '1', orderRow: '1', article: 'TEE', quantity }],
  ...more,
});
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
    await stage.publish(ReturnAnnounced.of(aReturn('R1', '2')));
    await told(ReturnAccepted, 1);
    await stage.publish(
      ReturnAnnounced.of(
        aReturn('R2', '1', { lines: [{ row: '1', orderRow: '1', article: 'TEE', quantity: '1', cause }] }),
      ),
    );
    await told(ReturnAccepted, 2);
    const { control } = stage.simulator;
    expect(await control.returnOrders()).toMatchObject([
      { number: 'R1-SE', order, lines: [{ toBeReturned: 2 }], puts: { done: 1 } },
      { number: 'R2-SE', order, lines: [{ toBeReturned: 1 }] },
    ]);
    await control.receiveReturn({ returnOrder: 'R1-SE', lines: [{ row: '1', quantity: 1 }] });
    await told(OrderReturned, 1);
    await control.receiveReturn({ returnOrder: 'R2-SE' });
    await told(OrderReturned, 2);
    await control.receiveReturn({ returnOrder: 'R1-SE' });
    const all = await told(OrderReturned, 3);
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
    await stage.publish(ReturnAnnounced.of(aReturn('R1', '1')), ReturnAnnounced.of(aReturn('R2', '1')));
    await told(ReturnAccepted, 2);
    await stage.simulator.control.receiveReturn({ returnOrder: 'R2-SE' });
    await stage.publish(withdraw('R1'), withdraw('R2'));
    expect(await told(ReturnCancelled)).toMatchObject([{ number: 'R1-SE', by: 'channel' }]);
    expect(await told(ReturnCancelRefused)).toMatchObject([{ number: 'R2-SE', reason: 'too-late' }]);
  });

  it('of an order or a row that the warehouse does not have is refused with the reason', async () => {
    await stage.publish(
      ReturnAnnounced.of(aReturn('R1', '1', { order: '9-SE' })),
      ReturnAnnounced.of(
        aReturn('R2', '1', { lines: [{ row: '1', orderRow: '7', article: 'TEE', quantity: '1' }] }),
      ),
      ReturnAnnounced.of({ ...aReturn('R3', '1'), channel: 'EU', number: 'R3-EU' }),
    );
    const refused = await told(ReturnRefused, 3);
    expect(refused.map(({ number, text }) => `${number} ${text}`).toSorted()).toEqual([
      'R1-SE Order 9-SE is not in the warehouse.',
      'R2-SE Order 5178-SE has no row 7 in the warehouse.',
      'R3-EU Order 5178-SE is not in the warehouse.',
    ]);
    expect(await stage.simulator.control.returnOrders()).toEqual([]);
  });

  it('is written once although its answer is dropped', async () => {
    await stage.simulator.control.arm({ on: 'PUT /returnOrders', kind: 'drop', afterCommit: true });
    await stage.publish(ReturnAnnounced.of(aReturn('R1', '1')));
    await told(ReturnAccepted);
    expect(await stage.simulator.control.returnOrders()).toMatchObject([{ puts: { done: 1 } }]);
  });
});

describe('goods that are found at the dock', () => {
  it('are told as a return of their order, which nobody announced', async () => {
    await send();
    const { control } = stage.simulator;
    await control.takeBack({ order, lines: [{ row: '1', quantity: 1 }] });
    await told(OrderReturned);
    await control.takeBack({ order, lines: [{ row: '1', quantity: 2 }] });
    const all = await told(OrderReturned, 2);
    expect(all.map(({ return: of, lines }) => [of, lines])).toEqual([
      [undefined, [back('1', true)]],
      [undefined, [back('2', true)]],
    ]);
    await eventually(async () => (await sellable()) === '9');
  });
});

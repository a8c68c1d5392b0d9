import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { OrderAccepted, OrderShipped, StockObserved } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { anOrder, reserved, setStage, type Stage, toldBy } from './testing/stage.ts';

const CAKE = '\u{1f382}';
/** Longer than the contract takes of an article's number. */
const LONG = 'L'.repeat(120);
const lines = [{ row: '1', article: 'TEE', quantity: '2', picked: true }];

let stage: Stage;
let url: string;
afterEach(() => stage.close());
beforeEach(async () => {
  stage = await setStage();
  const articles = ['TEE', LONG].map((number) => ({ number, stock: 10 }));
  await stage.simulator.control.seed({ articles });
  ({ url } = await stage.gateway());
});

async function sent(...shopNumbers: string[]): Promise<string[]> {
  const orders = shopNumbers.map((number) => anOrder(number, 'SE', { lines }));
  await stage.publish(...orders.map(reserved));
  await toldBy(stage, OrderAccepted, orders.length);
  return orders.map(({ number }) => number);
}
const counted = async () =>
  (await (await fetch(`${url}/metrics`)).text()).match(/ongoing_odd_answers_total\{.*/g);

it('an emoji of the warehouse is cut whole where a text is too long, and NUL is left out', async () => {
  const [order = ''] = await sent('1');
  const { control } = stage.simulator;
  await control.pick({ order });
  await control.ship({
    order,
    carrier: `${'x'.repeat(199)}${CAKE}`,
    parcels: [{ number: `${'P'.repeat(50)}\u0000${'P'.repeat(49)}${CAKE}` }],
  });
  const [shipped] = await toldBy(stage, OrderShipped);
  expect(shipped).toMatchObject({
    carrier: 'x'.repeat(199),
    parcel: 'P'.repeat(99),
    lines: [{ quantity: '2' }],
  });
});

it('one order that no message can tell of is named and counted, and all others are told', async () => {
  const [odd = '', other = ''] = await sent('1', '2');
  const { control } = stage.simulator;
  await control.editByHand({ order: odd, add: [{ article: LONG, quantity: 1 }] });
  await eventually(async () => (await counted())?.some((line) => line.includes('orders')));
  for (const order of [odd, other]) {
    await control.pick({ order });
    await control.ship({ order, parcels: [{ number: `P-${order}` }] });
  }
  await eventually(async () => (await stage.told(OrderShipped)).some(({ number }) => number === other));
});

it('an article whose number no message takes is named and counted, and the stock of others is told', async () => {
  const { control } = stage.simulator;
  await control.adjust({ article: 'TEE', quantity: -3 });
  await eventually(async () => (await stage.told(StockObserved)).at(-1)?.sellable === '7');
  await eventually(async () => (await counted())?.some((line) => line.includes('articles')));
});

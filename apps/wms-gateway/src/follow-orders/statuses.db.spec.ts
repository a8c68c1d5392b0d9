import { afterEach, expect, it } from '@jest/globals';
import { OrderAccepted, OrderShipped, OrderStatusChanged } from '@samlast/contracts';
import type { RunningService } from '@samlast/service';
import { eventually } from '@samlast/test-stack';
import { anOrder, reserved, setStage, type Stage } from '../testing/stage.ts';

const order = '5178-SE';
/** A tenant with statuses of its own: some that the gateway is told of, and one that nobody knows. */
const statusSet = [
  { number: 300, text: 'Frisläppt' },
  { number: 400, text: 'Plockad' },
  { number: 425, text: 'Adressfel' },
  { number: 450, text: 'Skickad' },
  { number: 451, text: 'Klar att hämta' },
  { number: 460, text: 'Packad' },
  { number: 500, text: 'Hämtad' },
  { number: 1000, text: 'Makulerad' },
];

const settings = { ORDER_POLL_MS: '100' };

let stage: Stage;
let gateway: RunningService;
afterEach(() => stage.close());

async function begin(): Promise<void> {
  stage = await setStage({ statusSet });
  await stage.simulator.control.seed({
    articles: [
      { number: 'TEE', stock: 10 },
      { number: 'FREIGHT', isStockArticle: false },
    ],
  });
  gateway = await stage.gateway({ ...settings, ORDER_STATUSES: '451=sent' });
  await stage.publish(reserved(anOrder('5178', 'SE')));
  await eventually(async () => (await stage.told(OrderAccepted)).length === 1);
}
const statuses = async () =>
  (await stage.told(OrderStatusChanged)).map(({ state, status }) => [status.number, state]);
const reaches = (number: number) =>
  eventually(async () => (await statuses()).at(-1)?.[0] === number, {
    withinMs: 30_000,
    message: `status ${number}`,
  });

it('a status that nobody knows is shown with its number and text, and the order is followed past it', async () => {
  await begin();
  const { control } = stage.simulator;
  await control.setStatus({ order, status: 425 });
  await reaches(425);
  expect((await stage.told(OrderStatusChanged)).at(-1)).toMatchObject({
    state: 'unknown',
    status: { number: 425, text: 'Adressfel' },
  });
  await control.setStatus({ order, status: 300 });
  await control.pick({ order });
  await control.ship({ order, parcels: [{ number: '0037' }] });
  await reaches(450);
  await eventually(async () => (await stage.told(OrderShipped)).length === 1);
});

it('an order may rest at 450, or go on to 500, and is told as shipped once either way', async () => {
  await begin();
  const { control } = stage.simulator;
  await control.pick({ order });
  await control.ship({ order, parcels: [{ number: '0037' }] });
  await reaches(450);
  await eventually(async () => (await stage.told(OrderShipped)).length === 1);
  // Its tenant has it wait for its buyer, which this one calls sent.
  await control.setStatus({ order, status: 451 });
  await reaches(451);
  await control.collect({ order });
  await reaches(500);
  expect((await statuses()).slice(-3)).toEqual([
    [450, 'sent'],
    [451, 'sent'],
    [500, 'collected'],
  ]);
  expect(await stage.told(OrderShipped)).toHaveLength(1);
});

it('a number that nobody knows ships nothing, whatever its size, until it is known what it means', async () => {
  await begin();
  const { control } = stage.simulator;
  await control.pick({ order });
  await control.setStatus({ order, status: 460 });
  // What a read shows is told at once, so a parcel would be told with the status.
  await reaches(460);
  expect(await stage.told(OrderShipped)).toEqual([]);
  await gateway.close();
  gateway = await stage.gateway({ ...settings, ORDER_STATUSES: '460=sent' });
  await eventually(async () => (await stage.told(OrderShipped)).length === 1, { withinMs: 30_000 });
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DemoOrder } from '@samlast/local/demo-shop';
import { differences, nothingAside } from './testing/audit.ts';
import { World } from './testing/world.ts';

const LINES = 500;

let world: World;
beforeAll(async () => {
  world = await World.start({ pieces: { TEE: 2 * LINES, CAP: 20 } });
});
afterAll(() => world?.close());

const hebrew = 'רחוב הרצל 1, דירה 2';
const buyers: [string, DemoOrder['buyer']][] = [
  ['no more than a name', { name: 'K' }],
  [
    'an address from right to left',
    { name: 'דנה כהן', address1: hebrew, city: 'תל אביב', countryCode: 'IL' },
  ],
  ['emojis', { name: 'Kim 🦜', address1: '🏠 1', remark: '🎁'.repeat(100), countryCode: 'SE' }],
  ['texts as long as they may be', { name: 'å'.repeat(200), address1: '漢'.repeat(200), countryCode: 'JP' }],
];

it.each(buyers)(
  'an order with %s gets to the warehouse, and nothing is said against it',
  async (_what, buyer) => {
    const note = `${hebrew} 🎁`;
    const order = world.shops.SE.model.buy({ lines: [{ article: 'CAP', quantity: 1 }], buyer, note });
    await world.arrived(`${order.number}-SE`);
    expect(order.notes).toEqual([]);
  },
);

it(`an order of ${LINES} lines gets there with all of them, and nothing is set aside`, async () => {
  const lines = Array.from({ length: LINES }, () => ({ article: 'TEE', quantity: 1 }));
  const order = world.shops.SE.model.buy({ lines });
  expect((await world.arrived(`${order.number}-SE`)).lines).toHaveLength(LINES);
  expect(await differences(world)).toEqual([]);
  await nothingAside(world);
});

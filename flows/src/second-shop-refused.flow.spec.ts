import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DemoShop, startDemoShop } from '@samlast/local/demo-shop';
import { eventually } from '@samlast/test-stack';
import { differences, nothingAside } from './testing/audit.ts';
import { WRONG_CONFIGURATION } from './testing/system.ts';
import { World } from './testing/world.ts';

let world: World;
let stranger: DemoShop;

beforeAll(async () => {
  stranger = await startDemoShop({ code: 'SE', token: 'what-a-shop-asks-for' });
  world = await World.start({ pieces: { TEE: 10 } });
});

afterAll(async () => {
  await world?.close();
  await stranger?.stop();
});

const owned = () =>
  world.system.ask<{ channels: { code: string; shopIdentity: string }[] }>('stock-authority', '/channels');

describe('a second shop under a code in use', () => {
  it('does not start, and says whose code it is and what to do', async () => {
    await world.system.plan('stranger', 'channel-se', { SHOP_URL: stranger.url });
    const { code, output } = await world.system.refused('stranger');
    expect(code).toBe(WRONG_CONFIGURATION);
    expect(output).toContain('CHANNEL_CODE SE cannot be used for this shop');
    expect(output).toContain(stranger.url);
    expect(output).toContain('held by another shop');
    expect(output).toContain('Give this shop a code of its own in channels.json');
  });

  it('changes nothing for the shop that has it', async () => {
    stranger.model.setStock('TOTE-BAG', 1);
    stranger.model.buy({ lines: [{ article: 'TOTE-BAG', quantity: 1 }] });
    const { channels } = await owned();
    expect(channels.find(({ code }) => code === 'SE')?.shopIdentity).toBe(world.shops.SE.url);
    const order = world.buy('SE', 'TEE');
    await world.arrived(`${order.number}-SE`);
    await world.allShow('TEE', 9);
    expect(await differences(world)).toEqual([]);
  });
});

describe('a second instance of the same shop', () => {
  it('stands by, and takes over within seconds when the first one is killed', async () => {
    await world.system.plan('channel-se-2', 'channel-se');
    await world.system.startPart('channel-se-2');
    expect(world.system.process('channel-se-2').output).not.toContain('works for its shop');
    await world.system.kill('channel-se');
    const killedAt = performance.now();
    const order = world.buy('SE', 'TEE');
    await world.arrived(`${order.number}-SE`, 20_000);
    console.error(`the second instance took over within ${Math.round(performance.now() - killedAt)} ms`);
    await eventually(() => world.system.process('channel-se-2').output.includes('works for its shop'));
    await world.allShow('TEE', 8);
  });

  it('leaves the one that comes back standing by, and every order was read once', async () => {
    await world.system.startPart('channel-se');
    await world.arrived(`${world.buy('SE', 'TEE').number}-SE`);
    expect(world.system.process('channel-se').output).not.toContain('works for its shop');
    const [row] = await world.system.database.query<{ count: string }>(
      'SELECT count(*) FROM channel_se.shop_orders',
    );
    expect(Number(row?.count)).toBe(world.orders('SE').length);
    expect(await differences(world)).toEqual([]);
    await nothingAside(world);
  });
});

describe('a service with a wrong configuration refuses to start and names every fault', () => {
  const everywhere = { SERVICE_PORT: 'many', DATABASE_URL: 'mysql://nowhere', BUS: 'rabbit' };
  const faults = ['SERVICE_PORT', 'DATABASE_URL', 'BUS'];

  it.each([
    ['stock-authority', { CHANNEL_SILENT_S: '0' }],
    ['wms-gateway', { ONGOING_URL: 'ftp://wms', INSTALLATION: 'Not Allowed', ONGOING_GOODS_OWNER_ID: 'x' }],
    ['channel-se', { SHOP_URL: 'shop', WEBHOOK_SECRET: 'short', POLL_MS: '1' }],
  ])('%s', async (like, env: Record<string, string>) => {
    const name = `wrong-${like}`;
    await world.system.plan(name, like, { ...everywhere, ...env });
    const { code, output } = await world.system.refused(name);
    expect(code).toBe(WRONG_CONFIGURATION);
    for (const variable of [...faults, ...Object.keys(env)])
      expect(output).toMatch(new RegExp(`- ${variable}\\b`));
    expect(output).toContain(`its configuration has ${faults.length + Object.keys(env).length} fault(s)`);
    expect(output).toContain('docs/operating.md');
  });
});

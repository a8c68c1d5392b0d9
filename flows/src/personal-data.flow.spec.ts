import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DemoOrder } from '@samlast/local/demo-shop';
import { eventually } from '@samlast/test-stack';
import { poison } from './testing/poison.ts';
import { type Code, World } from './testing/world.ts';

/** Nobody is called so, and nothing else contains it. */
const buyer = {
  name: 'Zyxandra Qwertzqvist',
  company: 'Kanariekompaniet',
  address1: 'Vrålåkersgränd 4711',
  address2: 'c/o Flimmerquist',
  address3: 'Tredje Vindsröret',
  postCode: '98760-ZQ',
  city: 'Kvittersund',
  countryCode: 'SE',
  stateCode: 'ZQ-Kvitterlän',
  email: 'zyx.qwertzqvist@buyer.example',
  phone: '+46709988776',
  customerNumber: 'KUND-ZQ-77123',
  remark: 'Porttelefonen heter Snurrevipp',
};
/** Nobody knows what a buyer writes in free texts. */
const written = {
  note: 'Ring Zebulon Mumrik innan leverans',
  comment: 'Gravera Trollhilda Kvack på kannan',
};
const canaries = [...Object.values(buyer), ...Object.values(written)].filter((value) => value !== 'SE');

let world: World;

beforeAll(async () => {
  const loud = { LOG_LEVEL: 'debug' };
  world = await World.start({
    pieces: { TEE: 20, GONE: 0 },
    console: true,
    authorityEnv: loud,
    gatewayEnv: loud,
    channelEnv: loud,
    consoleEnv: loud,
  });
});

afterAll(() => world?.close());

function buy(code: Code, article = 'TEE'): DemoOrder {
  const { note, comment } = written;
  return world.shops[code].model.buy({ lines: [{ article, quantity: 1, comment }], note, buyer });
}

/** Where canaries stand in a text; never the text itself, which may be long. */
const found = (text: string) =>
  canaries.filter((canary) => text.toLowerCase().includes(canary.toLowerCase()));

/** What a person or a monitoring system gets to read of each service. */
async function readable(): Promise<Record<string, string>> {
  const { system } = world;
  const everywhere = ['/metrics', '/ops/dead-letters'];
  const paths: [string, string[]][] = [
    ['stock-authority', ['held', 'waiting', 'refused'].map((state) => `/ops/orders?state=${state}`)],
    ['stock-authority', ['/ops/articles/TEE', '/channels']],
    ['wms-gateway', ['/ops/queue', '/ops/refused-orders', '/ops/foreign-orders', '/ops/orders/5178-SE']],
    ...['channel-se', 'channel-eu', 'channel-erp'].map((name): [string, string[]] => [
      name,
      [
        '/ops/unreadable-orders',
        '/ops/orders-before-start',
        '/ops/jobs',
        '/ops/shelves/TEE',
        '/ops/edited-shelves',
      ],
    ]),
    ...system.started.map((name): [string, string[]] => [name, everywhere]),
  ];
  const texts: Record<string, string> = { 'output of all services': system.output };
  for (const name of system.started)
    texts[`${name}/health/ready`] = await (await fetch(`${system.url(name)}/health/ready`)).text();
  for (const [name, list] of paths) {
    for (const path of list) texts[`${name}${path}`] = JSON.stringify(await system.ask(name, path));
  }
  return texts;
}

/** The console's own tables, row by row as texts; what is set aside holds the message as it came, to be tried again. */
async function projection(): Promise<Record<string, string>> {
  const { query } = world.system.database;
  const tables = await query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'console' AND table_name <> 'dead_letters'`,
  );
  const texts: Record<string, string> = {};
  for (const { name } of tables) {
    const rows = await query<{ row: string }>(`SELECT t::text AS row FROM console."${name}" t`);
    texts[`console.${name}`] = rows.map(({ row }) => row).join('\n');
  }
  expect(Object.keys(texts)).toContain('console.orders');
  return texts;
}

async function nowhere(): Promise<void> {
  const texts = { ...(await readable()), ...(await projection()) };
  const leaks = Object.entries(texts).flatMap(([where, text]) =>
    found(text).map((canary) => `${where} shows ${canary}`),
  );
  expect(leaks).toEqual([]);
}

describe('the name and address of a buyer', () => {
  it('reach the warehouse, which needs them, and nothing that people read on the way', async () => {
    await Promise.all(
      (['SE', 'EU', 'ERP'] as Code[]).map((code) => world.arrived(`${buy(code).number}-${code}`)),
    );
    const kept = JSON.stringify(await world.control.save());
    expect(found(kept).toSorted()).toEqual(canaries.toSorted());
    const erp = world.orders('ERP')[0];
    await world.control.pick({ order: `${erp?.number}-ERP` });
    await world.control.ship({ order: `${erp?.number}-ERP`, carrier: 'PostNord', waybill: 'WB1' });
    await eventually(() => erp?.fulfilments.length === 1);
    await eventually(async () => (await projection())['console.orders']?.includes(`${erp?.number}-ERP`));
    await nowhere();
  });

  it('are not repeated where the warehouse refuses the order in words that quote it', async () => {
    await world.control.arm({ on: 'PUT /orders', kind: 'refuse' });
    const order = buy('SE');
    const number = `${order.number}-SE`;
    await eventually(() => order.notes.some(({ text }) => text.includes('refused the order')), {
      withinMs: 30_000,
    });
    const refused = await world.system.ask<{ number: string; text: string }[]>(
      'wms-gateway',
      '/ops/refused-orders',
    );
    expect(refused.find((one) => one.number === number)?.text).toContain('This cannot be taken');
    expect(found(order.notes.map(({ text }) => text).join())).toEqual([]);
    await nowhere();
  });

  it('are not repeated of an order that is held, nor where its shop refuses to hear of it', async () => {
    const order = buy('ERP', 'GONE');
    world.shops.ERP.faults.dropAnswers(/^POST \/orders/, 3);
    await eventually(() => order.notes.length > 0);
    await nowhere();
  });

  it('are in no log where the shop quotes them in its refusal; only its list has the words', async () => {
    const order = buy('SE');
    const number = `${order.number}-SE`;
    await world.arrived(number);
    const quote = (status: number) => ({ status, message: `No: ${canaries.join(' / ').slice(0, 290)}` });
    const { faults } = world.shops.SE;
    // A sale elsewhere makes the channel write this shop's stock.
    faults.refuse(/^PUT \/stock/, quote(503));
    faults.refuse(/^GET \/orders/, quote(503));
    world.buy('EU', 'TEE');
    await eventually(() => faults.refusalsLeft === 0);
    faults.refuse(/^POST \/orders\/[^/]+\/fulfilments/, quote(422));
    await world.control.pick({ order: number });
    await world.control.ship({ order: number, carrier: 'PostNord', waybill: 'WB2' });
    const refused = await eventually(
      async () => {
        const jobs = await world.system.ask<{ number: string; state: string; reason: string }[]>(
          'channel-se',
          '/ops/jobs',
        );
        return jobs.find((job) => job.number === number && job.state === 'parked');
      },
      { withinMs: 30_000 },
    );
    expect(refused.reason).toContain(buyer.name);
    expect(world.system.output).toContain('the shop refused a call');
    expect(found(world.system.output)).toEqual([]);
    const [job] = await world.system.ask<{ id: string }[]>('channel-se', '/ops/jobs');
    await world.system.ask('channel-se', `/ops/jobs/${job?.id}/retry`, {
      method: 'POST',
      body: { author: 'flow', reason: 'the shop was asked' },
    });
    await eventually(() => order.fulfilments.length === 1);
    await nowhere();
  });

  it('are not repeated of messages that nobody can work with', async () => {
    const [order] = world.orders('SE');
    const data = { ...order, consignee: buyer, number: '9001-SE', shopNumber: '9001' };
    const whole = JSON.stringify(data);
    await poison(world.system, { type: 'order.placed', key: '9001-SE', value: whole });
    await poison(world.system, { type: 'order.placed', key: '9002-SE', value: whole.slice(0, -20) });
    const wrongName = { ...data, consignee: { ...buyer, countryCode: buyer.city, email: [buyer.email] } };
    await poison(world.system, { type: 'order.placed', key: '9004-SE', value: JSON.stringify(wrongName) });
    const keys = ['9001-SE', '9002-SE', '9004-SE'];
    await eventually(
      async () => {
        const letters = await world.system.ask<{ key: string }[]>('stock-authority', '/ops/dead-letters');
        return keys.every((key) => letters.some((letter) => letter.key === key));
      },
      { withinMs: 30_000 },
    );
    const { system } = world;
    for (const letter of await system.ask<{ id: string }[]>('stock-authority', '/ops/dead-letters')) {
      await system.ask('stock-authority', `/ops/dead-letters/${letter.id}/retry`, {
        method: 'POST',
        body: { author: 'flow', reason: 'tried again' },
      });
    }
    await nowhere();
  });

  it('are in no word that a service leaves behind when it dies and comes back', async () => {
    const orders = (['SE', 'EU', 'ERP'] as Code[]).map((code) => ({ code, order: buy(code) }));
    for (const name of ['channel-se', 'stock-authority', 'wms-gateway'])
      await world.system.killAndRestart(name);
    world.system.between.database.cut();
    await eventually(async () => !(await fetch(`${world.system.url('wms-gateway')}/health/ready`)).ok);
    world.system.between.database.resume();
    for (const { code, order } of orders) await world.arrived(`${order.number}-${code}`, 40_000);
    await nowhere();
  });
});

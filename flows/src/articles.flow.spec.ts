import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { nothingAside } from './testing/audit.ts';
import { type Code, World } from './testing/world.ts';

interface Finding {
  article: string;
  kind: string;
  channel: string;
  text: string;
  remedy: string;
}

const [BARCODE, OTHER_BARCODE] = ['7350000000016', '7350000000023'];
let world: World;
let cookie: string;

/** The ERP makes numbers, names and barcodes; EU stands for the system that measures; SE just sells. */
beforeAll(async () => {
  world = await World.start({
    pieces: { TEE: 3, MUG: 5, CAP: 2 },
    lines: { EU: { articleAspects: ['measures', 'customs'] } },
    gatewayEnv: { SWEEP_MS: '2000' },
    channelEnv: { ARTICLES_POLL_MS: '1000' },
    console: true,
  });
  const response = await onConsole('POST', '/api/session', { password: 'a-password-of-the-flows' });
  cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
});
afterAll(() => world?.close());

function onConsole(method: string, path: string, body?: object): Promise<Response> {
  const url = world.system.url('console');
  return fetch(url + path, {
    method,
    headers: { origin: url, ...(cookie && { cookie }), ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
}
const say = (code: Code, number: string, more: object, weightKg?: string) =>
  world.shops[code].model.putArticle({
    number,
    name: `Article ${number}`,
    price: '10',
    ...(weightKg && { weightKg }),
    more: { barcode: BARCODE, ...more },
  });
/** An article as the warehouse has it. */
const there = async (number: string) => (await world.control.articles({ numbers: [number] }))[0];
const has = (number: string, fields: object) =>
  eventually(async () => expect((await there(number))?.fields).toMatchObject(fields) ?? true, {
    withinMs: 30_000,
  });

/** What the console shows: waits until one of these is there, or none any more. */
async function onList(kind: string, article: string): Promise<Finding[]> {
  const response = await onConsole('GET', `/api/catalogue?kind=${kind}`);
  const { findings } = (await response.json()) as { findings: Finding[] };
  return findings.filter((one) => one.article === article);
}
const listed = (kind: string, article: string) =>
  eventually(async () => (await onList(kind, article))[0], {
    withinMs: 30_000,
    message: `${kind} ${article}`,
  });
const settled = (kind: string, article: string) =>
  eventually(async () => (await onList(kind, article)).length === 0, {
    withinMs: 30_000,
    message: `no ${kind} ${article}`,
  });

describe('article data of several systems', () => {
  it('reaches the warehouse aspect by aspect, and what a shop says of it does not', async () => {
    say('SE', 'TEE', { description: 'SALE', lengthM: '30' }, '210');
    say('EU', 'TEE', { lengthM: '0.3', dangerousGoods: { unNumber: '1950', packing: 'II' } }, '0.21');
    say('ERP', 'TEE', { unit: 'pcs', group: { code: 'TSHIRTS', name: 'T-shirts' }, description: 'Cotton' });
    await has('TEE', {
      articleName: 'Article TEE',
      description: 'Cotton',
      unitCode: 'pcs',
      articleGroup: { code: 'TSHIRTS', name: 'T-shirts' },
      barCodeInfo: { barCode: BARCODE },
      weight: 0.21,
      length: 0.3,
    });
    await eventually(async () => (await there('TEE'))?.dangerousGoods?.unNumber === '1950');
    // It is listed as soon as SE has said it, and anew when EU has.
    await eventually(async () => {
      expect(await listed('not-owner', 'TEE')).toMatchObject({
        channel: 'SE',
        text: expect.stringContaining('weight 210 kg (EU: 0.21 kg)'),
        remedy: expect.stringContaining('belong to EU'),
      });
      return true;
    });
    const refused = await world.system.ask<{ article: string; reason: string }[]>(
      'channel-se',
      '/ops/refused-articles',
    );
    expect(refused).toContainEqual(expect.objectContaining({ article: 'TEE', reason: 'not-master' }));
    say('SE', 'TEE', { description: 'Cotton' });
    // Members that are left out are left alone, so the shop says the right ones once.
    say('SE', 'TEE', { description: 'Cotton', lengthM: '0.3' }, '0.21');
    await settled('not-owner', 'TEE');
  });

  it('that cannot be right stays out, is listed with what to do, and goes there when it is put right', async () => {
    say('EU', 'TEE', { lengthM: '0.4' }, '3000');
    expect(await listed('implausible', 'TEE')).toMatchObject({
      channel: 'EU',
      text: expect.stringContaining('Is that grams?'),
    });
    await has('TEE', { weight: 0.21, length: 0.4 });
    say('EU', 'TEE', { lengthM: '0.4' }, '0.3');
    await settled('implausible', 'TEE');
    await has('TEE', { weight: 0.3 });
  });

  it('that staff changed is kept, shown, and written over when a person says so', async () => {
    await world.control.editArticle({ article: 'TEE', fields: { weight: 0.5 } });
    const { text } = await listed('changed-in-wms', 'TEE');
    expect(text).toContain('weight 0.5 kg (EU: 0.3 kg)');
    say('EU', 'TEE', { lengthM: '0.45' }, '0.3');
    await has('TEE', { weight: 0.5, length: 0.45 });
    const why = { author: 'Eva', reason: 'It was weighed with its pallet.' };
    expect((await onConsole('POST', '/api/catalogue/TEE/write', why)).status).toBe(200);
    await has('TEE', { weight: 0.3 });
    await settled('changed-in-wms', 'TEE');
  });

  it('is recognised after a shop gave it another number, and orders under the old one go on', async () => {
    const order = world.buy('SE', 'TEE');
    world.shops.SE.model.renameArticle('TEE', 'TEE-1');
    expect(await listed('other-number', 'TEE-1')).toMatchObject({
      channel: 'SE',
      text: expect.stringContaining(`${BARCODE} under TEE`),
    });
    await world.arrived(`${order.number}-SE`);
    await world.control.pick({ order: `${order.number}-SE` });
    await world.control.ship({ order: `${order.number}-SE` });
    await eventually(() => world.shops.SE.model.find(order.id).lines[0]?.fulfilled === 1, {
      withinMs: 30_000,
    });
    world.shops.SE.model.renameArticle('TEE-1', 'TEE');
    await settled('other-number', 'TEE-1');
  });

  it('that the ERP deleted goes inactive in the warehouse, but not before its last piece has left', async () => {
    say('ERP', 'MUG', { barcode: OTHER_BARCODE });
    await has('MUG', { barCodeInfo: { barCode: OTHER_BARCODE } });
    for (const code of ['ERP', 'SE', 'EU'] as const) world.shops[code].model.removeArticle('MUG');
    expect(await listed('gone-with-stock', 'MUG')).toMatchObject({ channel: 'ERP' });
    expect((await there('MUG'))?.fields.isActive).not.toBe(false);
    await world.control.adjust({ article: 'MUG', quantity: -5 });
    await has('MUG', { isActive: false });
    await settled('gone-with-stock', 'MUG');
    say('ERP', 'MUG', { barcode: OTHER_BARCODE });
    await has('MUG', { isActive: true });
  });

  it('sets nothing aside in any service', async () => {
    await nothingAside(world);
  });
});

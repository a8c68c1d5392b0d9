import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '../start.ts';
import { ask, type Body } from '../testing/ask.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.seed({ articles: [{ number: 'TEE', stock: 10 }, { number: 'CAP' }] });
});

const put = (body: object, path = 'articles') =>
  ask(simulator, 'PUT', path, { body: { goodsOwnerId: 41, ...body } });
async function article(number: string): Promise<Body> {
  const { body } = await ask(simulator, 'GET', `articles?goodsOwnerId=41&articleNumber=${number}`);
  return body[0];
}

describe('2: article data', () => {
  it('keeps members that are left out, and takes nested ones whole', async () => {
    const barCodeInfo = { barCode: '1', barCodePackage: '2' };
    await put({ articleNumber: 'TEE', articleName: 'T-shirt', weight: '0.21', barCodeInfo });
    await put({ articleNumber: 'tee', unitCode: 'St', barCodeInfo: { barCode: '3' } });
    expect(await article('TEE')).toMatchObject({ articleName: 'T-shirt', weight: 0.21, unitCode: 'st' });
    expect((await article('TEE')).barCodeInfo).toEqual({ barCode: '3' });
  });

  it('loses members that are left out where the tenant does so', async () => {
    await put({ articleNumber: 'TEE', articleName: 'T-shirt', weight: 0.21 });
    await simulator.control.knobs({ omittedMembers: 'cleared' });
    await put({ articleNumber: 'TEE', articleName: 'Tee' });
    expect(await article('TEE')).toMatchObject({ articleName: 'Tee', weight: null });
  });

  it('refuses members of another kind, by their names', async () => {
    const { status, body } = await put({ articleNumber: 'TEE', weight: 'heavy', barCodeInfo: '1' });
    expect(status).toBe(400);
    expect(Object.keys(body.modelState)).toEqual(['weight', 'barCodeInfo']);
  });

  it('is changed by staff without anybody being told', async () => {
    await simulator.control.editArticle({ article: 'TEE', fields: { weight: 0.4 } });
    expect(await article('TEE')).toMatchObject({ weight: 0.4 });
  });

  it('is in no answer after staff deleted the article, until it is written again', async () => {
    await simulator.control.removeArticle({ article: 'TEE' });
    expect(await article('TEE')).toBeUndefined();
    const changed = await ask(
      simulator,
      'GET',
      'articles?goodsOwnerId=41&stockInfoChangedFrom=' + new Date(Date.now() - 60_000).toISOString(),
    );
    expect(changed.body).toEqual([]);
    await put({ articleNumber: 'TEE', articleName: 'T-shirt' });
    expect(await article('TEE')).toMatchObject({ inventoryInfo: { numberOfItems: 0 } });
  });

  it('stays while an order, a purchase order or a kit names it', async () => {
    const rows = [{ articleNumber: 'TEE', numberOfItems: 2 }];
    await put({ articleNumber: 'KIT', structureDefinition: { articleKind: 'Structure', rows } });
    await expect(simulator.control.removeArticle({ article: 'TEE' })).rejects.toThrow(/part of KIT/);
    await simulator.control.removeArticle({ article: 'KIT' });
    await simulator.control.typeIn({ number: 'C1', lines: [{ article: 'TEE', quantity: 1 }] });
    await expect(simulator.control.removeArticle({ article: 'TEE' })).rejects.toThrow(/order C1/);
    await simulator.control.removeArticle({ article: 'CAP' });
  });
});

describe('kits and dangerous goods', () => {
  it('are in no answer about the article, but in those of their own', async () => {
    const rows = [{ articleNumber: 'TEE', numberOfItems: 2 }];
    await put({ articleNumber: 'KIT', structureDefinition: { articleKind: 'Structure', rows } });
    const dangerousGoods = { unNumber: '1950', unPackageType: 'II', flashPoint: -40 };
    await put({ articleNumber: 'CAP', dangerousGoods }, 'articles/dangerousGoods');
    const kit = await article('KIT');
    expect(kit).not.toHaveProperty('structureDefinition');
    expect(await article('CAP')).not.toHaveProperty('dangerousGoods');
    const structure = await ask(simulator, 'GET', `articles/${kit.articleSystemId}/structureDefinition`);
    expect(structure.body).toMatchObject({ articleKind: 'Structure', rows });
    const kits = await ask(
      simulator,
      'GET',
      'articles/structureDefinitions?goodsOwnerId=41&articleKind=Structure',
    );
    expect(kits.body.map((one: Body) => one.articleNumber)).toEqual(['KIT']);
    const dangers = await ask(simulator, 'GET', 'articles/dangerousGoods?goodsOwnerId=41&articleNumbers=CAP');
    expect(dangers.body).toEqual([
      {
        articleSystemId: expect.any(Number),
        articleNumber: 'CAP',
        dangerousGoods: expect.objectContaining({
          unNumber: { unNumber: '1950', unTunnelCodes: [], unClassNumber: null },
          unPackageType: 'II',
          flashPoint: -40,
          emsCode: null,
        }),
      },
    ]);
  });

  it('need a UN number, and an article', async () => {
    const path = 'articles/dangerousGoods';
    expect((await put({ articleNumber: 'CAP', dangerousGoods: {} }, path)).status).toBe(400);
    expect((await put({ articleNumber: 'NONE', dangerousGoods: { unNumber: '1' } }, path)).status).toBe(400);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@samlast/test-stack';
import { startTryton } from '../../../tools/real-shops/tryton/tryton-erp.mjs';
import { keeperOf } from '../../../tools/real-shops/tryton/tryton-keeper.mjs';
import { shipParcel } from './ship-parcel.ts';
import { TrytonRpc } from './tryton-rpc.ts';

const ARTICLE = 'ART-1';

let databases: TestDatabase;
let erp: Awaited<ReturnType<typeof startTryton>>;
let keeper: ReturnType<typeof keeperOf>;
let rpc: TrytonRpc;

beforeAll(async () => {
  databases = await testDatabase('shops');
  const options = { code: 'carriers', postgres: databases.url, articles: [ARTICLE] };
  erp = await startTryton({ ...options, fresh: true });
  keeper = keeperOf(erp);
  rpc = new TrytonRpc({
    TRYTON_URL: erp.url,
    TRYTON_DATABASE: erp.database,
    TRYTON_USERNAME: erp.channelUser.username,
    TRYTON_PASSWORD: erp.channelUser.password,
  });
  for (const name of ['PostNord', 'Bring']) await keeper.addCarrier(name);
});

afterAll(async () => {
  await erp?.process.stop();
  await databases?.drop();
});

/** The only shipment of a new sale, once its parcel has been told twice. */
async function sentWith(carrier: string, chosen?: string) {
  const { id, number } = await keeper.sell(ARTICLE, 1);
  if (chosen) await keeper.chooseCarrier(id, chosen);
  const [sale] = (await rpc.call('model.sale.sale.read', [[id], ['lines']])) as [{ lines: number[] }];
  const order = { id: String(id), shopNumber: number, number: `${number}-TT` };
  const lines = sale.lines.map((line) => ({ id: String(line), article: ARTICLE, quantity: '1' }));
  const parcel = { parcel: 'p1', lines, carrier, shippedAt: new Date().toISOString() };
  await shipParcel(rpc, order, parcel, undefined);
  await shipParcel(rpc, order, parcel, undefined);
  return (await keeper.sale(id)).shipments[0];
}

describe('the carrier of a parcel', () => {
  it('is the carrier of its shipment where Tryton has one of that name', async () => {
    expect(await sentWith('PostNord')).toMatchObject({ state: 'done', carrier: 'PostNord', notes: [] });
  });

  it('is a note at the shipment where Tryton has none of that name, or two', async () => {
    const notes = ['The warehouse sent this with DHL. [samlast p1]'];
    expect(await sentWith('DHL')).toMatchObject({ state: 'done', carrier: undefined, notes });
    for (const name of ['DHL', 'DHL']) await keeper.addCarrier(name);
    expect(await sentWith('DHL')).toMatchObject({ state: 'done', carrier: undefined, notes });
  });

  it('is a note where staff has chosen another one, and nothing new where it has chosen that one', async () => {
    const notes = ['The warehouse sent this with PostNord. [samlast p1]'];
    expect(await sentWith('PostNord', 'Bring')).toMatchObject({ state: 'done', carrier: 'Bring', notes });
    expect(await sentWith('Bring', 'Bring')).toMatchObject({ state: 'done', carrier: 'Bring', notes: [] });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@samlast/test-stack';
import { startTryton } from '../../../tools/real-shops/tryton/tryton-erp.mjs';
import { keeperOf } from '../../../tools/real-shops/tryton/tryton-keeper.mjs';
import { receiveGoods } from './receive-goods.ts';
import { shipParcel } from './ship-parcel.ts';
import { TrytonRpc } from './tryton-rpc.ts';

const ARTICLE = 'ART-1';
const at = new Date().toISOString();

/** Ends, as a crash would, once so many changes have been made; the last of them has reached Tryton. */
class CrashingRpc extends TrytonRpc {
  changesLeft = Infinity;

  override async change(...call: Parameters<TrytonRpc['change']>): Promise<unknown> {
    const answer = await super.change(...call);
    if (--this.changesLeft === 0) throw new Error('crashed');
    return answer;
  }
}

let databases: TestDatabase;
let erp: Awaited<ReturnType<typeof startTryton>>;
let keeper: ReturnType<typeof keeperOf>;
let rpc: CrashingRpc;

beforeAll(async () => {
  databases = await testDatabase('shops');
  erp = await startTryton({
    code: 'crash',
    postgres: databases.url,
    fresh: true,
    articles: [ARTICLE],
    stock: 1,
  });
  keeper = keeperOf(erp);
  await keeper.addCarrier('PostNord');
  rpc = new CrashingRpc({
    TRYTON_URL: erp.url,
    TRYTON_DATABASE: erp.database,
    TRYTON_USERNAME: erp.channelUser.username,
    TRYTON_PASSWORD: erp.channelUser.password,
  });
});

afterAll(async () => {
  await erp?.process.stop();
  await databases?.drop();
});

/** Crashes after the first change, after the second one, and so on, until there is none left to crash after. */
async function crashingAfterEach(
  begin: () => Promise<() => Promise<void>>,
  check: (count: number) => Promise<void>,
) {
  for (let count = 1; ; count++) {
    const act = await begin();
    rpc.changesLeft = count;
    const crashed = await act().then(
      () => false,
      (error: unknown) => String(error) === 'Error: crashed',
    );
    rpc.changesLeft = Infinity;
    await act();
    await act();
    await check(count);
    if (!crashed) return count - 1;
  }
}

describe('a crash in the middle', () => {
  it('of a parcel leaves it to be carried out once, with one package, and the rest waiting', async () => {
    let sale = 0;
    const begin = async () => {
      const { id, number } = await keeper.sell(ARTICLE, 5);
      sale = id;
      const { lines } = (await rpc.call('model.sale.sale.read', [[id], ['lines']]).then(first)) as {
        lines: number[];
      };
      const order = { id: String(id), shopNumber: number, number: `${number}-TT` };
      const line = { id: String(lines[0]), article: ARTICLE, quantity: '2' };
      const tracked = { carrier: 'PostNord', trackingNumber: 'TRACK-1' };
      const parcel = { parcel: 'p1', lines: [line], ...tracked, shippedAt: at };
      return () => shipParcel(rpc, order, parcel, undefined);
    };
    const crashes = await crashingAfterEach(begin, async (count) => {
      const { shipments } = await keeper.sale(sale);
      expect([count, shipments]).toEqual([
        count,
        [
          expect.objectContaining({ state: 'done', quantity: 2, tracking: ['TRACK-1'], carrier: 'PostNord' }),
          expect.objectContaining({ state: 'waiting', quantity: 3, tracking: [], carrier: undefined }),
        ],
      ]);
    });
    expect(crashes).toBeGreaterThan(6);
  });

  it('of a receipt leaves it to be booked once', async () => {
    let purchase = 0;
    const begin = async () => {
      const { id, number } = await keeper.order(ARTICLE, 5);
      purchase = id;
      const { lines } = (await rpc.call('model.purchase.purchase.read', [[id], ['lines']]).then(first)) as {
        lines: number[];
      };
      const ref = { id: String(id), shopNumber: number, number: `${number}-TT` };
      const line = { id: String(lines[0]), article: ARTICLE, quantity: '7' };
      const news = { kind: 'receipt' as const, key: 'r1', receipt: 'r1', lines: [line], receivedAt: at };
      return () => receiveGoods(rpc, ref, news);
    };
    const crashes = await crashingAfterEach(begin, async (count) => {
      const { receipts, shipmentState } = await keeper.purchase(purchase);
      expect([count, shipmentState, receipts]).toEqual([
        count,
        'received',
        [expect.objectContaining({ state: 'done', quantity: 7 })],
      ]);
    });
    expect(crashes).toBe(3);
  });
});

const first = (records: unknown) => (records as unknown[])[0];

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { startSimulator, type Simulator } from '../start.ts';
import { ask, line, putOrder, putPurchase, type Body } from '../testing/ask.ts';
import { type Receiver, startReceiver } from '../testing/receiver.ts';

let simulator: Simulator;
let receiver: Receiver;

beforeAll(async () => {
  simulator = await startSimulator();
  receiver = await startReceiver();
});
afterAll(async () => {
  await simulator.close();
  await receiver.close();
});

type Told = Parameters<Simulator['control']['webhooks']>[0];
type Events = NonNullable<NonNullable<NonNullable<Told>['hooks']>[number]['events']>;

async function tellOf(...events: Events): Promise<void> {
  await simulator.control.webhooks({ hooks: [{ url: receiver.url, events }] });
}

beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.seed({ articles: [{ number: 'TEE', stock: 10 }] });
  receiver.received = [];
});

/** In the order in which they happened, for they may overtake each other on the way. */
async function arrived(count: number): Promise<Body[]> {
  await eventually(() => receiver.received.length >= count, {
    everyMs: 5,
    message: `${count} webhooks have arrived`,
  });
  const bodies = receiver.received.map(({ body }) => body);
  return bodies.toSorted((one, other) => one.webhookEventId - other.webhookEventId);
}
const TEE = { article: expect.objectContaining({ articleNumber: 'TEE' }) as object };

describe('webhooks of goods', () => {
  it('tell of corrections, receipts and locks, and never how many pieces there are now', async () => {
    const { control } = simulator;
    await tellOf('stock-adjusted', 'goods-received', 'item-status-changed');
    await control.adjust({ article: 'TEE', quantity: -2 });
    await control.receive({ article: 'TEE', quantity: 3 });
    await control.lock({ article: 'TEE', quantity: 1 });
    expect(await arrived(3)).toMatchObject([
      { webhookInventoryId: expect.any(Number), ...TEE, transaction: { transactionNumberOfItems: -2 } },
      { webhookMovesId: expect.any(Number), isReceive: true, ...TEE, purchaseOrder: null },
      { webhookArticleItemsId: expect.any(Number), ...TEE },
    ]);
    expect(JSON.stringify(receiver.received)).not.toMatch(/sellable/i);
  });

  it('tell which purchase order goods came for', async () => {
    await putPurchase(simulator, 'PO-1', [{ rowNumber: '1', articleNumber: 'TEE', numberOfItems: 4 }]);
    await tellOf('goods-received');
    await simulator.control.receiveAgainst({ purchaseOrder: 'PO-1' });
    const [told] = await arrived(1);
    expect(told).toMatchObject({ ...TEE, purchaseOrder: { purchaseOrderNumber: 'PO-1' } });
  });

  it('tell of pieces that are allocated, picked and returned for an order', async () => {
    const { control } = simulator;
    await putOrder(simulator, 'A-1', [line('1', 'TEE', 2)]);
    await tellOf('pieces-allocated', 'pieces-picked', 'pieces-returned');
    await control.allocate({ order: 'A-1' });
    await control.pick({ order: 'A-1' });
    await control.ship({ order: 'A-1' });
    await control.takeBack({ order: 'A-1', lines: [{ row: '1', quantity: 1 }] });
    const order = { orderId: expect.any(Number), orderNumber: 'A-1' };
    expect(await arrived(3)).toMatchObject([
      { webhookPickingId: expect.any(Number), isAllocated: true, isPicked: false, ...TEE, order },
      { isAllocated: false, isPicked: true, isReturned: false, articleItem: { numberOfItems: 2 }, order },
      { isPicked: false, isReturned: true, articleItem: { numberOfItems: 1 }, order },
    ]);
  });

  it('tell of articles that are made, changed and deleted', async () => {
    const { control } = simulator;
    await tellOf('article-created', 'article-updated', 'article-deleted');
    const mug = { goodsOwnerId: 41, articleNumber: 'MUG', articleName: 'Mug' };
    await ask(simulator, 'PUT', 'articles', { body: mug });
    await ask(simulator, 'PUT', 'articles', { body: { ...mug, articleName: 'Large mug' } });
    await control.removeArticle({ article: 'MUG' });
    expect(await arrived(3)).toMatchObject([
      {
        webhookTemplate: 'ArticleCreated',
        articleNumber: 'MUG',
        path: expect.stringContaining('/articles/'),
      },
      { webhookTemplate: 'ArticleUpdated', articleNumber: 'MUG' },
      { webhookTemplate: 'ArticleDeleted', articleNumber: 'MUG' },
    ]);
  });

  it('are sent to nobody who did not ask for them', async () => {
    await simulator.control.webhooks({ hooks: [{ url: receiver.url }] });
    await simulator.control.adjust({ article: 'TEE', quantity: 1 });
    await putOrder(simulator, 'A-2', [line('1', 'TEE', 1)]);
    expect((await arrived(1)).map(({ webhookTemplate }) => webhookTemplate)).toEqual(['OrderCreated']);
  });
});

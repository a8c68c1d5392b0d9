import { setTimeout as wait } from 'node:timers/promises';
import type { OngoingClient } from '../client.ts';
import type { OrderInput } from '../order.ts';
import type { Finding } from './finding.ts';

const LAG_MOST_MS = 10_000;
const LOOK_EVERY_MS = 50;
const SECOND_MS = 1_000;

/**
 * What only a write can show: one order of one piece of an article, under a number of its own, cancelled at the end.
 * For a test article alone: the floor may see the order for a moment.
 */
export async function* writeChecks(client: OngoingClient, article: string): AsyncGenerator<Finding> {
  const number = `SAMLAST-CHECK-${Date.now()}`;
  const order = (quantity: number): OrderInput => ({
    orderNumber: number,
    deliveryDate: new Date().toISOString().slice(0, 10),
    goodsOwnerOrderId: `samlast-check:${number}`,
    consignee: { name: 'Samlast check: do not ship' },
    orderLines: [{ rowNumber: '1', articleNumber: article, numberOfItems: quantity }],
  });
  const before = await sellableOf(client, article);
  if (before === undefined)
    throw new Error(`There is no article ${article} with stock figures. Name an article made for tests.`);
  const feedFrom = await nextSecond(client);
  const made = await client.putOrder(order(1));
  if (made.outcome !== 'done') {
    const why = made.outcome === 'refused' ? made.text : made.cause.detail;
    throw new Error(
      `The order of the check was not taken: ${why}. Nothing else was tried; look for ${number}.`,
    );
  }
  try {
    yield settled(
      'B1',
      'PUT answers 201 where an order is made',
      made.status === 201,
      `it answered ${made.status}`,
    );
    yield await firstStatus(client, number);
    yield await lag(client, article, before - 1);
    yield await inFeed(client, article, feedFrom);
    const again = await client.putOrder(order(2));
    yield settled('B5', 'a second PUT changes the order', again.outcome === 'done', again.outcome);
  } finally {
    // Also after a fault: nothing of the check may stay on the floor.
    const cancelled = await client.cancelOrder({ orderId: made.orderId });
    yield settled('B6', 'DELETE cancels it', cancelled.outcome === 'done', await statusWords(client, number));
  }
  const twice = await client.cancelOrder({ orderId: made.orderId });
  yield settled('B7', 'a second DELETE is refused', twice.outcome === 'refused', twice.outcome);
  yield await keepsOmitted(client, article);
}

const ANY_WEIGHT_KG = 0.1;

/** The article keeps its weight, or has one of 0.1 kg afterwards where it had none. */
async function keepsOmitted(client: OngoingClient, article: string): Promise<Finding> {
  const weightOf = async () => {
    const [found] = await client.getArticles({ articleNumbers: [article] });
    return { name: found?.articleName ?? article, weight: Number(found?.weight ?? 0) };
  };
  const before = await weightOf();
  const weight = before.weight || ANY_WEIGHT_KG;
  if (before.weight !== weight) await client.putArticle({ articleNumber: article, weight });
  await client.putArticle({ articleNumber: article, articleName: before.name });
  const kept = (await weightOf()).weight === weight;
  if (!kept) await client.putArticle({ articleNumber: article, articleName: before.name, weight });
  const assumption = 'members of an article that PUT leaves out are kept';
  const found = kept ? 'they are' : 'the weight was gone after its name had been written';
  return { ...settled('B8', assumption, kept, found), ...(!kept && { settings: { ARTICLE_PUT: 'whole' } }) };
}

/** On Ongoing's clock, which is said in whole seconds: what changed before lies before it. */
async function nextSecond(client: OngoingClient): Promise<string> {
  const { value } = await client.listArticlePages({}, { pageSize: 1 }).next();
  const now = value?.serverTime === undefined ? Date.now() : Date.parse(value.serverTime);
  await wait(SECOND_MS + LOOK_EVERY_MS);
  return new Date(now + SECOND_MS).toISOString();
}

function settled(id: string, assumption: string, holds: boolean, found: string): Finding {
  return { id, assumption, found, verdict: holds ? 'holds' : 'differs' };
}

async function firstStatus(client: OngoingClient, number: string): Promise<Finding> {
  const found = await client.findOrder(number);
  const status = found?.orderInfo.orderStatus;
  const words = `it is ${status?.number} ${status?.text ?? ''}`.trim();
  return settled(
    'B2',
    'the first status of an order of ours is 200 or 300',
    [200, 300].includes(status?.number ?? 0),
    words,
  );
}

/** How long after the answer the figure still shows what it was. */
async function lag(client: OngoingClient, article: string, expected: number): Promise<Finding> {
  const begun = performance.now();
  const assumption = 'an order lowers sellable at once';
  for (;;) {
    const now = await sellableOf(client, article);
    const tookMs = performance.now() - begun;
    if (now === expected) {
      const settleMs = Math.ceil((tookMs * 2) / 100) * 100;
      // The read itself takes time: only several of them are a lag.
      const lags = tookMs > 1_000;
      const found = `the figure was right after ${Math.round(tookMs)} ms`;
      return {
        ...settled('B3', assumption, !lags, found),
        ...(lags && { settings: { WMS_SETTLE_MS: String(settleMs) } }),
      };
    }
    if (tookMs > LAG_MOST_MS)
      return settled('B3', assumption, false, `after ${LAG_MOST_MS / 1000} s it is ${now}, not ${expected}`);
    await wait(LOOK_EVERY_MS);
  }
}

async function inFeed(client: OngoingClient, article: string, since: string): Promise<Finding> {
  const found: string[] = [];
  for await (const { items } of client.listArticlePages({ stockInfoChangedFrom: since }))
    found.push(...items.map((one) => one.articleNumber));
  const isIn = found.includes(article);
  const words = isIn ? 'it does' : 'it does not: other sales are found by orders and by the sweep';
  return settled('B4', 'an order alone brings its article into the stock feed', isIn, words);
}

async function statusWords(client: OngoingClient, number: string): Promise<string> {
  const status = (await client.findOrder(number))?.orderInfo.orderStatus;
  return `its status is ${status?.number ?? 'gone'}`;
}

async function sellableOf(client: OngoingClient, article: string): Promise<number | undefined> {
  const [found] = await client.getArticles({ articleNumbers: [article] });
  const sellable = found?.inventoryInfo?.sellable;
  return sellable === undefined ? undefined : Number(sellable);
}

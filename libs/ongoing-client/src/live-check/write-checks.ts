import { setTimeout as wait } from 'node:timers/promises';
import type { OngoingClient } from '../client.ts';
import type { OrderInput } from '../order.ts';
import type { Finding } from './finding.ts';

const LAG_MOST_MS = 10_000;
const LOOK_EVERY_MS = 20;
const SECOND_MS = 1_000;
/** The longest lag counts: figures that are brought up to date now and then lag by another time each time. */
const LAGS_MEASURED = 3;
/** What the gateway is told is so much more than what was measured. */
const SETTLE_MARGIN = 2;

/**
 * What only a write can show: three orders of one piece of an article, under numbers of their own, cancelled at the
 * end. For a test article alone: the floor may see the orders for a moment.
 */
export async function* writeChecks(client: OngoingClient, article: string): AsyncGenerator<Finding> {
  const number = `SAMLAST-CHECK-${Date.now()}`;
  const order = (orderNumber: string, quantity: number): OrderInput => ({
    orderNumber,
    deliveryDate: new Date().toISOString().slice(0, 10),
    goodsOwnerOrderId: `samlast-check:${orderNumber}`,
    consignee: { name: 'Samlast check: do not ship' },
    orderLines: [{ rowNumber: '1', articleNumber: article, numberOfItems: quantity }],
  });
  const before = await sellableOf(client, article);
  if (before === undefined)
    throw new Error(`There is no article ${article} with stock figures. Name an article made for tests.`);
  const feedFrom = await nextSecond(client);
  const made = await client.putOrder(order(number, 1));
  if (made.outcome !== 'done') {
    const why = made.outcome === 'refused' ? made.text : made.cause.detail;
    throw new Error(
      `The order of the check was not taken: ${why}. Nothing else was tried; look for ${number}.`,
    );
  }
  const numbers = [number];
  try {
    // Before anything else is asked: what is measured is what a read shows that begins right after the answer.
    const lags = [await lagOf(client, article, before - 1)];
    yield settled(
      'B1',
      'PUT answers 201 where an order is made',
      made.status === 201,
      `it answered ${made.status}`,
    );
    yield await firstStatus(client, number);
    // Early, since any step on the floor would bring the order into that feed.
    yield await inStatusFeed(client, number, feedFrom);
    while (lags.length < LAGS_MEASURED && !lags.some((lag) => 'expected' in lag)) {
      const next = `${number}-${lags.length + 1}`;
      numbers.push(next);
      if ((await client.putOrder(order(next, 1))).outcome !== 'done') break;
      lags.push(await lagOf(client, article, before - lags.length - 1));
    }
    yield lagFinding(lags);
    yield await inStockFeed(client, article, feedFrom);
    const again = await client.putOrder(order(number, 2));
    yield settled('B5', 'a second PUT changes the order', again.outcome === 'done', again.outcome);
  } finally {
    // Also after a fault: nothing of the check may stay on the floor.
    for (const orderNumber of numbers.slice(1)) await client.cancelOrder({ orderNumber });
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

/** What reads show that begin after a PUT has been answered. */
type Lag =
  { shows: number | undefined; expected: number } | { atOnce: boolean; /** At most. */ rightAfterMs: number };

/**
 * A read that begins after the answer and does not show the order yet is a lag, however short: the gateway would count
 * it as one that contains the order. A slow read is none, so what counts is whether the first one was right.
 */
async function lagOf(client: OngoingClient, article: string, expected: number): Promise<Lag> {
  const answered = performance.now();
  for (let atOnce = true; ; atOnce = false) {
    const shows = await sellableOf(client, article);
    const rightAfterMs = performance.now() - answered;
    if (shows === expected) return { atOnce, rightAfterMs };
    if (rightAfterMs > LAG_MOST_MS) return { shows, expected };
    await wait(LOOK_EVERY_MS);
  }
}

function lagFinding(lags: readonly Lag[]): Finding {
  const assumption = 'an order lowers sellable at once';
  const never = lags.find((lag) => 'expected' in lag);
  if (never) {
    const words = `after ${LAG_MOST_MS / 1000} s it is ${never.shows}, not ${never.expected}: if nobody else sold the article meanwhile, ask the warehouse`;
    return settled('B3', assumption, false, words);
  }
  const late = lags.flatMap((lag) => ('atOnce' in lag && !lag.atOnce ? [lag.rightAfterMs] : []));
  if (late.length === 0)
    return settled('B3', assumption, true, `the first read after each of ${lags.length} orders showed it`);
  const longest = Math.max(...late);
  const settleMs = Math.ceil((longest * SETTLE_MARGIN) / 100) * 100;
  const words = `after ${late.length} of ${lags.length} orders the first read did not show it; the longest lag was ${Math.round(longest)} ms`;
  return {
    ...settled('B3', assumption, false, words),
    settings: { WMS_SETTLE_MS: String(settleMs) },
  };
}

async function inStatusFeed(client: OngoingClient, number: string, since: string): Promise<Finding> {
  const found: string[] = [];
  for await (const { items } of client.listOrderPages({ orderStatusChangedTimeFrom: since }))
    found.push(...items.map(({ orderInfo }) => orderInfo.orderNumber));
  const isIn = found.includes(number);
  const words = isIn ? 'it does' : 'it does not: new orders are found by the feed of updates';
  return settled('B9', 'the feed of changed statuses returns a new order', isIn, words);
}

async function inStockFeed(client: OngoingClient, article: string, since: string): Promise<Finding> {
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

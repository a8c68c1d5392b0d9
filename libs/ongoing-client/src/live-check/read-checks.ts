import type { OngoingClient } from '../client.ts';
import { OngoingReadRefused } from '../errors.ts';
import type { OngoingArticle } from '../article.ts';
import type { Finding } from './finding.ts';
import {
  orderRegister,
  proposeReturns,
  proposeStates,
  purchaseRegister,
  type Proposal,
  type Status,
} from './propose-states.ts';

const HOUR_MS = 3_600_000;
const SAMPLE = 500;
/** Ongoing's clock is said in whole seconds. */
const CLOCK_TOLERANCE_MS = 5_000;
const CALLS_TIMED = 5;

/** Everything that can be found out without changing anything. */
export async function* readChecks(client: OngoingClient): AsyncGenerator<Finding> {
  yield* statuses(client);
  const begun = Date.now();
  const { value: page } = await client.listArticlePages({}, { pageSize: SAMPLE }).next();
  const articles = page?.items ?? [];
  yield page ? clock(page.serverTime, begun) : clockUnknown;
  yield await latency(client);
  yield await pages(client, articles);
  yield await arrays(client, articles);
  yield formula(articles);
  yield sameNumbers(articles);
  yield await refusesOld(client, 'A7', 'stockInfoChangedFrom', 24 * HOUR_MS, (since) =>
    client.listArticlePages({ stockInfoChangedFrom: since }, { pageSize: 1 }).next(),
  );
  yield await refusesOld(client, 'A8', 'orderUpdatedTimeFrom', 48 * HOUR_MS, (since) =>
    client.listOrderPages({ orderUpdatedTimeFrom: since }, { pageSize: 1 }).next(),
  );
  yield await numbersCompare(client);
  yield await warehouses(client);
  yield await returnCauses(client);
  yield await returnStatuses(client);
}

async function* statuses(client: OngoingClient): AsyncGenerator<Finding> {
  yield proposed('A1', 'order statuses have the standard numbers', 'ORDER_STATUSES', {
    ...proposeStates(await client.orderStatuses(), orderRegister),
  });
  yield proposed('A2', 'purchase order statuses have the standard numbers', 'PURCHASE_STATUSES', {
    ...proposeStates(await client.purchaseOrderStatuses(), purchaseRegister),
  });
}

const named = ({ number, text }: Status) => `${number} ${text ?? ''}`.trim();

function proposed(id: string, assumption: string, setting: string, { map, unclear }: Proposal): Finding {
  const words = [
    map && `this tenant's own: ${map}`,
    unclear.length > 0 &&
      `nobody can tell what these mean, add them to ${setting} by hand: ${unclear.map(named).join(', ')}`,
  ].filter(Boolean);
  return {
    id,
    assumption,
    found: words.join('; ') || 'they have',
    verdict: words.length > 0 ? 'differs' : 'holds',
    ...(map && { settings: { [setting]: map } }),
  };
}

const clockUnknown: Finding = {
  id: 'A3',
  assumption: 'Ongoing says its clock, and it is about ours',
  found: 'there is no article to ask for',
  verdict: 'unknown',
};

function clock(serverTime: string | undefined, begun: number): Finding {
  const { id, assumption } = clockUnknown;
  const base = { id, assumption };
  if (!serverTime)
    return { ...base, found: 'no answer said a time; cursors follow our own clock', verdict: 'differs' };
  const skewMs = Math.abs(Date.parse(serverTime) - begun);
  const found = `${Math.round(skewMs / 1000)} s apart`;
  return { ...base, found, verdict: skewMs <= CLOCK_TOLERANCE_MS + Date.now() - begun ? 'holds' : 'differs' };
}

async function latency(client: OngoingClient): Promise<Finding> {
  const times: number[] = [];
  for (let i = 0; i < CALLS_TIMED; i++) {
    const begun = performance.now();
    await client.orderStatuses();
    times.push(performance.now() - begun);
  }
  const slowest = Math.max(...times);
  // A write may take several times as long as the smallest read.
  const timeoutMs = Math.max(3_000, Math.ceil((slowest * 10) / 1_000) * 1_000);
  const slow = timeoutMs > 3_000;
  return {
    id: 'A4',
    assumption: 'a small read is answered within 300 ms',
    found: `the slowest of ${CALLS_TIMED} took ${Math.round(slowest)} ms`,
    verdict: slow ? 'differs' : 'holds',
    ...(slow && {
      settings: { ORDER_TIMEOUT_MS: String(timeoutMs), LEASE_MS: String(timeoutMs + 500) },
    }),
  };
}

async function pages(client: OngoingClient, articles: readonly OngoingArticle[]): Promise<Finding> {
  const base = { id: 'A5', assumption: 'pages begin at the cursor itself and rise by id' };
  const some = articles.at(1) ?? articles.at(0);
  if (!some) return { ...base, found: 'there is no article to try it with', verdict: 'unknown' };
  const { value } = await client.listArticlePages({}, { pageSize: 2, from: some.articleSystemId }).next();
  const ids = (value?.items ?? []).map((article) => article.articleSystemId);
  const rises = articles.every(
    (one, i) => i === 0 || one.articleSystemId > (articles[i - 1]?.articleSystemId ?? 0),
  );
  const fits = ids[0] === some.articleSystemId && rises;
  return {
    ...base,
    found: fits ? 'they do' : `asked from ${some.articleSystemId}, got ${ids.join(', ')}`,
    verdict: fits ? 'holds' : 'differs',
  };
}

async function arrays(client: OngoingClient, articles: readonly OngoingArticle[]): Promise<Finding> {
  const base = { id: 'A6', assumption: 'several numbers are asked for by repeating the parameter' };
  const numbers = articles.slice(0, 2).map((article) => article.articleNumber);
  if (numbers.length < 2)
    return { ...base, found: 'there are not two articles to try it with', verdict: 'unknown' };
  const { length } = await client.getArticles({ articleNumbers: numbers });
  return { ...base, found: `asked for 2, got ${length}`, verdict: length === 2 ? 'holds' : 'differs' };
}

async function refusesOld(
  _client: OngoingClient,
  id: string,
  parameter: string,
  ageMs: number,
  ask: (since: string) => Promise<unknown>,
): Promise<Finding> {
  const base = { id, assumption: `${parameter} older than ${ageMs / HOUR_MS} hours is refused` };
  try {
    await ask(new Date(Date.now() - ageMs - HOUR_MS).toISOString());
    return {
      ...base,
      found: 'it is answered; what the gateway does is safe all the same',
      verdict: 'differs',
    };
  } catch (error) {
    if (!(error instanceof OngoingReadRefused)) throw error;
    return { ...base, found: 'it is', verdict: 'holds' };
  }
}

/** For plain stock without locks, in the warehouse less booked is what can be sold (reference, section 3.3). */
function formula(articles: readonly OngoingArticle[]): Finding {
  const plain = articles.filter(
    ({ isStockArticle, articleKind, inventoryInfo }) =>
      isStockArticle !== false &&
      articleKind?.toLowerCase() !== 'structure' &&
      inventoryInfo?.sellable !== undefined,
  );
  const fitting = plain.filter(({ inventoryInfo: stock }) => {
    const locked = Number(stock?.lockedForSale ?? 0) - Number(stock?.allocated ?? 0);
    const booked = Number(stock?.booked ?? 0);
    return Number(stock?.sellable) === Number(stock?.inWarehouse ?? 0) - booked - Math.max(0, locked);
  });
  const base = { id: 'A9', assumption: 'sellable is net of every open order' };
  if (plain.length === 0) return { ...base, found: 'there is no stock to try it with', verdict: 'unknown' };
  const found = `${fitting.length} of ${plain.length} articles fit the formula`;
  return { ...base, found, verdict: fitting.length === plain.length ? 'holds' : 'differs' };
}

function sameNumbers(articles: readonly OngoingArticle[]): Finding {
  const seen = new Map<string, string[]>();
  for (const { articleNumber } of articles) {
    const key = articleNumber.trim().toLowerCase();
    seen.set(key, [...(seen.get(key) ?? []), articleNumber]);
  }
  const twice = [...seen.values()]
    .filter((numbers) => numbers.length > 1)
    .map((numbers) => numbers.join(' and '));
  return {
    id: 'A10',
    assumption: 'no two articles differ only in case or blanks',
    found: twice.length > 0 ? `these do: ${twice.join('; ')}` : `none of the first ${articles.length} do`,
    verdict: twice.length > 0 ? 'differs' : 'holds',
  };
}

async function numbersCompare(client: OngoingClient): Promise<Finding> {
  const base = { id: 'A11', assumption: 'order numbers are found whatever their case' };
  const { value } = await client.listOrderPages({}, { pageSize: 50 }).next();
  const numbers = (value?.items ?? []).map(({ orderInfo }) => orderInfo.orderNumber);
  const some = numbers.find((number) => swapCase(number) !== number);
  if (!some) return { ...base, found: 'there is no order with a letter in its number', verdict: 'unknown' };
  const found = await client.findOrders(swapCase(some));
  return found.length > 0
    ? { ...base, found: `${swapCase(some)} finds ${some}`, verdict: 'holds' }
    : {
        ...base,
        found: `${swapCase(some)} finds nothing; registries are unique without case all the same`,
        verdict: 'differs',
      };
}

const swapCase = (text: string) => (text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase());

async function warehouses(client: OngoingClient): Promise<Finding> {
  const found = await client.warehouses();
  return {
    id: 'A12',
    assumption: 'the goods owner has one warehouse',
    found: `${found.length}: ${found.map(({ id, name }) => `${id} ${name ?? ''}`.trim()).join(', ')}`,
    verdict: found.length === 1 ? 'holds' : 'differs',
  };
}

async function returnCauses(client: OngoingClient): Promise<Finding> {
  const base = { id: 'A13', assumption: 'causes of returns say which pieces are scrapped' };
  try {
    const causes = await client.returnCauses();
    const scrapping = causes.filter(({ isRemoveCause }) => isRemoveCause).map(({ code }) => code);
    const found = `${causes.length} causes; these scrap: ${scrapping.join(', ') || 'none'}`;
    return { ...base, found, verdict: causes.length > 0 ? 'holds' : 'unknown' };
  } catch (error) {
    const text = error instanceof Error ? error.message : 'no answer';
    return { ...base, found: `returns are not open to this user: ${text}`, verdict: 'differs' };
  }
}

/** What the gateway takes where it is told nothing. */
const RETURN_DEFAULTS = { RETURN_CANCELLED: '900', RETURN_STARTED_FROM: '300' };

async function returnStatuses(client: OngoingClient): Promise<Finding> {
  const base = { id: 'A14', assumption: 'a return is cancelled with status 900, and has come from 300 on' };
  try {
    const { cancelled, startedFrom, unclear } = proposeReturns(await client.returnOrderStatuses());
    const said = { RETURN_CANCELLED: cancelled.join(','), RETURN_STARTED_FROM: String(startedFrom ?? '') };
    const settings = Object.fromEntries(
      Object.entries(said).filter(
        ([name, value]) => value !== '' && value !== RETURN_DEFAULTS[name as keyof typeof said],
      ),
    );
    const words = [
      `cancelled: ${cancelled.join(', ') || 'nobody can tell'}; come: from ${startedFrom ?? 'nobody can tell'} on`,
      unclear.length > 0 && `nobody can tell what these mean: ${unclear.map(named).join(', ')}`,
    ];
    const isClear = cancelled.length > 0 && startedFrom !== undefined;
    const holds = isClear ? 'holds' : 'unknown';
    const differs = Object.keys(settings).length > 0;
    return {
      ...base,
      found: words.filter(Boolean).join('; '),
      verdict: differs ? 'differs' : holds,
      ...(differs && { settings }),
    };
  } catch (error) {
    const text = error instanceof Error ? error.message : 'no answer';
    return { ...base, found: `returns are not open to this user: ${text}`, verdict: 'differs' };
  }
}

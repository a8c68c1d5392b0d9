import { readFileSync } from 'node:fs';
import { connectControl, type Control } from '@samlast/ongoing-simulator';
import { demoArticles } from '../demo-shop/index.ts';
import { articlesOfRounds } from './last-pieces.ts';
import type { Running } from '../run.ts';
import { until } from '../until.ts';
import type { Fact } from './facts.ts';
import { ShopClient } from './shop-client.ts';

const TRACKING = 'UA-5178-SE';

export interface Cast {
  /** One piece is left of it. */
  readonly last: string;
  /** There is plenty of it. */
  readonly plenty: string;
}

interface Stage extends Cast {
  readonly se: ShopClient;
  readonly eu: ShopClient;
  readonly erp: ShopClient;
  readonly warehouse: Control;
  readonly running: Running;
}

/** The same morning through Samlast, in shared mode with margin 0, on services that run as processes of their own. */
export async function withSamlast(
  running: Running,
  cast: Cast,
  say: (line: string) => void,
): Promise<Fact[]> {
  const { url } = running.installation;
  const stage: Stage = {
    ...cast,
    se: new ShopClient('SE', url('shop-se')),
    eu: new ShopClient('EU', url('shop-eu')),
    erp: new ShopClient('ERP', url('erp')),
    warehouse: connectControl(url('simulator')),
    running,
  };
  const lastPiece = await playLastPiece(stage, say);
  const numbers = await playNumbers(stage, say);
  const parcel = await playParcel(stage, say);
  return [
    lastPiece,
    ...numbers,
    ...parcel,
    await articleData(stage),
    await keptOut(stage),
    await silence(stage),
  ];
}

async function playLastPiece(
  { se, eu, warehouse, last, plenty }: Stage,
  say: (line: string) => void,
): Promise<Fact> {
  const both = () => Promise.all([se.shows(last), eu.shows(last)]);
  await until(both, (numbers) => numbers.every((number) => number === 1), 15_000);
  say(`  11:00  both shops show what the warehouse has: 1 piece of ${last}`);
  // EU's own first order, so that both shops have an order 5178.
  await until(
    () => eu.shows(plenty),
    (number) => number > 0,
    15_000,
  );
  const other = await eu.buy(plenty);
  say(
    `  11:00  EU sells a ${plenty} ${other.sold ? `as order ${other.number}` : 'to nobody: it shows none'}`,
  );
  const sold = await se.buy(last);
  const soldAt = performance.now();
  say(`  11:05  SE ${sold.sold ? `sells it as order ${sold.number}` : 'is sold out'}`);
  const shown = await until(
    () => eu.shows(last),
    (number) => number === 0,
    10_000,
  );
  const afterMs = Math.round(performance.now() - soldAt);
  say(`  11:05  EU shows ${shown}, ${afterMs} ms later`);
  const second = await eu.buy(last);
  say(`  11:10  EU ${second.sold ? `sells it again as order ${second.number}` : 'is sold out'}`);
  await orderInWarehouse(warehouse, '5178-SE');
  const lines = (await warehouse.orders())
    .flatMap((order) => order.lines)
    .filter((line) => line.article === last);
  const [stock] = await warehouse.articles({ numbers: [last] });
  return {
    what: 'the last piece, through Samlast',
    expected: 'sold once',
    found: `in ${lines.length} order(s), sellable ${stock?.sellable}`,
    holds: lines.length === 1 && Number(stock?.sellable) === 0 && !second.sold,
  };
}

async function playNumbers({ erp, warehouse, plenty }: Stage, say: (line: string) => void): Promise<Fact[]> {
  const business = await erp.buy(plenty, 2);
  const erpNumber = business.sold ? `${business.number}-ERP` : 'none';
  say(`  11:15  the ERP sends business order ${erpNumber}`);
  for (const number of ['5178-SE', '5178-EU', erpNumber]) await orderInWarehouse(warehouse, number);
  const orders = await warehouse.orders();
  const numbers = orders.map((order) => order.number).toSorted();
  const types = orders.map((order) => `${order.number}:${order.type}`).toSorted();
  const wanted = ['5178-EU:B2C', '5178-SE:B2C', `${erpNumber}:B2B`].toSorted();
  return [
    {
      what: 'order 5178 of two shops',
      expected: '5178-EU and 5178-SE',
      found: numbers.join(', '),
      holds:
        ['5178-EU', '5178-SE'].every((number) => numbers.includes(number)) &&
        numbers.length === 3 &&
        orders.every((order) => order.puts.done === 1),
    },
    {
      what: 'where each order came from',
      expected: wanted.join(' '),
      found: types.join(' '),
      holds: types.join() === wanted.join(),
    },
  ];
}

async function playParcel({ se, eu, erp, warehouse }: Stage, say: (line: string) => void): Promise<Fact[]> {
  await warehouse.pick({ order: '5178-SE' });
  await warehouse.ship({ order: '5178-SE', carrier: 'PostNord', waybill: TRACKING });
  say(`  13:00  the warehouse ships 5178-SE as ${TRACKING}`);
  const trackingOf = async (shop: ShopClient) =>
    (await shop.orders()).flatMap((order) =>
      order.fulfilments.map((one) => `${order.number} ${one.trackingNumber}`),
    );
  const arrived = await until(
    () => trackingOf(se),
    (found) => found.length > 0,
    15_000,
  );
  const elsewhere = [...(await trackingOf(eu)), ...(await trackingOf(erp))];
  return [
    {
      what: 'the tracking number',
      expected: `SE: 5178 ${TRACKING}`,
      found: `SE: ${arrived.join(', ') || 'none'}`,
      holds: arrived.join() === `5178 ${TRACKING}`,
    },
    {
      what: 'parcels in the EU shop and the ERP',
      expected: 'none',
      found: elsewhere.join(', ') || 'none',
      holds: elsewhere.length === 0,
    },
  ];
}

async function orderInWarehouse(warehouse: Control, number: string): Promise<void> {
  await until(
    async () => (await warehouse.orders()).map((order) => order.number),
    (numbers) => numbers.includes(number),
    15_000,
  );
}

/** The shops know the same articles under other names; only the ERP's names may be in the warehouse. */
async function articleData({ warehouse }: Stage): Promise<Fact> {
  const fromErp = [...demoArticles('erp', 'ERP'), ...articlesOfRounds()];
  const wanted = new Map(fromErp.map(({ number, name }) => [number, name]));
  const read = () => warehouse.articles();
  const named = (articles: Awaited<ReturnType<typeof read>>) =>
    articles.filter((article) => article.name === wanted.get(article.number)).length;
  const articles = await until(read, (found) => named(found) === wanted.size, 10_000);
  return {
    what: 'article names in the warehouse',
    expected: `${wanted.size} of ${wanted.size} from the ERP`,
    found: `${named(articles)} of ${articles.length} from the ERP`,
    holds: named(articles) === wanted.size && articles.length === wanted.size,
  };
}

/** The names alone could be right because no shop ever sent one: the gateway has counted what it kept out. */
async function keptOut({ running }: Stage): Promise<Fact> {
  const shops = ['SE', 'EU'] as const;
  // Those that they call otherwise than the ERP does.
  const articles = demoArticles('shop', 'SE').length;
  const read = async () => {
    const text = await metricsOf(running, 'wms-gateway');
    return shops.map((code) => {
      const line = new RegExp(`^article_publications_kept_out_total\\{channel="${code}"\\} (\\d+)`, 'm');
      return Number(line.exec(text)?.[1] ?? 0);
    });
  };
  const counts = await until(read, (found) => found.every((count) => count >= articles), 10_000);
  return {
    what: 'article data that shops sent',
    expected: `kept out, ${articles} or more of each`,
    found: shops.map((code, index) => `${code} ${counts[index]}`).join(', '),
    holds: counts.every((count) => count >= articles),
  };
}

async function metricsOf({ installation }: Running, part: 'wms-gateway' | 'channel-eu' | 'channel-erp') {
  const response = await fetch(`${installation.url(part)}/metrics`, {
    headers: { authorization: `Bearer ${installation.serviceToken}` },
  });
  return response.text();
}

/** The EU channel and the ERP channel met 5178-SE on the bus: they must have counted it and said nothing. */
async function silence({ running }: Stage): Promise<Fact> {
  const { data } = running;
  const counts: string[] = [];
  let quiet = true;
  for (const part of ['channel-eu', 'channel-erp'] as const) {
    const text = await metricsOf(running, part);
    const count = Number(/^samlast_messages_disregarded (\d+)/m.exec(text)?.[1] ?? 0);
    const log = readFileSync(data.file(`logs/${part}.log`), 'utf8');
    if (count === 0 || /5178-SE/.test(log) || /"level":50/.test(log)) quiet = false;
    counts.push(`${part} ${count}`);
  }
  return {
    what: 'orders of others passed over',
    expected: 'counted, and not a word',
    found: `${counts.join(', ')}; ${quiet ? 'not a word' : 'see their logs'}`,
    holds: quiet,
  };
}

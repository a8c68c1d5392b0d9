import { connectControl } from '@samlast/ongoing-simulator';
import type { DemoArticle } from '../demo-shop/index.ts';
import { type Mode, shopOf, type WebShop } from '../installation.ts';
import type { Running } from '../run.ts';
import { until } from '../until.ts';
import type { Fact } from './facts.ts';
import { ShopClient, type ShopOrder } from './shop-client.ts';

const ROUNDS = 100;
const BUYERS = 20;
const WITHIN_MS = 45_000;
const EXPECTED = `${ROUNDS} of ${ROUNDS} rounds with exactly one order, every buyer answered`;

type StrictMode = Exclude<Mode, 'shared'>;

const words = {
  claim: { rows: 'claims', asks: 'each shop asks before it sells' },
  lease: { rows: 'leases', asks: 'no shop asks: one has the piece, the others show none' },
} as const;

/** One article for each round, of which one piece is in the warehouse when its mode is played. */
const articlesOf = (mode: StrictMode): string[] =>
  Array.from({ length: ROUNDS }, (_, index) => `LAST-${mode.toUpperCase()}-${index + 1}`);

/** What the shops and the ERP must know from the start to play all rounds. */
export function articlesOfRounds(): DemoArticle[] {
  return [...articlesOf('claim'), ...articlesOf('lease')].map((number) => ({
    number,
    name: `The last one, ${number}`,
    price: '10',
  }));
}

/**
 * Twenty buyers in three shops want the last piece in the same moment, a hundred times. In shared mode two of them may
 * get a yes; here never.
 */
export async function playLastPieces(
  running: Running,
  mode: StrictMode,
  codes: readonly WebShop[],
  say: (line: string) => void,
): Promise<Fact> {
  const { url } = running.installation;
  const shops = codes.map((code) => new ShopClient(code, url(shopOf(code))));
  const warehouse = connectControl(url('simulator'));
  const articles = articlesOf(mode);
  await running.changeMode(mode);
  await warehouse.seed({ articles: articles.map((number) => ({ number, stock: 1 })) });
  const shown = await until(
    () => Promise.all(shops.map((shop) => shop.stock())),
    (stocks) => articles.every((article) => isSettled(mode, stocks, article)),
    WITHIN_MS,
    200,
  );
  const settled = articles.filter((article) => isSettled(mode, shown, article)).length;
  say(`  ${words[mode].rows}: ${words[mode].asks}; ${settled} of ${ROUNDS} articles have one piece left`);

  const startedAt = performance.now();
  let unanswered = 0;
  for (const article of articles) {
    const sales = await Promise.all(
      Array.from({ length: BUYERS }, (_, buyer) => shops[buyer % shops.length]?.buy(article)),
    );
    unanswered += sales.filter((sale) => sale?.sold === false && sale.status !== 409).length;
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  say(`  ${words[mode].rows}: ${ROUNDS * BUYERS} buyers came in ${seconds} s, ${BUYERS} at once`);

  const read = () => outcomes(running, articles, shops);
  const found = await until(read, ({ wrong }) => wrong.length === 0, WITHIN_MS, 200);
  const good = `${found.good} of ${ROUNDS} rounds with exactly one order`;
  const answered = unanswered === 0 ? 'every buyer answered' : `${unanswered} buyers without answer`;
  const rest = found.wrong.slice(0, 3);
  return {
    what: `${BUYERS} buyers on the last piece, ${words[mode].rows}`,
    expected: EXPECTED,
    found: [`${good}, ${answered}`, ...rest].join('; '),
    holds: settled === ROUNDS && found.good === ROUNDS && found.wrong.length === 0 && unanswered === 0,
  };
}

/** Who claims shows what it could get; on lease one shop alone shows the piece. */
function isSettled(mode: StrictMode, stocks: readonly Record<string, number>[], article: string): boolean {
  const numbers = stocks.map((stock) => stock[article] ?? 0);
  if (mode === 'claim') return numbers.every((number) => number === 1);
  return numbers.filter((number) => number === 1).length === 1 && numbers.every((number) => number <= 1);
}

interface Outcomes {
  /** Rounds in which one shop has one order, and the warehouse has it too, and nothing is left to sell. */
  readonly good: number;
  /** What should not be, in words. */
  readonly wrong: string[];
}

/** What the shops, the ERP, the warehouse and the stock authority hold of these articles. */
async function outcomes(running: Running, articles: string[], shops: ShopClient[]): Promise<Outcomes> {
  const { url } = running.installation;
  const warehouse = connectControl(url('simulator'));
  const erp = new ShopClient('ERP', url('erp'));
  const sellable = new Map(
    (await warehouse.articles({ numbers: articles })).map((one) => [one.number, Number(one.sellable)]),
  );
  const there = await warehouse.orders();
  const sold = (await Promise.all([...shops, erp].map(ordersOf))).flat();
  const stocks = await Promise.all([...shops, erp].map((shop) => shop.stock()));
  const wrong: string[] = [];
  for (const article of articles) {
    const inShops = sold.filter(({ order }) => order.lines.some((line) => line.article === article));
    const inWarehouse = there.filter(({ lines }) => lines.some((line) => line.article === article));
    const left = stocks.map((stock) => stock[article] ?? 0);
    const isOne =
      inShops.length === 1 &&
      inShops[0]?.order.state === 'placed' &&
      inWarehouse.length === 1 &&
      inWarehouse[0]?.number === inShops[0].number;
    if (isOne && sellable.get(article) === 0 && left.every((number) => number === 0)) continue;
    wrong.push(
      `${article}: ${inShops.length} sold, ${inWarehouse.length} in the warehouse, ` +
        `sellable ${sellable.get(article)}, shown ${left.join(' ')}`,
    );
  }
  const short = await shortOrders(running);
  return { good: articles.length - wrong.length, wrong: [...wrong, ...short] };
}

async function ordersOf(shop: ShopClient): Promise<{ number: string; order: ShopOrder }[]> {
  return (await shop.orders()).map((order) => ({ number: `${order.number}-${shop.code}`, order }));
}

/** Orders that no piece was found for, or that nobody has decided about. */
async function shortOrders({ installation }: Running): Promise<string[]> {
  const lists = await Promise.all(
    ['held', 'waiting', 'refused'].map(async (state) => {
      const response = await fetch(`${installation.url('stock-authority')}/ops/orders?state=${state}`, {
        headers: { authorization: `Bearer ${installation.serviceToken}` },
      });
      const { orders } = (await response.json()) as { orders: { number: string }[] };
      return orders.map(({ number }) => `${number} is ${state}`);
    }),
  );
  return lists.flat();
}

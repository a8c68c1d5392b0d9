import { type DataOf, OrderPlaced } from '@samlast/contracts';
import { orderOf } from '../order-messages.ts';

/** How many pieces of an article an order wants. */
export interface Want {
  readonly article: string;
  readonly quantity: number;
}

/** What buyers want. Order number `at` wants the same in every round and of every contestant. */
export interface Workload {
  readonly name: string;
  /** Each article once, in ascending order. */
  wants(at: number): Want[];
  /** The article of which there is a tenth of what is wanted. */
  readonly scarce?: string;
}

const HOT = 'HOT';
const GONE = 'GONE';
const ARTICLES = 200;
const LINES = 4;
const name = (number: number) => `A-${String(number).padStart(3, '0')}`;

export const hotArticle: Workload = { name: 'one hot article', wants: () => [{ article: HOT, quantity: 1 }] };

/** One to four lines of one or two pieces, of 200 articles; a low number is wanted more often than a high one. */
export const mixedBaskets: Workload = {
  name: 'mixed baskets',
  wants(at) {
    const quantities = new Map<string, number>();
    for (let line = 0; line <= at % LINES; line += 1) {
      const [place, more] = [shuffled(at * LINES + line), shuffled(~(at * LINES + line))];
      quantities.set(name(Math.floor(place * place * ARTICLES)), more < 0.25 ? 2 : 1);
    }
    return [...quantities]
      .map(([article, quantity]) => ({ article, quantity }))
      .toSorted((a, b) => (a.article < b.article ? -1 : 1));
  },
};

/** Every second order wants an article that soon has none left; the others want one of which there is plenty. */
export const soldOutStorm: Workload = {
  name: 'sold-out storm beside a hot article',
  wants: (at) => [{ article: at % 2 === 0 ? GONE : HOT, quantity: 1 }],
  scarce: GONE,
};

/** Evenly from 0 to below 1, the same for the same number. */
function shuffled(number: number): number {
  let bits = Math.imul(number ^ (number >>> 16), 0x45d9f3b);
  bits = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}

/**
 * Pieces of each article at the start, when so many orders come: one more than they want, so that a row per
 * piece need not hold rows that nobody takes; of the scarce one a tenth.
 */
export function stockFor({ wants, scarce }: Workload, orders: number): Map<string, number> {
  const stock = new Map<string, number>();
  for (let at = 0; at < orders; at += 1) {
    for (const { article, quantity } of wants(at)) stock.set(article, (stock.get(article) ?? 1) + quantity);
  }
  if (scarce) stock.set(scarce, Math.ceil((stock.get(scarce) ?? 0) / 10));
  return stock;
}

/** How many of the first so many orders cannot be covered: the scarce article is wanted one piece an order. */
export function refusedOf({ wants, scarce }: Workload, orders: number, stock: Map<string, number>): number {
  if (!scarce) return 0;
  let wanted = 0;
  for (let at = 0; at < orders; at += 1) wanted += wants(at)[0]?.article === scarce ? 1 : 0;
  return Math.max(0, wanted - (stock.get(scarce) ?? 0));
}

const words =
  'bell call corner courtyard door evening floor garden gate green hall house key knock left morning neighbour noon ' +
  'parcel please porch present ring shed shop side stair street third thank upstairs wait wall window yellow';
const wordList = words.split(' ');

/** No two orders with the same one, or whoever writes many of them together could press them into nothing. */
function noteOf(at: number): string {
  const each = Array.from({ length: 50 }, (_, place) => {
    const chosen = shuffled(Math.imul(at, 64) + place) * wordList.length;
    return wordList[Math.floor(chosen)];
  });
  return each.join(' ');
}

export type PlacedOrder = DataOf<typeof OrderPlaced>;

/** The orders as their channel publishes them, of about 1 kB each. */
export function placedOrders({ wants }: Workload, first: number, count: number) {
  const time = new Date().toISOString();
  return Array.from({ length: count }, (_, index) => {
    const lines = wants(first + index).map(({ article, quantity }, line) => ({
      row: String(line + 1),
      article,
      quantity: String(quantity),
      name: 'Sail bag of old sailcloth, numbered, with a rope handle',
      unitPrice: '249.00',
    }));
    return OrderPlaced.of({ ...orderOf(first + index, time, lines), note: noteOf(first + index) });
  });
}

/** All of them; a process is told the index of its own. */
export const workloads: readonly Workload[] = [hotArticle, mixedBaskets, soldOutStorm];

import type { Event } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';
import { withParts } from '../follow-kits/kits.ts';
import { mayFallShort, nameShortfalls } from '../name-shortfalls/name-shortfalls.ts';
import type { Terms } from '../publish-levels/terms.ts';
import { lockArticles, mayBeWaitedFor, Overtaken, saveArticles } from './articles.ts';
import { Book } from './book.ts';
import { articlesOfClaims, type ClaimRef, loadClaims, saveClaims } from './claims.ts';
import { loadExpectations, saveExpectations } from './expectations.ts';
import { haveKits, loadKits } from './kits.ts';
import { appendToLedger } from './ledger.ts';
import { type LinesWanted, loadLines, saveLines } from './lines.ts';
import {
  articlesOfOrders,
  drawIds,
  isQueued,
  loadBodies,
  lockOrders,
  nameOrders,
  readOrders,
  saveOrders,
} from './orders.ts';
import { loadDemands, loadQueue, saveQueue } from './queue.ts';

/** What a transaction wants to have locked and loaded. */
export interface Wanted {
  /** Articles that new orders want. */
  readonly articles?: Iterable<string>;
  /** Articles whose figures may move, so that their queue is decided again. */
  readonly moving?: Iterable<string>;
  /** Claims that are decided on or taken by an order; those that are known come with their articles. */
  readonly claims?: readonly ClaimRef[];
  /** Claims to be made on these articles: where one is known under its key, it is only looked at. */
  readonly newClaims?: readonly ClaimRef[];
  /**
   * Orders that are decided in this transaction; those that are known come with all their articles and
   * lines.
   */
  readonly orders?: readonly string[];
  /** Of these, the ones that may free pieces, which moves their articles. */
  readonly releasing?: readonly string[];
  readonly lines?: Omit<LinesWanted, 'orders'>;
}

/** Locks and loads what a transaction decides on. The number of statements does not grow with that of orders. */
export async function openBook(tx: EntityManager, terms: Terms, wanted: Wanted): Promise<Book> {
  const { orders: numbers = [], releasing = [], lines = {}, claims = [], newClaims = [] } = wanted;
  const looks = Promise.all([articlesOfOrders(tx, [...numbers]), articlesOfClaims(tx, claims), haveKits(tx)]);
  const moving = new Set(wanted.moving);
  if (claims.length > 0 || releasing.length > 0) {
    const [known, claimed] = await looks;
    for (const article of claimed) moving.add(article);
    for (const number of releasing) for (const article of known.get(number) ?? []) moving.add(article);
  }
  const asked = [...(wanted.articles ?? []), ...moving];
  // New orders, without kits, want no other articles: so these are locked together with the looks, as if that were so.
  const related = looks.then(async ([known, , withKits]) => {
    const all = [...new Set([...asked, ...[...known.values()].flat()])];
    const kits = withKits ? await loadKits(tx, all) : new Map<string, Map<string, bigint>>();
    const numbers = [...all, ...[...kits].flatMap(([kit, parts]) => [kit, ...parts.keys()])];
    return { known, kits, numbers, reviewed: withParts(kits, moving) };
  });
  const locked = await lockArticles(tx, asked, related, () =>
    Promise.all([
      lockOrders(tx, [...numbers]),
      loadClaims(tx, [...claims, ...newClaims]),
      drawIds(tx, numbers.length),
    ]),
  );
  const {
    articles,
    rest: [orders, claimsNow, ids],
  } = locked;
  const { known, kits, reviewed } = await related;
  if ([...orders.keys()].some((number) => !known.has(number))) {
    throw new Overtaken('an order was placed while its articles were being locked; the batch is tried again');
  }
  const queued = [...orders.values()].filter(isQueued);
  const wishes = await loadDemands(
    tx,
    queued.map((order) => order.number),
  );
  if (moving.size > 0) {
    const waited = [...articles.values()].filter(mayBeWaitedFor);
    const queue = await loadQueue(
      tx,
      waited.map((article) => article.id),
    );
    const others = [...queue.keys()].filter((number) => !orders.has(number));
    for (const [number, order] of await readOrders(tx, others)) orders.set(number, order);
    for (const [number, wish] of queue) if (!wishes.has(number)) wishes.set(number, wish);
  }
  const withLines = numbers.filter((number) => orders.get(number)?.digest && !wishes.has(number));
  const [loaded, expectations] = await Promise.all([
    loadLines(tx, { ...lines, orders: withLines }, (number) => articles.get(number)?.read),
    terms.backordering ? loadExpectations(tx, articles.values()) : new Map(),
  ]);
  return new Book(terms, {
    articles,
    orders,
    wishes,
    kits,
    reviewed,
    claims: claimsNow,
    ids,
    expectations,
    lines: loaded,
  });
}

const changedExpectations = (book: Book) =>
  [...book.expectations].flatMap(([number, expectation]) =>
    expectation.changed ? [{ article: book.article(number), expectation }] : [],
  );

/** Publishes what became of the articles, writes everything set by set, and gives back all events. */
export async function closeBook(tx: EntityManager, book: Book): Promise<Event[]> {
  book.close(new Date().toISOString());
  const touched = [...book.touched];
  const fresh = nameOrders(book.orders.values(), book.ids);
  // Sent together, done in this order.
  const orders = saveOrders(tx, book.orders.values(), fresh);
  const joined = [...book.joined].flatMap((order) =>
    [...(book.wishes.get(order.number) ?? [])].map(([number, wish]) => ({
      order,
      articleId: book.article(number).id,
      ...wish,
    })),
  );
  const left = [...book.left].filter((order) => order.id);
  const decided = Promise.all([
    orders,
    saveLines(tx, book.lines, fresh),
    saveQueue(tx, left, joined),
    saveClaims(tx, [...book.changedClaims]),
    saveExpectations(tx, changedExpectations(book)),
  ]);
  if (touched.some(mayFallShort)) await decided;
  const shortfalls = await nameShortfalls(tx, touched.filter(mayFallShort));
  await Promise.all([
    decided,
    saveArticles(tx, touched),
    appendToLedger(tx, [...book.entries, ...shortfalls.entries]),
    loadBodies(tx, [...book.leaving]),
  ]);
  return [...book.events(), ...shortfalls.events];
}

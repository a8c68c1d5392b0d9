import { bigintArray, booleanArray, textArray } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import type { Lease } from '../lease-stock/lease.ts';
import type { ArticleStatus } from '../reserve-stock/decide.ts';
import type { Read } from '../watermark/watermark.ts';
import type { Rules } from '../set-rules/rules.ts';
import { loadLeases, saveLeases } from './leases.ts';
import { type RulesText, rulesOf, textOf } from './rules.ts';

/** One article's figures, locked for this transaction. Quantities in thousandths. */
export interface ArticleStock {
  readonly id: string;
  readonly number: string;
  status: ArticleStatus;
  sellable: bigint;
  read?: Read;
  observedAt?: string;
  /** How many pieces the last read may lack, as the gateway holds it; undefined while nothing is in doubt. */
  doubt?: bigint;
  /** Sums over the orders' shares of the last read. */
  takenLow: bigint;
  takenHigh: bigint;
  /** What held and waiting orders want; `queuedFirm` without those that may yet be rejected. */
  queued: bigint;
  queuedFirm: bigint;
  /** Pieces set aside for claims, and for queued orders that brought theirs along. */
  claimed: bigint;
  /** Of these, pieces of claims whose order has not come, by channel. */
  readonly claimedBy: Map<string, bigint>;
  /** What each channel's shop can sell by itself, by channel. */
  readonly leases: Map<string, Lease>;
  /** The leases as they are in the table, to tell which have changed. */
  readonly savedLeases: ReadonlyMap<string, Lease>;
  /** Scarce, so that its pieces are divided; and the first version that was published so. */
  leased: boolean;
  leasedFrom: number;
  /** What a person set for it. */
  rules: Rules;
  /** Orders are named that will go without pieces of it. */
  short: boolean;
  /** It consists of others and has no stock of its own. */
  isKit: boolean;
  /** Its master says that it is sold in whole pieces only. */
  readonly wholePieces?: boolean;
  version: number;
  /** What the newest level said. */
  published: string;
  /** An order was reserved in this transaction, so that it names the next version: there must be one. */
  promised: boolean;
  /** Figures moved in this transaction, so the queue is to be decided again. */
  moved: boolean;
}

export const lowOf = (article: ArticleStock) => article.sellable - article.takenLow;
export const highOf = (article: ArticleStock) => article.sellable - article.takenHigh + (article.doubt ?? 0n);

/**
 * Another transaction was quicker; 40001 is Postgres's own code for that, on which the whole batch is tried
 * again.
 */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
  readonly code = '40001';
}

const LOCK_TRIES = 5;

/**
 * Locks articles in ascending order of their numbers, the only order in which anybody locks them, and makes
 * rows for numbers that were never seen. An article that is `reviewed` brings along all articles that its queued
 * orders want, so that the queue can be decided.
 *
 * @param related tells of more that are to be locked; where there are any, all locks are taken anew
 * @param loadRest what else is to be read under the locks, again for each try
 */
export async function lockArticles<Rest>(
  tx: EntityManager,
  wanted: Iterable<string>,
  related: Promise<{ readonly numbers: readonly string[]; readonly reviewed: ReadonlySet<string> }>,
  loadRest: () => Promise<Rest>,
): Promise<{ articles: Map<string, ArticleStock>; rest: Rest }> {
  const numbers = new Set(wanted);
  if (numbers.size === 0) for (const number of (await related).numbers) numbers.add(number);
  if (numbers.size === 0) return { articles: new Map(), rest: await loadRest() };
  for (let tries = 0; tries < LOCK_TRIES; tries++) {
    // Sent together, done one after the other: each sees what was committed before it began, so what is loaded after
    // the lock is what its former holder has left.
    const [, articles, rest, more] = await Promise.all([
      tries === 0 && tx.query('SAVEPOINT lock_articles'),
      lockRows(tx, numbers),
      loadRest(),
      related,
    ]);
    for (const number of more.numbers) numbers.add(number);
    const missing = [...numbers].filter((number) => !articles.has(number));
    const queued = [...more.reviewed].filter((number) => mayBeWaitedFor(articles.get(number)));
    const beyond = (await neighbours(tx, queued)).filter((number) => !articles.has(number));
    if (missing.length === 0 && beyond.length === 0) return { articles, rest };
    // Locks are given back, so that the next try can take all of them in order again.
    await tx.query('ROLLBACK TO SAVEPOINT lock_articles');
    if (missing.length > 0) await insertArticles(tx, missing);
    for (const number of beyond) numbers.add(number);
  }
  throw new Overtaken('articles kept changing while they were locked; the batch is tried again');
}

/** Whether queued orders may want it: one that brought all its pieces along wants no others, but is queued. */
export function mayBeWaitedFor(article: ArticleStock | undefined): boolean {
  return article !== undefined && (article.queued > 0n || article.claimed > 0n);
}

interface Row {
  id: string;
  number: string;
  status: ArticleStatus;
  sellable: string;
  read_started: string | null;
  read_ended: string | null;
  observed_at: Date | null;
  doubt: string | null;
  taken_low: string;
  taken_high: string;
  queued: string;
  queued_firm: string;
  claimed: string;
  claimed_by: Record<string, string>;
  leased: boolean;
  leased_from: string;
  rules: RulesText;
  short: boolean;
  is_kit: boolean;
  whole_pieces: boolean;
  version: string;
  published: string;
}

const COLUMNS = `id, number, status, sellable, read_started, read_ended, observed_at, doubt, taken_low,
  taken_high, queued, queued_firm, claimed, claimed_by, leased, leased_from, rules, short, is_kit, whole_pieces,
  version, published`;

async function lockRows(tx: EntityManager, numbers: ReadonlySet<string>): Promise<Map<string, ArticleStock>> {
  return read(tx, [...numbers], 'number = ANY($1::text[]) ORDER BY number FOR UPDATE');
}

/** One article without a lock, for people to look at. */
export async function readArticle(tx: EntityManager, number: string): Promise<ArticleStock | undefined> {
  return (await read(tx, [number], 'number = ANY($1::text[])')).get(number);
}

/** Leases in a statement of their own: one that waits for a lock sees other tables as they were before it waited. */
async function read(tx: EntityManager, numbers: string[], where: string): Promise<Map<string, ArticleStock>> {
  const [rows, leases] = await Promise.all([
    tx.query(`SELECT ${COLUMNS} FROM articles WHERE ${where}`, [numbers]) as Promise<Row[]>,
    loadLeases(tx, numbers),
  ]);
  return new Map(rows.map((row) => [row.number, stockOf(row, leases.get(row.id) ?? new Map())]));
}

function stockOf(row: Row, leases: Map<string, Lease>): ArticleStock {
  return {
    id: row.id,
    number: row.number,
    status: row.status,
    sellable: BigInt(row.sellable),
    ...(row.read_started !== null && {
      read: { started: Number(row.read_started), ended: Number(row.read_ended) },
    }),
    ...(row.observed_at && { observedAt: row.observed_at.toISOString() }),
    ...(row.doubt !== null && { doubt: BigInt(row.doubt) }),
    takenLow: BigInt(row.taken_low),
    takenHigh: BigInt(row.taken_high),
    queued: BigInt(row.queued),
    queuedFirm: BigInt(row.queued_firm),
    claimed: BigInt(row.claimed),
    claimedBy: new Map(Object.entries(row.claimed_by).map(([channel, held]) => [channel, BigInt(held)])),
    leases,
    savedLeases: new Map(leases),
    leased: row.leased,
    leasedFrom: Number(row.leased_from),
    rules: rulesOf(row.rules),
    short: row.short,
    isKit: row.is_kit,
    wholePieces: row.whole_pieces,
    version: Number(row.version),
    published: row.published,
    promised: false,
    moved: false,
  };
}

async function neighbours(tx: EntityManager, numbers: string[]): Promise<string[]> {
  if (numbers.length === 0) return [];
  const rows: { number: string }[] = await tx.query(
    `SELECT DISTINCT theirs.number
     FROM articles own JOIN demands mine ON mine.article_id = own.id
     JOIN demands their ON their.order_id = mine.order_id JOIN articles theirs ON theirs.id = their.article_id
     WHERE own.number = ANY($1::text[])`,
    [numbers],
  );
  return rows.map((row) => row.number);
}

/** In ascending order too: two transactions that insert the same numbers wait for each other. */
async function insertArticles(tx: EntityManager, numbers: string[]): Promise<void> {
  await tx.query(
    `INSERT INTO articles (number)
     SELECT number FROM unnest($1::text[]) AS number ORDER BY number COLLATE "C" ON CONFLICT DO NOTHING`,
    [numbers],
  );
}

/** Writes all figures of these articles at once. */
export async function saveArticles(tx: EntityManager, articles: readonly ArticleStock[]): Promise<void> {
  if (articles.length === 0) return;
  const column = <Value>(value: (article: ArticleStock) => Value) => articles.map(value);
  const updated = tx.query(
    `UPDATE articles SET status = new.status, sellable = new.sellable, read_started = new.read_started,
       read_ended = new.read_ended, observed_at = new.observed_at, taken_low = new.taken_low,
       taken_high = new.taken_high, queued = new.queued, queued_firm = new.queued_firm, claimed = new.claimed,
       leased = new.leased, leased_from = new.leased_from, version = new.version, published = new.published,
       doubt = new.doubt, rules = new.rules, short = new.short, is_kit = new.is_kit, claimed_by = new.claimed_by
     FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::timestamptz[],
       $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::boolean[], $13::bigint[],
       $14::bigint[], $15::text[], $16::bigint[], $17::jsonb[], $18::boolean[], $19::boolean[],
       $20::jsonb[])
       AS new (id, status, sellable, read_started, read_ended, observed_at, taken_low, taken_high,
               queued, queued_firm, claimed, leased, leased_from, version, published, doubt, rules, short, is_kit,
               claimed_by)
     WHERE articles.id = new.id`,
    [
      bigintArray(column((article) => article.id)),
      textArray(column((article) => article.status)),
      bigintArray(column((article) => article.sellable)),
      bigintArray(column((article) => article.read?.started ?? null)),
      bigintArray(column((article) => article.read?.ended ?? null)),
      column((article) => article.observedAt ?? null),
      bigintArray(column((article) => article.takenLow)),
      bigintArray(column((article) => article.takenHigh)),
      bigintArray(column((article) => article.queued)),
      bigintArray(column((article) => article.queuedFirm)),
      bigintArray(column((article) => article.claimed)),
      booleanArray(column((article) => article.leased)),
      bigintArray(column((article) => article.leasedFrom)),
      bigintArray(column((article) => article.version)),
      textArray(column((article) => article.published)),
      bigintArray(column((article) => article.doubt ?? null)),
      column((article) => textOf(article.rules)),
      booleanArray(column((article) => article.short)),
      booleanArray(column((article) => article.isKit)),
      column(claimedByText),
    ],
  );
  await Promise.all([updated, saveLeases(tx, articles)]);
}

/** As the database tells it: shorter keys before longer ones. */
export function claimedByText({ claimedBy }: Pick<ArticleStock, 'claimedBy'>): string {
  const held = [...claimedBy]
    .filter(([, pieces]) => pieces !== 0n)
    .toSorted(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(held.map(([channel, pieces]) => [channel, pieces.toString()])));
}

/** Articles of which shops were told a level, by number. */
export async function articlesWithLevel(tx: EntityManager, after: string, limit: number): Promise<string[]> {
  const rows: { number: string }[] = await tx.query(
    'SELECT number FROM articles WHERE version > 0 AND number > $1 ORDER BY number LIMIT $2',
    [after, limit],
  );
  return rows.map((row) => row.number);
}

/** Articles with a level that was made on other terms, by number. */
export async function outdatedArticles(
  tx: EntityManager,
  digest: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows: { number: string }[] = await tx.query(
    `SELECT number FROM articles WHERE version > 0 AND NOT starts_with(published, $1) AND number > $2
     ORDER BY number LIMIT $3`,
    [digest, after, limit],
  );
  return rows.map((row) => row.number);
}

import { fromMilli } from '@samlast/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import type { Lease } from '../lease-stock/lease.ts';
import { loadLeases } from '../tables/leases.ts';
import { Fold, type FoldedArticle, type Recorded, unseen } from './fold.ts';

export interface Verification {
  readonly agrees: boolean;
  readonly entries: number;
  readonly articles: number;
  readonly orders: number;
  /**
   * The first entry of the ledger that differs; for a table that was changed past the ledger, the last one
   * about its row.
   */
  readonly entry?: Omit<Recorded, 'data'> & { at: Date };
  readonly difference?: string;
}

const PAGE = 2_000;

/**
 * Folds the ledger from its first entry, checks each verdict and each published figure on the way, and
 * compares the end with the tables, all in one snapshot. Changes nothing and locks nothing.
 */
export function verify(source: DataSource): Promise<Verification> {
  return source.transaction('REPEATABLE READ', async (tx) => {
    const fold = new Fold();
    const { entries, fault } = await foldAll(tx, fold);
    const found =
      fault ??
      (await compareArticles(tx, fold)) ??
      (await compareOrders(tx, fold)) ??
      (await compareClaims(tx, fold));
    const counts = { entries, articles: fold.articles.size, orders: fold.orders.size };
    if (!found) return { agrees: true, ...counts };
    const [entry] = await tx.query('SELECT id, at, kind, number, article FROM ledger WHERE id = $1', [
      found.entry,
    ]);
    return { agrees: false, ...counts, difference: found.difference, ...(entry && { entry }) };
  });
}

interface Fault {
  readonly entry: string | null;
  readonly difference: string;
}

async function foldAll(tx: EntityManager, fold: Fold): Promise<{ entries: number; fault?: Fault }> {
  let last = '0';
  for (let entries = 0; ;) {
    const page: Recorded[] = await tx.query(
      'SELECT id, kind, number, article, data FROM ledger WHERE id > $1 ORDER BY id LIMIT $2',
      [last, PAGE],
    );
    for (const entry of page) {
      entries++;
      const wrong = fold.apply(entry);
      if (wrong)
        return {
          entries,
          fault: { entry: entry.id, difference: `Entry ${entry.id} (${entry.kind}): ${wrong}.` },
        };
      last = entry.id;
    }
    if (page.length < PAGE) return { entries };
  }
}

type Figures = Record<
  | 'status'
  | 'sellable'
  | 'doubt'
  | 'takenLow'
  | 'takenHigh'
  | 'queued'
  | 'queuedFirm'
  | 'claimed'
  | 'version',
  string
>;

const figuresOf = (article: FoldedArticle): Figures => ({
  status: article.status,
  sellable: article.sellable.toString(),
  doubt: (article.doubt ?? 0n).toString(),
  takenLow: article.takenLow.toString(),
  takenHigh: article.takenHigh.toString(),
  queued: article.queued.toString(),
  queuedFirm: article.queuedFirm.toString(),
  claimed: article.claimed.toString(),
  version: article.version.toString(),
});

async function compareArticles(tx: EntityManager, fold: Fold): Promise<Fault | undefined> {
  const rows: (Figures & { id: string; number: string })[] = await tx.query(
    `SELECT id, number, status, sellable, coalesce(doubt, 0) AS doubt, taken_low AS "takenLow", taken_high AS "takenHigh", queued,
       queued_firm AS "queuedFirm", claimed, version FROM articles ORDER BY number`,
  );
  const leases = await loadLeases(
    tx,
    rows.map((row) => row.id),
  );
  const missing = new Set(fold.articles.keys());
  for (const { id, number, ...row } of rows) {
    missing.delete(number);
    const article = fold.articles.get(number) ?? unseen();
    const lease = differingLease(article.leases, leases.get(id) ?? new Map());
    if (lease) {
      const difference = `The lease of ${number} to ${lease} was changed past the ledger.`;
      return { entry: article.entry, difference };
    }
    const folded = figuresOf(article);
    const names = (Object.keys(folded) as (keyof Figures)[]).filter((name) => folded[name] !== row[name]);
    if (names.length === 0) continue;
    const told = names
      .map((name) => `${name} is ${show(name, row)} and should be ${show(name, folded)}`)
      .join(', ');
    return { entry: article.entry, difference: `Article ${number} was changed past the ledger: ${told}.` };
  }
  const [gone] = missing;
  if (gone === undefined) return undefined;
  const entry = fold.articles.get(gone)?.entry ?? null;
  return { entry, difference: `Article ${gone} is in the ledger, but not in its table.` };
}

/** The channel whose lease is not what the entries make of it. How briskly it sells is no figure of stock. */
function differingLease(
  folded: ReadonlyMap<string, Lease>,
  kept: ReadonlyMap<string, Lease>,
): string | undefined {
  const text = (lease: Lease | undefined) => {
    const { allowance, sold = 0n, ungranted = 0n, confirmed = 0, target, flights = [] } = lease ?? {};
    const all = flights.map((one) => `${one.version}:${one.allowance}`);
    return [allowance, sold, ungranted, confirmed, target, ...all].map(String).join(' ');
  };
  const channels = new Set([...folded.keys(), ...kept.keys()]);
  return [...channels].find((channel) => text(folded.get(channel)) !== text(kept.get(channel)));
}

function show(name: keyof Figures, figures: Figures): string {
  return name === 'status' || name === 'version' ? figures[name] : fromMilli(BigInt(figures[name]));
}

async function compareOrders(tx: EntityManager, fold: Fold): Promise<Fault | undefined> {
  const rows: { number: string; state: string; standing: boolean }[] = await tx.query(
    'SELECT number, state, standing FROM orders ORDER BY id',
  );
  const missing = new Set(fold.orders.keys());
  for (const { number, state, standing } of rows) {
    missing.delete(number);
    const order = fold.orders.get(number);
    if (order?.state === state && order.standing === standing) continue;
    const should = order ? `should be ${order.state}` : 'is in no entry';
    return {
      entry: order?.entry ?? null,
      difference: `Order ${number} was changed past the ledger: it is ${state} and ${should}.`,
    };
  }
  const [gone] = missing;
  if (gone === undefined) return undefined;
  const entry = fold.orders.get(gone)?.entry ?? null;
  return { entry, difference: `Order ${gone} is in the ledger, but not in its table.` };
}

async function compareClaims(tx: EntityManager, fold: Fold): Promise<Fault | undefined> {
  const rows: { name: string; state: string }[] = await tx.query(
    "SELECT channel || '/' || key AS name, state FROM claims ORDER BY id",
  );
  const missing = new Set(fold.claims.keys());
  for (const { name, state } of rows) {
    missing.delete(name);
    const claim = fold.claims.get(name);
    if (claim?.state === state) continue;
    const should = claim ? `should be ${claim.state}` : 'is in no entry';
    const difference = `Claim ${name} was changed past the ledger: it is ${state} and ${should}.`;
    return { entry: claim?.entry ?? null, difference };
  }
  const [gone] = missing;
  if (gone === undefined) return undefined;
  return { entry: fold.claims.get(gone)?.entry ?? null, difference: `Claim ${gone} is not in its table.` };
}

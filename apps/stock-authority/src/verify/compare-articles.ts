import { fromMilli } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';
import { emptyLease, type Lease } from '../lease-stock/lease.ts';
import { textsOf } from '../set-rules/rules.ts';
import { claimedByText } from '../tables/articles.ts';
import { setKit } from '../tables/kits.ts';
import { loadLeases, putLeases } from '../tables/leases.ts';
import { rulesOf, type RulesText, textOf } from '../tables/rules.ts';
import { changesOf, type Difference, toldOf } from './difference.ts';
import type { Fold } from './fold.ts';
import { type FoldedArticle, isKit, unseen } from './folded.ts';

type Figures = Record<
  | 'status'
  | 'sellable'
  | 'doubt'
  | 'takenLow'
  | 'takenHigh'
  | 'queued'
  | 'queuedFirm'
  | 'claimed'
  | 'claimedBy'
  | 'version'
  | 'leased'
  | 'leasedFrom'
  | 'readStarted'
  | 'readEnded'
  | 'rules'
  | 'isKit'
  | 'wholePieces'
  | 'parts',
  string | null
>;

const PIECES = new Set(['sellable', 'doubt', 'takenLow', 'takenHigh', 'queued', 'queuedFirm', 'claimed']);

const figuresOf = (article: FoldedArticle): Figures => ({
  status: article.status,
  sellable: article.sellable.toString(),
  doubt: (article.doubt ?? 0n).toString(),
  takenLow: article.takenLow.toString(),
  takenHigh: article.takenHigh.toString(),
  queued: article.queued.toString(),
  queuedFirm: article.queuedFirm.toString(),
  claimed: article.claimed.toString(),
  claimedBy: claimedByText(article),
  version: article.version.toString(),
  leased: String(article.leased),
  leasedFrom: article.leasedFrom.toString(),
  readStarted: article.read?.started.toString() ?? null,
  readEnded: article.read?.ended.toString() ?? null,
  rules: JSON.stringify(textsOf(article.rules)),
  isKit: String(isKit(article)),
  wholePieces: String(article.wholePieces),
  parts: partsText([...article.parts]),
});

function partsText(parts: readonly (readonly [string, bigint])[]): string {
  const sorted = parts.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(sorted.map(([part, quantity]) => [part, fromMilli(quantity)])));
}

type Row = Omit<Figures, 'rules' | 'parts'> & {
  id: string;
  number: string;
  rules: RulesText;
  /** Thousandths; null for what is no kit. */
  parts: Record<string, number> | null;
};

export async function compareArticles(tx: EntityManager, fold: Fold): Promise<Difference[]> {
  const rows: Row[] = await tx.query(
    `SELECT id, number, status, sellable, coalesce(doubt, 0) AS doubt, taken_low AS "takenLow",
       taken_high AS "takenHigh", queued, queued_firm AS "queuedFirm", claimed,
       replace(claimed_by::text, ' ', '') AS "claimedBy", version, leased::text AS leased,
       leased_from AS "leasedFrom", read_started AS "readStarted", read_ended AS "readEnded", rules,
       is_kit::text AS "isKit", whole_pieces::text AS "wholePieces",
       (SELECT jsonb_object_agg(part, quantity) FROM kits WHERE kit = number) AS parts
     FROM articles ORDER BY number`,
  );
  const leases = await loadLeases(
    tx,
    rows.map((row) => row.number),
  );
  const found: Difference[] = [];
  const missing = new Set(fold.articles.keys());
  for (const { id, number, rules, parts, ...row } of rows) {
    missing.delete(number);
    const article = fold.articles.get(number) ?? unseen();
    found.push(...compareLeases(id, number, article, leases.get(id) ?? new Map()));
    const texts = {
      rules: JSON.stringify(textsOf(rulesOf(rules))),
      parts: partsText(Object.entries(parts ?? {}).map(([part, each]) => [part, BigInt(each)])),
    };
    const changes = changesOf({ ...row, ...texts }, figuresOf(article), PIECES);
    if (changes.length === 0) continue;
    found.push({
      entry: article.entry,
      difference: `Article ${number} was changed past the ledger: ${toldOf(changes)}.`,
      of: { article: number },
      changes,
      mend: (to) => writeBack(to, id, number, article),
    });
  }
  for (const number of missing) {
    const difference = `Article ${number} is in the ledger, but not in its table.`;
    const entry = fold.articles.get(number)?.entry ?? null;
    found.push({ entry, difference, of: { article: number }, changes: [] });
  }
  return found;
}

async function writeBack(
  tx: EntityManager,
  id: string,
  number: string,
  article: FoldedArticle,
): Promise<void> {
  await setKit(tx, number, article.parts);
  const figures = figuresOf(article);
  const { status, sellable, doubt, takenLow, takenHigh, queued, queuedFirm, claimed, claimedBy } = figures;
  const { version, leased, leasedFrom, readStarted, readEnded } = figures;
  await tx.query(
    `UPDATE articles SET status = $2, sellable = $3, doubt = nullif($4::bigint, 0), taken_low = $5, taken_high = $6,
       queued = $7, queued_firm = $8, claimed = $9, version = $10, leased = $11::boolean, leased_from = $12,
       read_started = $13, read_ended = $14, claimed_by = $15, rules = $16, is_kit = $17::boolean,
       whole_pieces = $18::boolean WHERE id = $1`,
    [
      id,
      status,
      sellable,
      doubt,
      takenLow,
      takenHigh,
      queued,
      queuedFirm,
      claimed,
      version,
      leased,
      leasedFrom,
      readStarted,
      readEnded,
      claimedBy,
      textOf(article.rules),
      figures.isKit,
      figures.wholePieces,
    ],
  );
}

/** How briskly a channel sells is no figure of stock. */
function leaseTexts(lease: Lease | undefined) {
  const { allowance, sold = 0n, ungranted = 0n, confirmed = 0, target, flights = [] } = lease ?? {};
  return {
    allowance: allowance?.toString() ?? null,
    sold: sold.toString(),
    ungranted: ungranted.toString(),
    confirmed: confirmed.toString(),
    target: target?.toString() ?? null,
    flights: flights.map((one) => `${one.version}:${one.allowance}`).join(' '),
  };
}

const LEASED_PIECES = new Set(['allowance', 'sold', 'ungranted', 'target']);

function compareLeases(
  id: string,
  number: string,
  article: FoldedArticle,
  kept: ReadonlyMap<string, Lease>,
): Difference[] {
  const channels = new Set([...article.leases.keys(), ...kept.keys()]);
  return [...channels].flatMap((channel) => {
    const is = kept.get(channel);
    const should = article.leases.get(channel) ?? emptyLease(channel);
    const changes = changesOf(leaseTexts(is), leaseTexts(should), LEASED_PIECES);
    if (changes.length === 0) return [];
    const pace = is?.pace ?? 0n;
    return {
      entry: article.entry,
      difference: `The lease of ${number} to ${channel} was changed past the ledger.`,
      of: { article: number },
      changes: changes.map((change) => ({ ...change, name: `${channel} ${change.name}` })),
      mend: (tx: EntityManager) => putLeases(tx, [{ id, lease: { ...should, pace } }]),
    };
  });
}

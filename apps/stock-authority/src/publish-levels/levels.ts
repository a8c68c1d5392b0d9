import { type DataOf, type Event, fromMilli, StockLevelChanged } from '@samlast/contracts';
import { divide, type Pieces, type Sharer } from '../lease-stock/divide.ts';
import {
  emptyLease,
  exposure,
  grant,
  guarded,
  guardedIn,
  issue,
  type Lease,
  shown,
  writableSince,
} from '../lease-stock/lease.ts';
import { capped, keptForOthers } from '../set-rules/rules.ts';
import { type ArticleStock, highOf, lowOf } from '../tables/articles.ts';
import { canLease, isUnheard, type Seller, type Terms } from './terms.ts';

const atLeastZero = (quantity: bigint) => (quantity > 0n ? quantity : 0n);

/**
 * Pieces that can be shown and shared out: free ones less what queued orders want and what claims hold, but for those
 * of `own`.
 */
function piecesOf(article: ArticleStock, own = 0n): Pieces {
  if (article.status !== 'active') return { low: 0n, high: 0n };
  const kept = article.claimed - own + article.rules.safety;
  return {
    low: atLeastZero(lowOf(article) - article.queued - kept),
    high: atLeastZero(highOf(article) - article.queuedFirm - kept),
  };
}

/**
 * A shop that claims shows the pieces that its own buyers are about to pay for: else it would refuse them the piece
 * that they have claimed. Nobody gets a piece more by that, since there the claim decides and not the number.
 */
const ownClaims = (article: ArticleStock, { code, mode }: Seller) =>
  mode === 'claim' ? (article.claimedBy.get(code) ?? 0n) : 0n;

/**
 * What is promised to channels that do not lease is not divided. One that was given free may still sell what it has,
 * until the next one has confirmed less.
 */
function divisible(article: ArticleStock, lessees: readonly Seller[]): Pieces {
  const { low, high } = piecesOf(article);
  let beside = guardedIn(article.leases);
  for (const { code } of lessees) beside -= guarded(article.leases.get(code) ?? emptyLease(code));
  return { low: atLeastZero(low - beside), high: atLeastZero(high - beside) };
}

/** The pieces are few enough to be divided; once divided they stay so until there are twice as many. */
function isScarce(article: ArticleStock, pieces: Pieces, lessees: readonly Seller[]): boolean {
  if (lessees.length === 0) return false;
  const enough = lessees.reduce((sum, { scarceBelow }) => sum + scarceBelow, 0n);
  return pieces.low < (article.leased ? 2n * enough : enough);
}

interface Plan {
  readonly leased: boolean;
  readonly levels: ReadonlyMap<string, bigint>;
  readonly leases: readonly Lease[];
}

/** What each channel may show as of the next version, and what that makes of its lease. */
function plan(article: ArticleStock, terms: Terms): Plan {
  if (article.doubt !== undefined) return planInDoubt(article, article.doubt, terms);
  const lessees = terms.channels.filter((seller) => canLease(seller, terms));
  const pieces = divisible(article, lessees);
  const leased = isScarce(article, pieces, lessees);
  const levels = new Map<string, bigint>();
  const leases = new Map(article.leases);
  if (leased) {
    for (const [code, level] of targetsOf(article, pieces, terms, lessees)) levels.set(code, level);
  }
  const version = article.version + 1;
  const give = (code: string, level: bigint) => {
    levels.set(code, level);
    const { method = 'none' } = terms.shopOf(code);
    leases.set(
      code,
      issue(leases.get(code) ?? emptyLease(code), { version, level, granted: leased, method }),
    );
  };
  if (leased) for (const { code } of lessees) give(code, levels.get(code) ?? 0n);
  const guardedOf = (code: string) => guarded(leases.get(code) ?? emptyLease(code));
  const promised = guardedIn(leases);
  for (const seller of terms.channels) {
    if (levels.has(seller.code)) continue;
    const left = piecesOf(article, ownClaims(article, seller)).low - promised;
    const kept = keptForOthers(article.rules, leases, seller.code);
    const most = atLeastZero(left - kept + guardedOf(seller.code) - seller.margin);
    const level = capped(article.rules, seller.code, most);
    if (isUnheard(seller, terms)) give(seller.code, 0n);
    else if (canLease(seller, terms)) give(seller.code, level);
    else levels.set(seller.code, level);
  }
  return { leased, levels, leases: [...leases.values()] };
}

/**
 * While the last read is in doubt, shops keep what they show, less what was promised since: they are told as if that
 * read had not come. No lease is raised, and none is taken back.
 */
function planInDoubt(article: ArticleStock, doubt: bigint, terms: Terms): Plan {
  const leases = new Map(article.leases);
  const levels = new Map<string, bigint>();
  const { queued, claimed, rules } = article;
  const left = lowOf(article) + doubt - queued - claimed - rules.safety - guardedIn(leases);
  const version = article.version + 1;
  for (const seller of terms.channels) {
    const { code, margin } = seller;
    const lease = leases.get(code) ?? emptyLease(code);
    const kept = keptForOthers(rules, leases, code);
    const free = left + ownClaims(article, seller) - kept + guarded(lease);
    const rest = capped(rules, code, atLeastZero(free - margin));
    if (!canLease(seller, terms)) levels.set(code, isUnheard(seller, terms) ? 0n : rest);
    else if (article.leased) levels.set(code, shown(lease));
    else {
      const level = rest < shown(lease) ? rest : shown(lease);
      levels.set(code, level);
      const { method = 'none' } = terms.shopOf(code);
      leases.set(code, issue(lease, { version, level, granted: false, method }));
    }
  }
  return { leased: article.leased, levels, leases: [...leases.values()] };
}

/**
 * A switch between shared and leased changes no number. What a shop can sell anyway is promised to it once it has
 * confirmed a level of this kind of selling, as far as there are pieces.
 */
function grantRest(article: ArticleStock, terms: Terms): void {
  let room = piecesOf(article).low - guardedIn(article.leases);
  for (const seller of terms.channels) {
    const lease = article.leases.get(seller.code);
    // Whom nobody hears of is promised nothing more, least of all what a person gave up.
    if (!lease || !canLease(seller, terms) || !terms.shopOf(seller.code).alive) continue;
    if (lease.confirmed < article.leasedFrom) continue;
    const granted = grant(lease, room);
    room -= guarded(granted) - guarded(lease);
    article.leases.set(seller.code, granted);
  }
}

/** Those that sell on lease, and all that ask or share as one among them. */
function targetsOf(
  { leases, rules, version }: ArticleStock,
  pieces: Pieces,
  terms: Terms,
  lessees: readonly Seller[],
): Map<string, bigint> {
  const others = terms.channels.filter((seller) => !lessees.includes(seller) && !isUnheard(seller, terms));
  const sharers = lessees.map((seller): Sharer => {
    const { code, weight, priority, margin } = seller;
    const lease = leases.get(code) ?? emptyLease(code);
    const { alive, method = 'none' } = terms.shopOf(code);
    const has = exposure(lease);
    // While it has sold more than it ever was allowed, its number means nothing and nothing is given.
    const open = alive && (lease.allowance === undefined || lease.allowance >= lease.sold);
    const { pool = 0n, cap: limit } = rules.limits.get(code) ?? {};
    const cap = capped(rules, code, atLeastZero(pieces.low - margin));
    return {
      code,
      weight,
      priority,
      pace: lease.pace,
      has,
      shows: shown(lease),
      pool,
      cap,
      ...(limit !== undefined && { limit }),
      open,
      most: (level) => exposure(issue(lease, { version: version + 1, level, granted: true, method })),
    };
  });
  if (others.length > 0) {
    const weight = others.reduce((sum, one) => sum + one.weight, 0);
    const priority = Math.max(...others.map((one) => one.priority));
    const pace = others.reduce((sum, { code }) => sum + (leases.get(code)?.pace ?? 0n), 0n);
    const pool = others.reduce((sum, { code }) => sum + (rules.limits.get(code)?.pool ?? 0n), 0n);
    const nothing = { has: 0n, shows: 0n, pool, open: true, most: () => 0n };
    sharers.push({ code: '', weight, priority, pace, ...nothing });
  }
  const targets = divide(pieces, sharers);
  targets.delete('');
  return targets;
}

/** What each channel may show, for people to look at. */
export const levelsNow = (article: ArticleStock, terms: Terms) => plan(article, terms).levels;

/** Pieces that any channel may show that does not sell on lease, before its margin. */
export function offered(article: ArticleStock): bigint {
  return atLeastZero(piecesOf(article).low - guardedIn(article.leases));
}

/**
 * What a level says to shops, as one text: a new level is published when this changes. When an order merely
 * moves from our figure into the warehouse's, free stays what it is, and no shop needs to be written.
 */
function said(article: ArticleStock, terms: Terms, { leased, levels }: Plan): string {
  const each = [...levels.values()].join('/');
  return `${terms.digest} ${lowOf(article)} ${each}${leased ? ' leased' : ''}`;
}

/**
 * What is neither sold nor counted, and never was, needs no level; nor does what the WMS has never told of.
 */
export function hasLevel(article: ArticleStock): boolean {
  return (
    article.status === 'active' || article.status === 'inactive' || article.version > 0 || article.promised
  );
}

function channelsOf(article: ArticleStock, terms: Terms, { levels, leased }: Plan) {
  const channels: DataOf<typeof StockLevelChanged>['channels'] = {};
  for (const seller of terms.channels) {
    const { code, mode } = seller;
    const { method = 'none' } = terms.shopOf(code);
    const lease = canLease(seller, terms) ? article.leases.get(code) : undefined;
    const since = lease && writableSince(lease, method);
    channels[code] = {
      level: fromMilli(levels.get(code) ?? 0n),
      mode: mode === 'lease' && !leased ? 'shared' : mode,
      ...(since !== undefined && { since }),
    };
  }
  return channels;
}

/**
 * Raises the version and makes the event where the level is new; an order that was just reserved names that
 * version.
 */
export function issueLevels(
  article: ArticleStock,
  terms: Terms,
  at: string,
): { event: Event; noted: Record<string, unknown> } | undefined {
  if (!hasLevel(article)) return undefined;
  // In doubt shops keep their last shelf, unless pieces of it have just been promised to somebody.
  if (article.doubt !== undefined && !article.promised) return undefined;
  if (article.leased && article.doubt === undefined) grantRest(article, terms);
  const next = plan(article, terms);
  const saying = said(article, terms, next);
  if (saying === article.published && !article.promised) return undefined;
  article.version += 1;
  article.published = saying;
  article.promised = false;
  if (article.leased !== next.leased)
    Object.assign(article, { leased: next.leased, leasedFrom: article.version });
  for (const lease of next.leases) article.leases.set(lease.channel, lease);
  const channels = channelsOf(article, terms, next);
  const { version, queued, queuedFirm, claimed, leased } = article;
  const event = StockLevelChanged.of({
    article: article.number,
    version,
    at,
    free: fromMilli(lowOf(article)),
    sellable: fromMilli(article.sellable),
    reserved: fromMilli(article.takenLow),
    channels,
  });
  const figures = { low: lowOf(article), high: highOf(article), queued, queuedFirm, claimed };
  const noted = Object.fromEntries(
    Object.entries(figures).map(([name, figure]) => [name, fromMilli(figure)]),
  );
  return { event, noted: { version, leased, ...noted } };
}

import { fromMilli, type Shortage } from '@samlast/contracts';

export type ArticleStatus = 'unknown' | 'active' | 'inactive' | 'not-stocked';

/** What an order of an article is decided on, in thousandths. */
export interface Supply {
  readonly status: ArticleStatus;
  /** Pieces that are free without doubt, and pieces that there may be at most: see the watermark. */
  readonly low: bigint;
  readonly high: bigint;
  /** Pieces that are set aside for this order already, and in neither figure: of its claim, of its channel's lease. */
  readonly own: bigint;
  /**
   * What older held and waiting orders want; `firm` without those that may yet be rejected by their
   * channel's policy.
   */
  readonly ahead: { readonly all: bigint; readonly firm: bigint };
}

export type ShortPolicy = 'hold' | 'reject';

export type Verdict =
  | { readonly state: 'reserved' }
  | { readonly state: 'waiting'; readonly articles: string[] }
  | { readonly state: 'held' | 'rejected'; readonly shortages: Shortage[] };

/** Pieces by article. Lines of one article are summed, or each would be checked against the same pieces. */
export type Needs = ReadonlyMap<string, bigint>;

/**
 * All lines or none: a part of an order would cost the goods owner two parcels.
 *
 * Who came first comes first: an older order that is held or waits keeps its claim on every piece that it
 * wants, so that small orders cannot starve it. What may be there or not (between `low` and `high`) is not
 * refused: it waits for the next read. An unknown article is never rejected, since it may become known any
 * moment.
 */
export function decide(needs: Needs, policy: ShortPolicy, supplyOf: (article: string) => Supply): Verdict {
  const shortages: Shortage[] = [];
  const articles: string[] = [];
  for (const [article, wanted] of needs) {
    const supply = supplyOf(article);
    if (supply.status === 'not-stocked') continue;
    if (supply.status !== 'active') {
      const reason = supply.status === 'unknown' ? 'unknown-article' : 'inactive';
      shortages.push({ article, reason, wanted: fromMilli(wanted), missing: fromMilli(wanted) });
    } else if (exceeds(wanted - supply.own, supply.high, supply.ahead.firm)) {
      const beyond = wanted - supply.own;
      const left = beyond > 0n ? atLeastZero(supply.high - supply.ahead.firm) : supply.high;
      const missing = fromMilli(smaller(wanted, beyond - left));
      shortages.push({ article, reason: 'stock', wanted: fromMilli(wanted), missing });
    } else if (exceeds(wanted - supply.own, supply.low, supply.ahead.all)) articles.push(article);
  }
  if (shortages.length > 0) {
    const rejected = policy === 'reject' && shortages.every((one) => one.reason !== 'unknown-article');
    return { state: rejected ? 'rejected' : 'held', shortages };
  }
  return articles.length > 0 ? { state: 'waiting', articles } : { state: 'reserved' };
}

/** Whoever has pieces set aside does not queue for them; they are only not there when goods have vanished. */
function exceeds(beyondOwn: bigint, figure: bigint, ahead: bigint): boolean {
  return beyondOwn > (beyondOwn > 0n ? figure - ahead : figure);
}

const smaller = (one: bigint, other: bigint) => (one < other ? one : other);
const atLeastZero = (quantity: bigint) => (quantity > 0n ? quantity : 0n);

/**
 * Whether an order in the queue keeps others back for sure, or may yet be rejected when its figures are
 * clear.
 */
export function isFirm(state: 'held' | 'waiting', policy: ShortPolicy): boolean {
  return state === 'held' || policy === 'hold';
}

export interface Queued {
  readonly number: string;
  readonly policy: ShortPolicy;
  readonly needs: Needs;
  /** What is set aside for it of these. */
  readonly own: Needs;
  readonly firm: boolean;
  /**
   * False for an order that is only here because it wants pieces of an article that another one wants too.
   */
  readonly decidable: boolean;
}

/**
 * Decides the queue again, oldest first and each order whole.
 *
 * @param queue ascending by age; of orders that are not decidable only what they want of these articles
 * @param supplyOf the article without anything ahead
 */
export function decideQueue(
  queue: readonly Queued[],
  supplyOf: (article: string) => Omit<Supply, 'ahead' | 'own'>,
): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  const ahead = new Map<string, { all: bigint; firm: bigint }>();
  const aheadOf = (article: string) => ahead.get(article) ?? { all: 0n, firm: 0n };
  for (const order of queue) {
    const verdict = order.decidable
      ? decide(order.needs, order.policy, (article) => ({
          ...supplyOf(article),
          own: order.own.get(article) ?? 0n,
          ahead: aheadOf(article),
        }))
      : undefined;
    if (verdict) verdicts.set(order.number, verdict);
    if (verdict?.state === 'rejected') continue;
    // A reserved order is ahead of the younger ones as well: its pieces are not yet subtracted from these figures.
    const firm = stays(order, verdict);
    for (const [article, wanted] of order.needs) {
      const quantity = wanted - (order.own.get(article) ?? 0n);
      const { all, firm: sure } = aheadOf(article);
      ahead.set(article, { all: all + quantity, firm: firm ? sure + quantity : sure });
    }
  }
  return verdicts;
}

function stays(order: Queued, verdict: Verdict | undefined): boolean {
  if (!verdict) return order.firm;
  if (verdict.state === 'reserved') return true;
  return verdict.state !== 'rejected' && isFirm(verdict.state, order.policy);
}

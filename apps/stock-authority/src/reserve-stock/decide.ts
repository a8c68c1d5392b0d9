import { fromMilli, type Shortage } from '@samlast/contracts';
import { type Arrival, arrivalOf } from '../expect-goods/arrivals.ts';

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
  /** What purchase orders announce, of which older orders get theirs first. */
  readonly arrivals?: readonly Arrival[];
  /** So many pieces of it may be waited for at most, where a person set that, instead of what its channel says. */
  readonly backorderMost?: bigint;
}

/** What a channel does with an order that cannot be covered. */
export type ShortPolicy =
  | { readonly kind: 'hold' | 'partial' | 'reject' }
  /** Of one article at most so many pieces may be waited for, and only announced ones where that is asked for. */
  | { readonly kind: 'backorder'; readonly most: bigint; readonly against: 'expected' | 'anything' };

export const HOLD: ShortPolicy = { kind: 'hold' };

export type Verdict =
  | { readonly state: 'reserved' }
  | { readonly state: 'waiting'; readonly articles: string[] }
  | { readonly state: 'held' | 'backordered' | 'rejected'; readonly shortages: Shortage[] }
  /** A part is there: less than was wanted of at least one article, something of at least one. */
  | { readonly state: 'reserved'; readonly part: Needs; readonly shortages: Shortage[] };

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
  if (shortages.length > 0) return short(needs, policy, shortages, supplyOf);
  return articles.length > 0 ? { state: 'waiting', articles } : { state: 'reserved' };
}

/** An article that is not known yet, or not sold any more, is for a person; only pieces can be waited for. */
function short(
  needs: Needs,
  policy: ShortPolicy,
  shortages: Shortage[],
  supplyOf: (article: string) => Supply,
): Verdict {
  if (shortages.some((one) => one.reason === 'unknown-article')) return { state: 'held', shortages };
  if (policy.kind === 'reject') return { state: 'rejected', shortages };
  if (policy.kind === 'partial') {
    const part = partOf(needs, supplyOf);
    return part.size > 0 ? { state: 'reserved', part, shortages } : { state: 'held', shortages };
  }
  if (policy.kind !== 'backorder') return { state: 'held', shortages };
  const waited = shortages.map((shortage) => {
    const { low, own, ahead, arrivals = [], backorderMost = policy.most } = supplyOf(shortage.article);
    const queued = ahead.all + (needs.get(shortage.article) ?? 0n) - own;
    const arrival = arrivalOf(queued - low, arrivals);
    const isWithin = queued <= backorderMost;
    const isExpected = policy.against === 'anything' || arrival !== undefined;
    const expectedOn = arrival?.on && { expectedOn: arrival.on };
    const isWaitedFor = shortage.reason === 'stock' && isWithin && isExpected;
    return { isWaitedFor, shortage: { ...shortage, ...expectedOn } };
  });
  if (!waited.every(({ isWaitedFor }) => isWaitedFor)) return { state: 'held', shortages };
  return { state: 'backordered', shortages: waited.map(({ shortage }) => shortage) };
}

const PIECE = 1000n;

/** What there is of each article for certain, in whole pieces where whole pieces are wanted. */
function partOf(needs: Needs, supplyOf: (article: string) => Supply): Needs {
  const part = new Map<string, bigint>();
  for (const [article, wanted] of needs) {
    const { status, low, own, ahead } = supplyOf(article);
    if (status === 'not-stocked') part.set(article, wanted);
    if (status !== 'active') continue;
    const there = smaller(wanted, atLeastZero(low < 0n ? own + low : own + atLeastZero(low - ahead.all)));
    const given = wanted % PIECE === 0n ? there - (there % PIECE) : there;
    if (given > 0n) part.set(article, given);
  }
  return [...part.keys()].some((article) => supplyOf(article).status === 'active') ? part : new Map();
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
export function isFirm(state: 'held' | 'backordered' | 'waiting', policy: ShortPolicy): boolean {
  return state !== 'waiting' || policy.kind === 'hold' || policy.kind === 'backorder';
}

export interface Queued {
  readonly number: string;
  readonly channel: string;
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
 * The article without anything ahead. `later` is what is kept for shops that sell without asking, or by a person for
 * other channels: who has pieces set aside already comes before those.
 */
export type Unshared = Omit<Supply, 'ahead' | 'own'> & { readonly later: bigint };

/**
 * Decides the queue again, oldest first and each order whole.
 *
 * @param queue ascending by age; of orders that are not decidable only what they want of these articles
 */
export function decideQueue(
  queue: readonly Queued[],
  supplyOf: (article: string, channel: string) => Unshared,
): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  const ahead = new Map<string, { all: bigint; firm: bigint }>();
  const aheadOf = (article: string) => ahead.get(article) ?? { all: 0n, firm: 0n };
  const behind = new Map<string, bigint>();
  const setAside = (order: Queued, sign: bigint) => {
    for (const [article, own] of order.own) behind.set(article, (behind.get(article) ?? 0n) + sign * own);
  };
  for (const order of queue) setAside(order, 1n);
  for (const order of queue) {
    setAside(order, -1n);
    const verdict = order.decidable
      ? decide(order.needs, order.policy, (article) => ({
          ...spared(supplyOf(article, order.channel), behind.get(article) ?? 0n),
          own: order.own.get(article) ?? 0n,
          ahead: aheadOf(article),
        }))
      : undefined;
    if (verdict) verdicts.set(order.number, verdict);
    if (verdict?.state === 'rejected') continue;
    // A reserved order is ahead of the younger ones as well: its pieces are not yet subtracted from these figures.
    const firm = stays(order, verdict);
    for (const [article, wanted] of takenBy(order, verdict)) {
      const quantity = atLeastZero(wanted - (order.own.get(article) ?? 0n));
      const { all, firm: sure } = aheadOf(article);
      ahead.set(article, { all: all + quantity, firm: firm ? sure + quantity : sure });
    }
  }
  return verdicts;
}

/** The youngest orders with pieces set aside go without before an older one does. */
function spared({ later, ...supply }: Unshared, behind: bigint): Omit<Supply, 'ahead' | 'own'> {
  return lessMissing(supply, behind + later);
}

/** When goods have vanished, those go without first who come later: of the youngest all that a shop may yet sell. */
export function lessMissing<Figures extends Pick<Supply, 'low' | 'high'>>(
  figures: Figures,
  later: bigint,
): Figures {
  const less = (figure: bigint) => (figure < 0n ? smaller(0n, figure + later) : figure);
  return { ...figures, low: less(figures.low), high: less(figures.high) };
}

/** Of an order that is only reserved in part the rest is no wish any more. */
function takenBy(order: Queued, verdict: Verdict | undefined): Needs {
  return verdict?.state === 'reserved' && 'part' in verdict ? verdict.part : order.needs;
}

function stays(order: Queued, verdict: Verdict | undefined): boolean {
  if (!verdict) return order.firm;
  if (verdict.state === 'reserved') return true;
  return verdict.state !== 'rejected' && isFirm(verdict.state, order.policy);
}

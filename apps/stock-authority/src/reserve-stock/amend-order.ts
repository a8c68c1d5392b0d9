import { OrderAmendmentRefused } from '@samlast/contracts';
import { Unprocessable } from '@samlast/messaging';
import { expand } from '../follow-kits/kits.ts';
import { needsForLedger, send } from '../review-queue/apply-verdict.ts';
import type { Book } from '../tables/book.ts';
import { isQueued, type OrderRecord } from '../tables/orders.ts';
import { withRevision } from '../watermark/line.ts';
import { decide, HOLD, isFirm, type Needs } from './decide.ts';
import type { Placed } from './intake.ts';
import { refuseDivided } from './whole-pieces.ts';

/**
 * The shop has changed an order: the whole order again under a higher revision. One that waits in the queue is decided
 * anew in its old place. One that is promised keeps what it has, and wants only what it wants more; where that is not
 * there the change is refused as a whole and the order stays what it was.
 */
export function amendOrder(book: Book, amended: Placed): void {
  const { number, order } = amended;
  const known = book.orders.get(number);
  if (!known) {
    throw new Unprocessable(
      'order.unknown',
      `Order ${number} was amended, but it was never placed. Let channel ${order.channel} send order.placed first, then retry this message.`,
    );
  }
  const { revision } = order;
  if (revision <= known.revision)
    return book.note('order.amended', { number }, { revision, outcome: 'repeated' });
  const ended = known.state === 'cancelled' || known.state === 'rejected';
  if (ended || !known.standing || !known.digest) return refuseEnded(book, known, amended);
  refuseDivided(book, amended);
  if (isQueued(known)) return amendQueued(book, known, amended);
  return amendPromised(book, known, amended);
}

/** The order is none any more, or is being cancelled; what its shop sells by that it sells all the same. */
function refuseEnded(book: Book, known: OrderRecord, { order, needs: wants }: Placed): void {
  const { number, channel, standing } = known;
  const { revision } = order;
  const sold = differenceOf(book.wantsOf(known), wants);
  if (standing) book.sell(known, sold.more);
  const counted = standing ? keepSold(book, known, wants, sold) : [];
  book.note('order.amended', { number }, { revision, outcome: 'ended', ...(standing && wantsOf(known)) });
  book.publish(OrderAmendmentRefused.of({ number, channel, revision, reason: 'ended', counted }));
}

/**
 * A change that is not carried out stands in its shop all the same, which has taken its pieces off its shelf or put
 * them back, until it is changed back there: the account of what the shop has sold follows the shop.
 */
function keepSold(book: Book, known: OrderRecord, wants: Needs, { less }: Difference) {
  book.giveUpOwn(known);
  book.takeBack(known, less);
  Object.assign(known, { wants, changed: known.id !== undefined });
  return book.counted(wants.keys());
}

interface Difference {
  readonly more: Needs;
  readonly less: Needs;
}

function differenceOf(before: Needs, after: Needs): Difference {
  const more = new Map<string, bigint>();
  const less = new Map<string, bigint>();
  for (const article of new Set([...before.keys(), ...after.keys()])) {
    const change = (after.get(article) ?? 0n) - (before.get(article) ?? 0n);
    if (change > 0n) more.set(article, change);
    if (change < 0n) less.set(article, -change);
  }
  return { more, less };
}

const wantsOf = ({ wants }: OrderRecord) => (wants ? { wants: needsForLedger(wants) } : {});

function take(book: Book, known: OrderRecord, { order, body, needs: wants, digest }: Placed): void {
  const { revision } = order;
  Object.assign(known, { revision, digest, body, wants, changed: known.id !== undefined });
}

function amendQueued(book: Book, known: OrderRecord, amended: Placed): void {
  const { number, needs: wants } = amended;
  const { more, less } = differenceOf(book.wantsOf(known), wants);
  book.dequeue(known);
  book.takeBack(known, less);
  book.sell(known, more);
  take(book, known, amended);
  const needs = expand(book.kits, wants);
  known.state = 'waiting';
  const firm = isFirm('waiting', book.terms.policyOf(known.channel) ?? HOLD);
  book.enqueue(known, needs, firm);
  // Decided with the whole queue at the end of this transaction, in its place.
  for (const article of needs.keys()) book.article(article).moved = true;
  const { revision } = known;
  const noted = { needs: needsForLedger(needs), ...wantsOf(known) };
  book.note('order.amended', { number }, { revision, outcome: 'queued', firm, ...noted });
}

/** Prices, addresses and notes touch no stock: then nothing is wanted more or less. */
function amendPromised(book: Book, known: OrderRecord, amended: Placed): void {
  const { number, order, needs: wants } = amended;
  const { revision } = order;
  const needs = expand(book.kits, wants);
  const sold = differenceOf(book.wantsOf(known), wants);
  book.sell(known, sold.more);
  const verdict = decide(differenceOf(book.promisedTo(known), needs).more, HOLD, (article) =>
    book.supplyFor(known, article),
  );
  if (verdict.state !== 'reserved') {
    const shortages = 'shortages' in verdict ? verdict.shortages : [];
    const ref = { number, channel: known.channel, revision };
    const counted = keepSold(book, known, wants, sold);
    book.note('order.amended', { number }, { revision, outcome: 'refused', ...wantsOf(known) });
    return book.publish(OrderAmendmentRefused.of({ ...ref, reason: 'stock', shortages, counted }));
  }
  book.giveUpOwn(known);
  book.takeBack(known, sold.less);
  take(book, known, amended);
  const dropped = book.linesOf(known).filter((line) => !needs.has(line.article.number));
  for (const line of dropped) book.change(line, withRevision(line.revisions, revision, 0n));
  book.promise(known, needs);
  send(book, known, needs);
  const noted = { needs: needsForLedger(needs), ...wantsOf(known) };
  book.note('order.amended', { number }, { revision, outcome: 'promised', ...noted });
}

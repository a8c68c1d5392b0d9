import { type Order, OrderCancelForwarded, OrderReleased } from '@samlast/contracts';
import { Unprocessable } from '@samlast/messaging';
import { applyVerdict, needsForLedger } from '../review-queue/apply-verdict.ts';
import { isHeld } from '../claim-stock/claim.ts';
import { releaseClaim } from '../claim-stock/decide-claim.ts';
import { claimName } from '../tables/article-book.ts';
import type { Book } from '../tables/book.ts';
import { isQueued, type OrderRecord } from '../tables/orders.ts';
import { withRevision } from '../watermark/line.ts';
import { expand } from '../follow-kits/kits.ts';
import { policyFor } from '../review-queue/apply-verdict.ts';
import { decide, isFirm } from './decide.ts';
import { type CancelRequested, isSameOrder, type Placed } from './intake.ts';
import { refuseDivided } from './whole-pieces.ts';

/** A new order is reserved, held, left waiting or rejected; the same order again changes nothing. */
export function placeOrder(book: Book, placed: Placed): void {
  const { number, order, body, needs: wants, digest } = placed;
  const known = book.orders.get(number);
  if (known?.digest) {
    if (isRepeated(known, placed)) return book.note('order.repeated', { number }, {});
    throw differs(known);
  }
  const { channel, revision } = order;
  if (known) return placeCancelled(book, known, placed);
  refuseDivided(book, placed);
  const needs = expand(book.kits, wants);
  const hasKits = [...wants.keys()].some((article) => book.kits.has(article));

  const record: OrderRecord = {
    number,
    channel,
    revision,
    digest,
    state: 'waiting',
    standing: true,
    shortages: [],
    body,
    changed: false,
    ...(hasKits && { wants }),
  };
  book.addOrder(record);
  book.sell(record, wants);
  takeClaim(book, record, order);
  const policy = policyFor(book, record);
  const verdict = decide(needs, policy, (article) => book.supplyFor(record, article));
  applyVerdict(book, record, needs, verdict);
  const { state, shortages } = record;
  const firm = isQueued(record) && isFirm(record.state as 'held', policy);
  const part = 'part' in verdict ? { part: needsForLedger(verdict.part) } : {};
  book.note(
    'order.placed',
    { number },
    {
      channel,
      revision,
      needs: needsForLedger(needs),
      state,
      firm,
      shortages,
      ...part,
      ...(hasKits && { wants: needsForLedger(wants) }),
    },
  );
}

/** Whether it can only be told by its content, which must be loaded for that, that it is the same order again. */
export function needsCloserLook({ digest, revision }: OrderRecord, placed: Placed): boolean {
  return digest !== undefined && digest !== placed.digest && placed.order.revision >= revision;
}

function isRepeated(known: OrderRecord, placed: Placed): boolean {
  if (!needsCloserLook(known, placed)) return true;
  return known.body !== undefined && isSameOrder(known.body.order, placed.order);
}

/** An order takes the pieces that its buyer claimed, never a second set. */
function takeClaim(book: Book, record: OrderRecord, { channel, claimKey: key }: Order): void {
  const claim = key && book.claims.get(claimName({ channel, key }));
  if (!claim || !isHeld(claim)) return;
  book.bring(record, claim);
  book.endClaim(claim, 'ordered');
  book.note('claim.ordered', { number: record.number }, { channel, key, needs: needsForLedger(claim.needs) });
}

function differs(known: OrderRecord): Unprocessable {
  return new Unprocessable(
    'order.differs',
    `Order ${known.number} is known already (${known.state}) with other content. A number stands for one order: find out which of the two is right in channel ${known.channel}, then discard this message.`,
  );
}

/**
 * The cancel came first. The order is taken on as cancelled, so that its shop gets an answer and nothing is
 * reserved.
 */
function placeCancelled(book: Book, known: OrderRecord, { order, body, needs, digest }: Placed): void {
  Object.assign(known, { body, digest, changed: known.id !== undefined });
  const { number, channel, revision } = known;
  book.note(
    'order.placed',
    { number },
    { channel, revision, needs: needsForLedger(needs), state: 'cancelled' },
  );
  const claim = order.claimKey && book.claims.get(claimName({ channel, key: order.claimKey }));
  if (claim && isHeld(claim)) releaseClaim(book, claim, 'its order was cancelled');
  book.publish(OrderReleased.of({ number, channel, revision, cause: 'cancelled-before-wms' }));
}

/**
 * What the warehouse cannot have yet ends here; anything else the warehouse is asked about. Asking twice is
 * asking once.
 */
export function cancelOrder(book: Book, cancel: CancelRequested): void {
  const { number, channel } = cancel;
  const known = book.orders.get(number);
  if (!known) {
    const { revision } = cancel;
    const nothing = { standing: false, shortages: [], changed: false };
    book.addOrder({ number, channel, revision, state: 'cancelled', ...nothing });
    return book.note('order.cancel-requested', { number }, { channel, revision, outcome: 'remembered' });
  }
  const outcome = outcomeOf(known);
  const restocked = cancel.restocked === false && { restocked: false };
  if (known.standing) {
    if (cancel.restocked !== false) book.takeBack(known, book.wantsOf(known));
    Object.assign(known, { standing: false, changed: known.id !== undefined });
  }
  if (outcome === 'nothing')
    return book.note('order.cancel-requested', { number }, { outcome, ...restocked });
  // The channel counts from what it knows; the warehouse's answer must not be taken for that to an older revision.
  const revision = Math.max(cancel.revision, known.revision + 1);
  Object.assign(known, { revision, changed: known.id !== undefined });
  book.note('order.cancel-requested', { number }, { revision, outcome, ...restocked });
  if (outcome === 'released') {
    book.dequeue(known);
    known.state = 'cancelled';
    book.publish(OrderReleased.of({ number, channel, revision, cause: 'cancelled-before-wms' }));
    return;
  }
  known.cancelling = revision;
  for (const line of book.linesOf(known)) book.change(line, withRevision(line.revisions, revision, 0n));
  book.publish(
    OrderCancelForwarded.of({ number, channel, revision, ...(cancel.reason && { reason: cancel.reason }) }),
  );
}

function outcomeOf(order: OrderRecord): 'released' | 'forwarded' | 'nothing' {
  if (isQueued(order)) return 'released';
  const open = order.state === 'reserved' || order.state === 'refused';
  return open && order.cancelling === undefined ? 'forwarded' : 'nothing';
}

import {
  fromMilli,
  OrderRejected,
  OrderReleased,
  OrderReserved,
  OrderShort,
  OrderWaiting,
} from '@samlast/contracts';
import { isFirm, type Needs, type Verdict } from '../reserve-stock/decide.ts';
import type { Book } from '../tables/book.ts';
import type { OrderRecord, State } from '../tables/orders.ts';

const refOf = ({ number, channel, revision }: OrderRecord) => ({ number, channel, revision });

/** Books what was decided about an order, and says so. `before` is absent for an order that is new. */
export function applyVerdict(
  book: Book,
  order: OrderRecord,
  needs: Needs,
  verdict: Verdict,
  before?: State,
): void {
  if (before === verdict.state) return stay(book, order, verdict);
  const policy = book.terms.policyOf(order.channel) ?? 'hold';
  order.changed = order.id !== undefined;
  order.state = verdict.state;
  order.shortages = 'shortages' in verdict ? verdict.shortages : [];
  if (before) book.dequeue(order);
  switch (verdict.state) {
    case 'reserved':
      return reserve(book, order, needs);
    case 'waiting':
      book.enqueue(order, needs, isFirm('waiting', policy));
      return book.publish(OrderWaiting.of({ ...refOf(order), articles: verdict.articles }));
    case 'held':
      book.enqueue(order, needs, true);
      return book.publish(OrderShort.of({ ...refOf(order), outcome: 'held', shortages: order.shortages }));
    case 'rejected':
      return rejectByPolicy(book, order, before);
  }
}

/**
 * Still held or still waiting: told again only where the reason is new, or where another read would bring
 * an answer.
 */
function stay(book: Book, order: OrderRecord, verdict: Verdict): void {
  if (verdict.state === 'waiting') {
    const articles = verdict.articles.filter((article) => book.readHelps(article));
    if (articles.length > 0) book.publish(OrderWaiting.of({ ...refOf(order), articles }));
  } else if ('shortages' in verdict) {
    const known = order.shortages;
    order.changed ||= JSON.stringify(known) !== JSON.stringify(verdict.shortages);
    order.shortages = verdict.shortages;
    if (reasons(known) === reasons(order.shortages)) return;
    book.publish(OrderShort.of({ ...refOf(order), outcome: 'held', shortages: order.shortages }));
  }
}

const reasons = (shortages: OrderRecord['shortages']) =>
  shortages.map(({ article, reason }) => `${article} ${reason}`).join('\n');

/** The whole order goes on to the warehouse. Its body must have been loaded. */
export function reserve(book: Book, order: OrderRecord, needs: Needs): void {
  if (!order.body) throw new Error(`order ${order.number} was reserved without its content`);
  book.promise(order, needs);
  book.publish(OrderReserved.of({ ...refOf(order), order: order.body, counted: book.counted(order) }));
}

function rejectByPolicy(book: Book, order: OrderRecord, before: State | undefined): void {
  const { shortages } = order;
  book.publish(OrderShort.of({ ...refOf(order), outcome: 'rejected', shortages }));
  const reason = `The channel's policy rejects orders that cannot be covered: ${describe(shortages)}`.slice(
    0,
    500,
  );
  book.publish(OrderRejected.of({ ...refOf(order), by: `policy of channel ${order.channel}`, reason }));
  if (before) book.publish(OrderReleased.of({ ...refOf(order), cause: 'rejected' }));
}

/** Says what is missing in words, such as "2 of 5 of A-1". */
export function describe(shortages: OrderRecord['shortages']): string {
  return shortages
    .map(({ article, reason, missing, wanted }) => {
      if (reason === 'unknown-article') return `the warehouse does not know ${article}`;
      return reason === 'inactive'
        ? `${article} is inactive`
        : `${missing} of ${wanted} of ${article} missing`;
    })
    .join(', ');
}

/** Quantities as the ledger holds them. */
export function needsForLedger(needs: Needs): Record<string, string> {
  return Object.fromEntries([...needs].map(([article, quantity]) => [article, fromMilli(quantity)]));
}

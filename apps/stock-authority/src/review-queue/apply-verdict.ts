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
      return tellWaiting(book, order, verdict.articles);
    case 'held':
      book.enqueue(order, needs, true);
      return tellHeld(book, order);
    case 'rejected':
      book.takeBack(order, needs);
      order.standing = false;
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
    if (articles.length > 0) tellWaiting(book, order, articles);
  } else if ('shortages' in verdict) {
    const known = order.shortages;
    order.changed ||= JSON.stringify(known) !== JSON.stringify(verdict.shortages);
    order.shortages = verdict.shortages;
    if (reasons(known) !== reasons(order.shortages)) tellHeld(book, order);
  }
}

/** What a queued order wants is offered to no shop, so its own need not subtract it once more. */
function tellWaiting(book: Book, order: OrderRecord, articles: string[]): void {
  const counted = book.counted(book.wishes.get(order.number)?.keys() ?? []);
  book.publish(OrderWaiting.of({ ...refOf(order), articles, counted }));
}

function tellHeld(book: Book, order: OrderRecord): void {
  const { shortages } = order;
  const counted = book.counted(book.wishes.get(order.number)?.keys() ?? []);
  book.publish(OrderShort.of({ ...refOf(order), outcome: 'held', shortages, counted }));
}

const reasons = (shortages: OrderRecord['shortages']) =>
  shortages.map(({ article, reason }) => `${article} ${reason}`).join('\n');

/** The whole order goes on to the warehouse. */
export function reserve(book: Book, order: OrderRecord, needs: Needs): void {
  book.promise(order, needs);
  book.leaving.add(order);
  const counted = book.counted(book.linesOf(order).map((line) => line.article.number));
  const ref = refOf(order);
  book.publishLater(() => {
    if (!order.body) throw new Error(`order ${order.number} was reserved without its content`);
    return OrderReserved.of({ ...ref, order: order.body, counted });
  });
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

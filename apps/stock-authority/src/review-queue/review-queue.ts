import { decideQueue, isFirm, type ShortPolicy } from '../reserve-stock/decide.ts';
import type { Book } from '../tables/book.ts';
import { isQueued, type OrderRecord } from '../tables/orders.ts';
import { applyVerdict, needsForLedger, policyFor } from './apply-verdict.ts';

/**
 * Decides held and waiting orders again, where figures of their articles moved in this transaction: oldest
 * first, whole.
 */
export function reviewQueue(book: Book, { renewDays = false } = {}): void {
  const moved = book.takeMoved();
  if (moved.size === 0) return;
  const queue = book.queue().map(({ order, wishes }) => ({
    number: order.number,
    channel: order.channel,
    policy: reviewPolicy(book, order),
    needs: new Map([...wishes].map(([article, { quantity }]) => [article, quantity])),
    own: new Map([...wishes].map(([article, { own }]) => [article, own])),
    firm: [...wishes.values()].every((wish) => wish.firm),
    // Of an order that only wants pieces of an article that another one wants too, not everything was loaded.
    decidable: [...wishes.keys()].some((article) => moved.has(article)),
  }));
  const verdicts = decideQueue(queue, (article, channel) => book.figuresOf(article, channel));
  for (const { number, needs } of queue) {
    const verdict = verdicts.get(number);
    const order = book.orders.get(number);
    if (!verdict || !order) continue;
    const before = { state: order.state, shortages: JSON.stringify(order.shortages) };
    applyVerdict(book, order, needs, verdict, { before: before.state, renewDays });
    const { state, shortages } = order;
    if (before.state === state && before.shortages === JSON.stringify(shortages)) continue;
    const firm = isQueued(order) && isFirm(order.state as 'held', policyFor(book, order));
    const part = 'part' in verdict ? { part: needsForLedger(verdict.part) } : {};
    book.note(
      'order.decided',
      { number },
      { state, shortages, ...part, ...(before.state !== state && { firm }) },
    );
  }
  book.takeMoved();
}

/**
 * Whose order was taken on what was announced then is told when that does not come; it stays in its place, and is not
 * asked again whether it is announced.
 */
function reviewPolicy(book: Book, order: OrderRecord): ShortPolicy {
  const policy = policyFor(book, order);
  return order.state === 'backordered' && policy.kind === 'backorder'
    ? { ...policy, against: 'anything' }
    : policy;
}

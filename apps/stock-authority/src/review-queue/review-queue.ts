import { decideQueue, type Queued } from '../reserve-stock/decide.ts';
import type { Book } from '../tables/book.ts';
import { loadBodies, readOrders } from '../tables/orders.ts';
import { loadQueue, type QueueRow } from '../tables/queue.ts';
import { applyVerdict } from './apply-verdict.ts';

/**
 * Decides held and waiting orders again, where figures of their articles moved in this transaction: oldest
 * first, whole.
 */
export async function reviewQueue(book: Book): Promise<void> {
  const moved = book.takeMoved();
  if (moved.length === 0) return;
  await book.save();
  const rows = await loadQueue(
    book.tx,
    moved.map((article) => article.id),
  );
  const byOrder = grouped(rows);
  const decidable = [...byOrder.values()]
    .filter(([row]) => row?.decidable)
    .map(([row]) => row?.orderNumber ?? '');
  book.adopt(await readOrders(book.tx, decidable), wishesOf(byOrder, new Set(decidable)));

  const queue = [...byOrder.values()].map((order) => asQueued(book, order));
  const verdicts = decideQueue(queue, (article) => book.supplyOf(article));
  const decided = queue.flatMap(({ number, needs }) => {
    const verdict = verdicts.get(number);
    const order = book.orders.get(number);
    return verdict && order ? [{ order, needs, verdict }] : [];
  });
  await loadBodies(
    book.tx,
    decided.filter((one) => one.verdict.state === 'reserved').map((one) => one.order),
  );
  for (const { order, needs, verdict } of decided) {
    const before = { state: order.state, shortages: JSON.stringify(order.shortages) };
    applyVerdict(book, order, needs, verdict, before.state);
    const { number, state, shortages } = order;
    if (before.state === state && before.shortages === JSON.stringify(shortages)) continue;
    const firm = state === 'held' || book.terms.policyOf(order.channel) !== 'reject';
    book.note('order.decided', { number }, { state, shortages, ...(before.state !== state && { firm }) });
  }
  book.takeMoved();
}

function grouped(rows: readonly QueueRow[]): Map<string, QueueRow[]> {
  const byOrder = new Map<string, QueueRow[]>();
  for (const row of rows) {
    const list = byOrder.get(row.orderNumber);
    if (list) list.push(row);
    else byOrder.set(row.orderNumber, [row]);
  }
  return byOrder;
}

function wishesOf(byOrder: Map<string, QueueRow[]>, numbers: ReadonlySet<string>) {
  return new Map(
    [...byOrder]
      .filter(([number]) => numbers.has(number))
      .map(([number, rows]) => [
        number,
        new Map(rows.map(({ articleNumber, quantity, firm }) => [articleNumber, { quantity, firm }])),
      ]),
  );
}

function asQueued(book: Book, rows: readonly QueueRow[]): Queued {
  const { orderNumber: number = '', decidable = false, firm = true } = rows[0] ?? {};
  const channel = book.orders.get(number)?.channel;
  return {
    number,
    decidable,
    firm,
    policy: (channel && book.terms.policyOf(channel)) || 'hold',
    needs: new Map(rows.map((row) => [row.articleNumber, row.quantity])),
  };
}

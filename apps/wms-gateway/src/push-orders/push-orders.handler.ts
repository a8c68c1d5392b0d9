import { Controller, Inject } from '@nestjs/common';
import {
  LineAccepted,
  OrderCancelForwarded,
  OrderCancelled,
  OrderCancelRefused,
  OrderRefused,
  OrderReserved,
  OrderWaiting,
  type Event,
} from '@samlast/contracts';
import { Consumes, type MessageOf } from '@samlast/messaging';
import { CONFIG } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import type { Config } from '../config.ts';
import { nextStep } from '../steps.ts';
import { ArticleFigures } from '../watch-stock/article-figures.ts';
import { Signals } from '../signals.ts';
import { type NewWrite, WriteQueue } from '../write-queue/write-queue.ts';
import { originOf } from './order-mapping.ts';
import { linesOf, OrderRegistry, type Parts, pickedArticles, type Registered } from './order-registry.ts';
import type { CancelBody, PutBody } from './send-order.ts';

type Reserved = MessageOf<typeof OrderReserved>;
type CancelForwarded = MessageOf<typeof OrderCancelForwarded>;
type Waiting = MessageOf<typeof OrderWaiting>;

/** What the stock authority decided becomes work for the one queue to Ongoing. */
@Controller()
export class PushOrders {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly registry: OrderRegistry,
    private readonly queue: WriteQueue,
    private readonly figures: ArticleFigures,
    private readonly signals: Signals,
  ) {}

  @Consumes(OrderReserved, OrderCancelForwarded, OrderWaiting)
  async onOrders(messages: (Reserved | CancelForwarded | Waiting)[], tx: EntityManager): Promise<Event[]> {
    const reserved = messages.filter((message): message is Reserved => message.type === 'order.reserved');
    const cancels = messages.filter(
      (message): message is CancelForwarded => message.type === 'order.cancel-forwarded',
    );
    const waiting = messages.filter((message): message is Waiting => message.type === 'order.waiting');
    // A cancel follows its order, so all orders of the batch may go first.
    const events = [...(await this.queueOrders(reserved, tx)), ...(await this.cancelOrders(cancels, tx))];
    await this.readSoonest(waiting, tx);
    return events;
  }

  private async queueOrders(messages: Reserved[], tx: EntityManager): Promise<Event[]> {
    if (messages.length === 0) return [];
    const orders = messages.map(({ data: { order, parts = [] } }) => ({
      order,
      parts,
      origin: originOf(this.config.INSTALLATION, order.channel, order.shopOrderId),
    }));
    const known = await this.registry.lock(
      tx,
      orders.map(({ order }) => order.number),
    );
    const claimed = await this.registry.claim(
      tx,
      firsts(orders.filter(({ order }) => !known.has(order.number))),
    );
    const accepted: typeof orders = [];
    const events: Event[] = [];
    const fresh = new Set(claimed);
    for (const each of orders) {
      const { order, origin } = each;
      const was = known.get(order.number) ?? (await this.registryOf(tx, order.number, claimed));
      if (fresh.delete(order.number)) accepted.push(each);
      else if (was?.origin === origin && was.claimed) {
        // The same revision again is a duplicate; a higher one is a change, which is written like the
        // first.
        if (order.revision > was.revision) accepted.push(each);
      } else {
        const text = takenText(order.number, was?.number ?? order.number, was?.channel ?? order.channel);
        await this.registry.keepUnclaimed(tx, order, origin, text);
        const { number, channel, revision } = order;
        events.push(OrderRefused.of({ number, channel, revision, reason: 'foreign', text }));
      }
    }
    await this.registry.change(
      tx,
      accepted
        .filter(({ order }) => known.has(order.number))
        .map(({ order, parts }) => ({
          number: order.number,
          state: 'queued',
          revision: order.revision,
          // What Ongoing has is known to be there until it has taken the change.
          ...(known.get(order.number)?.accepted_revision === null && { lines: linesOf(order, parts) }),
        })),
    );
    await this.enqueuePuts(tx, accepted, known);
    return events;
  }

  private async enqueuePuts(
    tx: EntityManager,
    orders: { order: Reserved['data']['order']; parts: Parts; origin: string }[],
    known: ReadonlyMap<string, Registered>,
  ): Promise<void> {
    if (orders.length === 0) return;
    const puts = newestOf(orders).map(({ newest: { order, parts, origin }, first }): NewWrite => {
      const was = known.get(order.number);
      return {
        kind: 'order',
        subject: order.number,
        revision: order.revision,
        action: 'put',
        lane: order.channel,
        // What a change drops is on its way too.
        articles: pickedArticles([...linesOf(order, parts), ...(was?.lines ?? [])]),
        body: {
          order,
          ...(parts.length > 0 && { parts }),
          origin,
          acceptedBefore: isThere(was, first),
        } satisfies PutBody,
      };
    });
    const changes = puts.filter((put) => known.has(put.subject));
    const superseded = changes.length > 0 ? await this.queue.supersede(tx, changes) : new Set();
    await this.queue.enqueue(
      tx,
      puts.filter((put) => !superseded.has(put.subject)),
    );
    await this.queue.hasten(tx, [
      ...new Set(orders.flatMap(({ order }) => order.lines.map((line) => line.article))),
    ]);
    this.signals.writes.ringSoon();
  }

  private async registryOf(tx: EntityManager, number: string, claimed: ReadonlySet<string>) {
    return claimed.has(number)
      ? (await this.registry.lock(tx, [number])).get(number)
      : this.registry.holderOf(tx, number);
  }

  private async cancelOrders(messages: CancelForwarded[], tx: EntityManager): Promise<Event[]> {
    if (messages.length === 0) return [];
    const numbers = messages.map(({ data }) => data.number);
    const known = await this.registry.lock(tx, numbers);
    // A change of what is there already stays in the queue: should the cancel be refused, it still needs its answer.
    const unaccepted = numbers.filter((number) => known.get(number)?.accepted_revision === null);
    const withdrawn = await this.queue.withdraw(tx, 'order', unaccepted);
    const events: Event[] = [];
    for (const { data } of messages) {
      const { number, channel, revision } = data;
      const was = known.get(number);
      if (!was) {
        const text =
          'The gateway has no such order. Look it up in Ongoing, and ask the warehouse to cancel it there.';
        events.push(OrderCancelRefused.of({ number, channel, revision, reason: 'unknown', text }));
      } else if (was.accepted_revision === null && (withdrawn.has(number) || isOver(was))) {
        events.push(...(await this.cancelHere(tx, was, revision)));
      } else {
        await this.queue.enqueue(tx, [
          {
            kind: 'order',
            subject: number,
            revision,
            action: 'cancel',
            lane: channel,
            articles: pickedArticles(was.lines),
            body: { origin: was.origin, wmsOrderId: was.wms_order_id ?? undefined } satisfies CancelBody,
          },
        ]);
      }
    }
    this.signals.writes.ringSoon();
    return events;
  }

  /** Nothing of the order is in Ongoing, and nothing will be: the cancel is in force at this step. */
  private async cancelHere(tx: EntityManager, was: Registered, revision: number): Promise<Event[]> {
    const step = await nextStep(tx);
    const { number, channel } = was;
    await this.registry.change(tx, [{ number, revision, state: 'cancelled' }]);
    const answered = { number, channel, revision, sent: step, accepted: step };
    const articles = pickedArticles(was.lines);
    await this.figures.unsettle(
      tx,
      articles.map((article) => ({ article, step })),
    );
    return [
      OrderCancelled.of({ ...answered, by: 'channel' }),
      ...articles.map((article) => LineAccepted.of({ ...answered, article, quantity: '0' })),
    ];
  }

  private async readSoonest(messages: Waiting[], tx: EntityManager): Promise<void> {
    const articles = [...new Set(messages.flatMap(({ data }) => data.articles))];
    if (articles.length === 0) return;
    const step = await nextStep(tx);
    await this.figures.unsettle(
      tx,
      articles.map((article) => ({ article, step })),
    );
    this.signals.stock.ringSoon();
  }
}

/** An earlier revision is in Ongoing, or on its way. */
const isThere = (was: Registered | undefined, revision: number) =>
  was ? was.state !== 'refused' || was.accepted_revision !== null : revision > 1;

/** Refused before it ever was in Ongoing, or cancelled already: there is nothing to ask the warehouse. */
const isOver = (was: Registered) => was.state === 'refused' || was.state === 'cancelled';

function firsts<T extends { order: { number: string } }>(orders: T[]): T[] {
  const seen = new Set<string>();
  return orders.filter(({ order }) => !seen.has(order.number) && seen.add(order.number));
}

/** Of each order its newest version, and the first revision that came with it. */
function newestOf<T extends { order: { number: string; revision: number } }>(orders: T[]) {
  const newest = new Map<string, { newest: T; first: number }>();
  for (const each of orders) {
    const { number, revision } = each.order;
    newest.set(number, { newest: each, first: newest.get(number)?.first ?? revision });
  }
  return [...newest.values()];
}

function takenText(number: string, holder: string, channel: string): string {
  return (
    `Number ${number} is taken by order ${holder} of channel ${channel}, which Ongoing may not tell from it. ` +
    'Nothing was sent. Give the order another number in its shop, or cancel it there.'
  );
}

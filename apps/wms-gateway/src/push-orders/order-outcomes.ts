import { Injectable } from '@nestjs/common';
import type { Event, Order } from '@samlast/contracts';
import { Log, Metrics } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import { ArticleFigures } from '../watch-stock/article-figures.ts';
import { keyOf, type Outcome, type SettledWrite } from '../write-queue/write.ts';
import { WriteQueue } from '../write-queue/write-queue.ts';
import { linesOf, OrderRegistry, pickedArticles } from './order-registry.ts';
import { type PutNote, writtenOf, type Written } from './order-parts.ts';
import type { PutBody } from './send-order.ts';
import { tell } from './tell.ts';

/**
 * Books what became of orders that were written: registry, queue, the articles to read again, and what is
 * told.
 */
@Injectable()
export class OrderOutcomes {
  private readonly outcomes;

  constructor(
    private readonly registry: OrderRegistry,
    private readonly queue: WriteQueue,
    private readonly figures: ArticleFigures,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.outcomes = metrics.counter('order_writes_total', 'Settled writes of orders to Ongoing', ['outcome']);
  }

  async book(tx: EntityManager, settled: SettledWrite[]): Promise<Event[]> {
    if (settled.length === 0) return [];
    const registered = await this.registry.lock(tx, [...new Set(settled.map(({ write }) => write.subject))]);
    const told = settled.flatMap(({ write, outcome, step }) => {
      const was = registered.get(write.subject);
      if (!was) throw new Error(`${keyOf(write)} was written, but its order is not in the registry`);
      const body = write.action === 'put' ? (write.body as PutBody) : undefined;
      const lines = body ? linesOf(body.order, body.parts) : was.lines;
      const { revision, action, sent } = write;
      const told = tell(was, { revision, action, sent, accepted: step, lines, order: write.body }, outcome);
      return body ? { ...told, change: { ...told.change, written: writtenBy(body.order, outcome) } } : told;
    });
    await this.registry.change(
      tx,
      told.map(({ change }) => change),
    );
    await this.queue.close(tx, settled);
    await this.figures.unsettle(
      tx,
      settled.flatMap(({ write, step }) => {
        const before = pickedArticles(registered.get(write.subject)?.lines ?? []);
        return [...new Set([...write.articles, ...before])].map((article) => ({ article, step }));
      }),
    );
    return told.flatMap(({ events }) => events);
  }

  /** After the commit. */
  count(settled: SettledWrite[]): void {
    for (const { write, outcome } of settled) {
      this.outcomes.inc({ outcome: outcome.kind });
      if (outcome.kind !== 'refused' && outcome.kind !== 'cancel-refused') continue;
      this.log.warn(outcome.kind === 'refused' ? 'an order is refused' : 'a cancel is refused', {
        number: write.subject,
        revision: write.revision,
        reason: outcome.reason,
      });
    }
  }
}

/** Nothing where nothing of it was written. */
function writtenBy(order: Order, outcome: Outcome): Written | undefined {
  const { day, changed = [] } = ('note' in outcome ? (outcome.note as PutNote) : undefined) ?? {};
  if (outcome.kind === 'accepted') return { ...writtenOf(order), ...(day && { day }) };
  return outcome.kind === 'refused' && changed.length > 0 ? writtenOf(order, changed) : undefined;
}

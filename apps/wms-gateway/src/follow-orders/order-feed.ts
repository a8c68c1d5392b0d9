import { Inject, Injectable } from '@nestjs/common';
import type { OngoingOrder, OrderFilter } from '@samlast/ongoing-client';
import { CONFIG, Log } from '@samlast/service';
import { DataSource } from 'typeorm';
import type { Config } from '../config.ts';
import { Cursors, startedAt } from '../cursors.ts';
import type { Term } from '../leadership.ts';
import { Ongoing } from '../ongoing.ts';
import { repeat } from '../pace.ts';
import { Reachability } from '../reachability.ts';
import { nextStep } from '../steps.ts';
import { WebhookGaps } from '../receive-webhooks/gaps.ts';
import { ApplyOrders } from './apply-orders.ts';
import { RestingOrders } from './resting-orders.ts';

const PAGE = 1000;
/** Ongoing answers for updates of the last two days only; an hour is kept for clocks that differ. */
const UPDATED_MAX_AGE_MS = 47 * 60 * 60 * 1000;
/** Late parcels change no status; they may come a little later than statuses. */
const UPDATED_EVERY = 5;

/** Polls what webhooks may have lost: changed statuses, and now and then every update, for late parcels. */
@Injectable()
export class OrderFeed {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DataSource,
    private readonly ongoing: Ongoing,
    private readonly cursors: Cursors,
    private readonly applyOrders: ApplyOrders,
    private readonly resting: RestingOrders,
    private readonly gaps: WebhookGaps,
    private readonly reachability: Reachability,
    private readonly log: Log,
  ) {}

  async serve(term: Term): Promise<void> {
    const { config, reachability, log } = this;
    const pace = { ended: term.ended, reachability, log };
    const everyMs = config.ORDER_POLL_MS;
    let widest = 0;
    const overlap = () => {
      const wide = performance.now() >= widest;
      if (wide) widest = performance.now() + config.WIDE_POLL_MS;
      return wide ? config.WIDE_OVERLAP_MS : config.POLL_OVERLAP_MS;
    };
    await Promise.all([
      this.resting.lookAgain(),
      repeat({ ...pace, name: 'order statuses', everyMs }, () =>
        this.read(term, 'order-status', overlap(), (since) => ({ orderStatusChangedTimeFrom: since })),
      ),
      repeat({ ...pace, name: 'order updates', everyMs: everyMs * UPDATED_EVERY }, () =>
        this.read(term, 'order-updates', config.POLL_OVERLAP_MS, (since) => ({
          orderUpdatedTimeFrom: since,
        })),
      ),
    ]);
  }

  /** The cursor moves to where this read began, and only when all of it is stored. */
  private async read(
    term: Term,
    feed: string,
    overlapMs: number,
    filter: (since: string) => OrderFilter,
  ): Promise<void> {
    const cursor = (await this.cursors.read(feed)) ?? new Date(Date.now() - this.config.WIDE_OVERLAP_MS);
    const oldest = feed === 'order-updates' ? Date.now() - UPDATED_MAX_AGE_MS : 0;
    const since = new Date(Math.max(cursor.getTime() - overlapMs, oldest)).toISOString();
    const pages = this.ongoing.reads.listOrderPages(filter(since), { pageSize: PAGE });
    let next: Date | undefined;
    for (;;) {
      const started = await nextStep(this.database);
      const begun = performance.now();
      const { value: page } = await pages.next();
      if (!page) {
        next ??= startedAt(undefined, performance.now() - begun);
        break;
      }
      next ??= startedAt(page.serverTime, performance.now() - begun);
      await this.applyOrders.apply(page.items, started);
      // Updates without another status are no webhook's business.
      if (feed === 'order-status') await this.gaps.polled('order', page.items.map(sightingOf), cursor);
      if (term.ended.aborted) return;
      if (page.count < PAGE) break;
    }
    if (next > cursor) await this.cursors.move(feed, next);
  }
}

const sightingOf = ({ orderInfo }: OngoingOrder) => ({
  wmsId: orderInfo.orderId,
  number: orderInfo.orderNumber,
  status: orderInfo.orderStatus.number,
});

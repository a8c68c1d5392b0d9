import { Inject, Injectable } from '@nestjs/common';
import type { OngoingPurchaseOrder, Page } from '@samlast/ongoing-client';
import { CONFIG, Log } from '@samlast/service';
import { DataSource } from 'typeorm';
import type { Config } from '../config.ts';
import { Cursors, startedAt } from '../cursors.ts';
import type { Term } from '../leadership.ts';
import { Ongoing } from '../ongoing.ts';
import { repeat } from '../pace.ts';
import { Reachability } from '../reachability.ts';
import { Signals } from '../signals.ts';
import { nextStep } from '../steps.ts';
import { WebhookGaps } from '../receive-webhooks/gaps.ts';
import { ApplyPurchases } from './apply-purchases.ts';
import { ApplyReturns } from './apply-returns.ts';
import { ExpectedGoods } from './expected-goods.ts';
import { PurchaseHints } from './purchase-hints.ts';

const PAGE = 1000;
const HINTS_AT_ONCE = 100;

/** Polls what came in: purchase orders by status and by receipts, orders by returns. A webhook only makes it sooner. */
@Injectable()
export class InboundFeed {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DataSource,
    private readonly ongoing: Ongoing,
    private readonly cursors: Cursors,
    private readonly purchases: ApplyPurchases,
    private readonly expected: ExpectedGoods,
    private readonly hints: PurchaseHints,
    private readonly gaps: WebhookGaps,
    private readonly returns: ApplyReturns,
    private readonly reachability: Reachability,
    private readonly signals: Signals,
    private readonly log: Log,
  ) {}

  async serve(term: Term): Promise<void> {
    const { reachability, log, signals } = this;
    const pace = { ended: term.ended, reachability, log, everyMs: this.config.INBOUND_POLL_MS };
    let widest = 0;
    let sweepAt = 0;
    await repeat({ ...pace, name: 'what came in', wake: signals.inbound }, async () => {
      if (performance.now() >= sweepAt) {
        await this.sweep(term);
        sweepAt = performance.now() + this.config.PURCHASE_SWEEP_MS;
      }
      const wide = performance.now() >= widest;
      if (wide) widest = performance.now() + this.config.WIDE_POLL_MS;
      const overlapMs = wide ? this.config.WIDE_OVERLAP_MS : this.config.POLL_OVERLAP_MS;
      const { reads } = this.ongoing;
      const pages = { pageSize: PAGE };
      const apply = (orders: OngoingPurchaseOrder[], started: number) =>
        this.purchases.apply(orders, started);
      await this.read(term, 'purchase-status', overlapMs, {
        pagesFrom: (since) =>
          reads.listPurchaseOrderPages({ purchaseOrderStatusChangedTimeFrom: since }, pages),
        apply: async (orders, started, cursor) => {
          await apply(orders, started);
          await this.gaps.polled('purchase-order', orders.map(sightingOf), cursor);
        },
      });
      // A receipt within one status moves nothing but this time.
      await this.read(term, 'purchase-receipts', overlapMs, {
        pagesFrom: (since) => reads.listPurchaseOrderPages({ lastReceiveTimeFrom: since }, pages),
        apply,
      });
      await this.read(term, 'returns', overlapMs, {
        pagesFrom: (since) => reads.listOrderPages({ lastReturnedFrom: since }, pages),
        apply: (orders) => this.returns.apply(orders),
      });
      await this.followHints(term);
    });
  }

  private async followHints(term: Term): Promise<void> {
    await this.hints.follow(HINTS_AT_ONCE, async (wmsId) => {
      const started = await nextStep(this.database);
      const order = await this.ongoing.reads.getPurchaseOrder(wmsId);
      if (!order || term.ended.aborted) return;
      await this.purchases.apply([order], started);
      await this.gaps.fetched('purchase-order', sightingOf(order));
    });
  }

  /** All that are open: also those from before this gateway, and those that ended while nobody looked. */
  private async sweep(term: Term): Promise<void> {
    const first = await nextStep(this.database);
    const filter = { purchaseOrderStatusTo: this.config.PURCHASE_OPEN_TO };
    for await (const { items } of this.ongoing.reads.listPurchaseOrderPages(filter, { pageSize: PAGE })) {
      await this.expected.seen(items, first);
      if (term.ended.aborted) return;
    }
    await this.expected.forgetBefore(first);
  }

  /** The cursor moves to where this read began, and only when all of it is stored. */
  private async read<T>(
    term: Term,
    feed: string,
    overlapMs: number,
    { pagesFrom, apply }: Source<T>,
  ): Promise<void> {
    const cursor = (await this.cursors.read(feed)) ?? new Date(Date.now() - this.config.WIDE_OVERLAP_MS);
    const pages = pagesFrom(new Date(cursor.getTime() - overlapMs).toISOString());
    let next: Date | undefined;
    for (;;) {
      const started = await nextStep(this.database);
      const begun = performance.now();
      const { value: page } = await pages.next();
      next ??= startedAt(page?.serverTime, performance.now() - begun);
      if (!page) break;
      await apply(page.items, started, cursor);
      if (term.ended.aborted) return;
      if (page.count < PAGE) break;
    }
    if (next > cursor) await this.cursors.move(feed, next);
  }
}

interface Source<T> {
  pagesFrom: (since: string) => AsyncGenerator<Page<T>, void, void>;
  apply: (items: T[], started: number, since: Date) => Promise<void>;
}

const sightingOf = ({ purchaseOrderInfo: info }: OngoingPurchaseOrder) => ({
  wmsId: info.purchaseOrderId,
  number: info.purchaseOrderNumber,
  status: info.purchaseOrderStatus.number,
});

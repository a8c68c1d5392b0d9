import { Inject, Injectable } from '@nestjs/common';
import { toMilli } from '@samlast/contracts';
import type { OngoingOrder, OngoingPurchaseOrder } from '@samlast/ongoing-client';
import { CONFIG, Log, Metrics } from '@samlast/service';
import { DataSource } from 'typeorm';
import type { Config } from '../config.ts';
import { ApplyPurchases } from '../follow-inbound/apply-purchases.ts';
import { ApplyReturns } from '../follow-inbound/apply-returns.ts';
import { ApplyOrders } from '../follow-orders/apply-orders.ts';
import { hasLeft } from '../follow-orders/statuses.ts';
import type { Term } from '../leadership.ts';
import { Ongoing } from '../ongoing.ts';
import { repeat } from '../pace.ts';
import { Reachability } from '../reachability.ts';
import { nextStep } from '../steps.ts';

const PAGE = 200;
/** What is older was never to be reported by us. */
const LOOKS_BACK_MS = 30 * 24 * 60 * 60 * 1_000;

type Quantity = string | undefined;
const exceeds = (one: Quantity, other: Quantity) => toMilli(one ?? '0') > toMilli(other ?? '0');
const differs = (one: Quantity, other: Quantity) => toMilli(one ?? '0') !== toMilli(other ?? '0');

/**
 * Only where it is configured: what Ongoing holds to be unreported is read, told as by the feeds, and then marked as
 * reported, of our orders alone. No clock is in it, so it also finds what the feeds may have missed. Others' orders
 * keep their mark: it may be another system's.
 */
@Injectable()
export class ReportNumbers {
  private readonly marked;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DataSource,
    private readonly ongoing: Ongoing,
    private readonly orders: ApplyOrders,
    private readonly returns: ApplyReturns,
    private readonly purchases: ApplyPurchases,
    private readonly reachability: Reachability,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.marked = metrics.counter(
      'ongoing_reported_lines_total',
      'Lines whose reported number was set in Ongoing',
    );
  }

  async serve(term: Term): Promise<void> {
    if (this.config.REPORTED_NUMBERS === 'leave') return;
    const { reachability, log } = this;
    const pace = { ended: term.ended, reachability, log, name: 'unreported lines' };
    this.ongoing.permitMarksWhile(() => term.mayStart());
    await repeat({ ...pace, everyMs: this.config.REPORTED_POLL_MS }, async () => {
      const since = new Date(Date.now() - LOOKS_BACK_MS).toISOString();
      await this.reportPicked(term, since);
      await this.reportReturned(term, since);
      await this.reportReceived(term, since);
    });
  }

  private async reportPicked(term: Term, since: string): Promise<void> {
    const filter = { onlyOrdersWithOrderLinesToReport: true, lastPickingTimeFrom: since };
    for await (const { items, started } of this.orderPages(filter)) {
      await this.orders.apply(items, started);
      // What lies picked has not left: it is told, and reported, when it has.
      const gone = items.filter(({ orderInfo }) => hasLeft(orderInfo.orderStatus.number, this.config));
      for (const { orderInfo, orderLines } of await this.ours(gone)) {
        for (const { id, pickedNumberOfItems: picked, reportedNumberOfItems: reported } of orderLines)
          if (exceeds(picked, reported))
            await this.mark(term, (marks) => marks.setPicked(orderInfo.orderId, id, picked ?? '0'));
      }
      if (term.ended.aborted) return;
    }
  }

  private async reportReturned(term: Term, since: string): Promise<void> {
    const filter = { onlyOrdersWithOrderLinesToReportReturned: true, lastReturnedFrom: since };
    for await (const { items } of this.orderPages(filter)) {
      await this.returns.apply(items);
      for (const { orderInfo, orderLines } of await this.ours(items)) {
        for (const { id, returnedNumberOfItems: back, reportedReturnedNumberOfItems: reported } of orderLines)
          if (exceeds(back, reported))
            await this.mark(term, (marks) => marks.setReturned(orderInfo.orderId, id, back ?? '0'));
      }
      if (term.ended.aborted) return;
    }
  }

  private async reportReceived(term: Term, since: string): Promise<void> {
    const filter = { onlyPurchaseOrdersWithOrderLinesToReport: true, lastReceiveTimeFrom: since };
    const pages = this.ongoing.reads.listPurchaseOrderPages(filter, { pageSize: PAGE });
    for (;;) {
      const started = await nextStep(this.database);
      const { value: page } = await pages.next();
      if (!page || term.ended.aborted) return;
      await this.purchases.apply(page.items, started);
      for (const { purchaseOrderInfo: info, purchaseOrderLines } of await this.ourPurchases(page.items)) {
        for (const {
          id,
          receivedNumberOfItems: received,
          reportedNumberOfItems: reported,
        } of purchaseOrderLines)
          if (differs(received, reported))
            await this.mark(term, (marks) => marks.setReceived(info.purchaseOrderId, id, received ?? '0'));
      }
    }
  }

  private async *orderPages(filter: object): AsyncGenerator<{ items: OngoingOrder[]; started: number }> {
    const pages = this.ongoing.reads.listOrderPages(filter, { pageSize: PAGE });
    for (;;) {
      const started = await nextStep(this.database);
      const { value: page } = await pages.next();
      if (!page) return;
      yield { items: page.items, started };
    }
  }

  private async mark(term: Term, set: (marks: Ongoing['marks']) => Promise<boolean>): Promise<void> {
    if (term.ended.aborted) return;
    // One that failed is in the next answer again.
    if (await set(this.ongoing.marks)) this.marked.inc();
  }

  private async ours(orders: readonly OngoingOrder[]): Promise<OngoingOrder[]> {
    const rows = await this.database.query<{ number: string; origin: string }[]>(
      `SELECT number, origin FROM orders WHERE number = ANY($1) AND claimed`,
      [orders.map(({ orderInfo }) => orderInfo.orderNumber)],
    );
    const origins = new Map(rows.map(({ number, origin }) => [number, origin]));
    return orders.filter(
      ({ orderInfo: { orderNumber, goodsOwnerOrderId } }) =>
        goodsOwnerOrderId !== undefined && origins.get(orderNumber) === goodsOwnerOrderId,
    );
  }

  private async ourPurchases(orders: readonly OngoingPurchaseOrder[]): Promise<OngoingPurchaseOrder[]> {
    const rows = await this.database.query<{ number: string; origin: string }[]>(
      `SELECT number, origin FROM inbound WHERE kind = 'purchase-order' AND number = ANY($1) AND claimed`,
      [orders.map(({ purchaseOrderInfo }) => purchaseOrderInfo.purchaseOrderNumber)],
    );
    const origins = new Map(rows.map(({ number, origin }) => [number, origin]));
    return orders.filter(
      ({ purchaseOrderInfo: { purchaseOrderNumber, goodsOwnerReference } }) =>
        goodsOwnerReference !== undefined && origins.get(purchaseOrderNumber) === goodsOwnerReference,
    );
  }
}

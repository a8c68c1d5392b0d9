import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import type { OngoingPurchaseOrder } from '@samlast/ongoing-client';
import { CONFIG, Metrics } from '@samlast/service';
import { DataSource, type EntityManager } from 'typeorm';
import type { Config } from '../config.ts';
import { DoubtedReads } from '../doubted-reads.ts';
import { OddAnswers } from '../odd-answers.ts';
import { InboundRegistry } from '../push-inbound/inbound-registry.ts';
import { ExpectedGoods } from './expected-goods.ts';
import {
  followPurchase,
  type FollowedPurchase,
  type PurchaseNews,
  type Received,
  type Told,
} from './follow-purchase.ts';
import { PurchaseHints } from './purchase-hints.ts';
import { seenPurchase } from './purchase-seen.ts';

interface Row {
  number: string;
  channel: string;
  origin: string;
  state: FollowedPurchase['state'];
  revision: number;
  accepted_revision: number | null;
  wms_id: number | null;
  status_number: number | null;
  closed: boolean;
  told: Told | null;
  last_read: string;
  pending: boolean;
}

const SELECT = `SELECT i.number, i.channel, i.origin, i.state, i.revision, i.accepted_revision, i.wms_id, i.status_number,
    i.closed, i.told, i.last_read,
    EXISTS (SELECT 1 FROM writes w WHERE w.kind = i.kind AND w.subject = i.number) AS pending
  FROM inbound i WHERE i.kind = 'purchase-order' AND i.number = ANY($1) AND i.claimed ORDER BY i.number`;

/** Takes purchase orders as Ongoing shows them, tells what is new about ours, and passes over all others in silence. */
@Injectable()
export class ApplyPurchases {
  private readonly passedOver;
  /** Receipts that seem to have been taken back. */
  private readonly doubted = new DoubtedReads<Received[]>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DataSource,
    private readonly registry: InboundRegistry,
    private readonly unitOfWork: UnitOfWork,
    private readonly expected: ExpectedGoods,
    private readonly hints: PurchaseHints,
    private readonly odd: OddAnswers,
    metrics: Metrics,
  ) {
    this.passedOver = metrics.counter(
      'foreign_purchase_orders_total',
      'Changes seen at purchase orders in Ongoing that no channel of ours placed',
    );
  }

  /** `started` is the step before the read, so that an older answer never undoes a newer one. */
  async apply(orders: OngoingPurchaseOrder[], started: number): Promise<void> {
    if (orders.length === 0) return;
    await this.expected.note(orders, started);
    const known = await this.rows(this.database, orders);
    const ours = orders.filter((order) => isOurs(order, known));
    this.passedOver.inc(orders.length - ours.length);
    // Feeds overlap, so most are seen again unchanged: they take no lock and no transaction.
    const changed = ours.filter((order) => this.newsOf(order, known, started));
    const open = new Set(changed);
    const sure = ours.filter((order) => !open.has(order));
    for (const { purchaseOrderInfo: info } of sure)
      this.doubted.note(info.purchaseOrderNumber, undefined, started);
    if (changed.length === 0) return;
    const all = await this.unitOfWork.run(async (tx) => {
      // What waits for a lock sees other tables as they were before it waited, so the open writes are read after it.
      const numbers = changed.map(({ purchaseOrderInfo }) => purchaseOrderInfo.purchaseOrderNumber);
      await this.registry.lock(tx, 'purchase-order', numbers);
      const locked = await this.rows(tx, changed);
      const told = changed.flatMap((order) => {
        const news = this.newsOf(order, locked, started);
        const { purchaseOrderNumber: number, purchaseOrderId: wmsId } = order.purchaseOrderInfo;
        return news ? [{ number, wmsId, ...news }] : [];
      });
      await this.record(tx, told, started);
      await this.hints.add(
        tx,
        told.filter(({ doubted }) => doubted).map(({ wmsId }) => wmsId),
      );
      return { events: told.flatMap(({ events }) => events), answer: told };
    });
    for (const { number, doubted } of all) this.doubted.note(number, doubted, started);
  }

  private newsOf(order: OngoingPurchaseOrder, rows: ReadonlyMap<string, Row>, started: number) {
    const { purchaseOrderInfo: info } = order;
    const row = rows.get(info.purchaseOrderNumber);
    if (!row || !isOurs(order, rows) || Number(row.last_read) >= started) return undefined;
    const seen = seenPurchase(order, this.config.PURCHASE_STATUSES);
    const doubted = this.doubted.before(row.number, started);
    const was = { ...followedOf(row, info.purchaseOrderId), doubted };
    return this.odd.tellable({ operation: 'GET purchaseOrders', id: info.purchaseOrderId }, () =>
      followPurchase(was, seen, new Date().toISOString()),
    );
  }

  private async rows(
    on: DataSource | EntityManager,
    orders: OngoingPurchaseOrder[],
  ): Promise<Map<string, Row>> {
    const numbers = orders.map((order) => order.purchaseOrderInfo.purchaseOrderNumber);
    const rows = await on.query<Row[]>(SELECT, [numbers]);
    return new Map(rows.map((row) => [row.number, row]));
  }

  private async record(
    tx: EntityManager,
    news: ({ number: string } & PurchaseNews)[],
    started: number,
  ): Promise<void> {
    const rows = news.map(({ number, status, state, closed, told }) => ({
      number,
      status,
      state,
      closed,
      told,
    }));
    await tx.query(
      `UPDATE inbound i SET status_number = n.status, state = n.state, closed = n.closed, told = n.told, last_read = $2,
         updated_at = now()
       FROM jsonb_to_recordset($1::jsonb) AS n(number text, status integer, state text, closed boolean, told jsonb)
       WHERE i.kind = 'purchase-order' AND i.number = n.number`,
      [JSON.stringify(rows), started],
    );
  }
}

function isOurs(order: OngoingPurchaseOrder, known: ReadonlyMap<string, Row>): boolean {
  const { purchaseOrderNumber, goodsOwnerReference } = order.purchaseOrderInfo;
  const row = known.get(purchaseOrderNumber);
  return row !== undefined && row.origin === goodsOwnerReference;
}

const followedOf = (row: Row, wmsId: number): FollowedPurchase => ({
  number: row.number,
  channel: row.channel,
  revision: row.accepted_revision ?? row.revision,
  state: row.state,
  accepted: row.accepted_revision !== null || row.state === 'cancelled',
  pending: row.pending,
  wmsId: row.wms_id ?? wmsId,
  status: row.status_number,
  closed: row.closed,
  told: row.told,
});

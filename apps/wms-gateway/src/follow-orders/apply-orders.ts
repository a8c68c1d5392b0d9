import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import type { OngoingOrder } from '@samlast/ongoing-client';
import { CONFIG } from '@samlast/service';
import { DataSource, type EntityManager } from 'typeorm';
import type { Config } from '../config.ts';
import { DoubtedReads } from '../doubted-reads.ts';
import { OddAnswers } from '../odd-answers.ts';
import { OrderRegistry, pickedArticles, type RegisteredLine } from '../push-orders/order-registry.ts';
import { Signals } from '../signals.ts';
import { nextStep } from '../steps.ts';
import { ArticleFigures } from '../watch-stock/article-figures.ts';
import { follow, type Followed, type LineThere, type News, type ToldParcel } from './follow.ts';
import { ForeignOrders } from './foreign-orders.ts';
import { Hints } from './hints.ts';
import { seenOf } from './seen-mapping.ts';
import { SplitOrders } from './split-orders.ts';

interface Row {
  number: string;
  channel: string;
  origin: string;
  state: Followed['state'];
  revision: number;
  accepted_revision: number | null;
  status_number: number | null;
  parcels: ToldParcel[];
  lines: RegisteredLine[];
  wms_lines: LineThere[] | null;
  accepted_at: string;
  last_read: string;
  pending: boolean;
}

const SELECT = `SELECT o.number, o.channel, o.origin, o.state, o.revision, o.accepted_revision, o.status_number, o.parcels,
    o.lines, o.wms_lines, o.accepted_at, o.last_read,
    EXISTS (SELECT 1 FROM writes w WHERE w.kind = 'order' AND w.subject = o.number) AS pending
  FROM orders o WHERE o.number = ANY($1) AND o.claimed ORDER BY o.number`;

/** Takes orders as Ongoing shows them, tells what is new about ours, and passes over all others. */
@Injectable()
export class ApplyOrders {
  /** Lines of orders that seem to have been edited. */
  private readonly doubted = new DoubtedReads<LineThere[]>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DataSource,
    private readonly registry: OrderRegistry,
    private readonly unitOfWork: UnitOfWork,
    private readonly figures: ArticleFigures,
    private readonly foreign: ForeignOrders,
    private readonly splits: SplitOrders,
    private readonly hints: Hints,
    private readonly signals: Signals,
    private readonly odd: OddAnswers,
  ) {}

  /** `started` is the step before the read, so that an older answer never undoes a newer one. */
  async apply(orders: OngoingOrder[], started: number): Promise<void> {
    if (orders.length === 0) return;
    const known = await this.rows(this.database, orders);
    const ours = orders.filter((order) => isOurs(order, known));
    const others = orders.filter((order) => !isOurs(order, known));
    await this.foreign.note(others);
    await this.splits.apply(others, started);
    // Feeds overlap, so most orders are seen again unchanged: they take no lock and no transaction.
    const changed = ours.filter((order) => this.newsOf(order, known, started, 0) !== undefined);
    const open = new Set(changed);
    const sure = ours.filter((order) => !open.has(order));
    for (const { orderInfo } of sure) this.doubted.note(orderInfo.orderNumber, undefined, started);
    if (changed.length === 0) return;
    const { touched, doubts } = await this.unitOfWork.run(async (tx) => {
      // What waits for a lock sees other tables as they were before it waited, so the open writes are read after it.
      const numbers = changed.map(({ orderInfo }) => orderInfo.orderNumber);
      await this.registry.lock(tx, numbers);
      const locked = await this.rows(tx, changed);
      const step = await nextStep(tx);
      const news = changed.map((order) => ({ order, news: this.newsOf(order, locked, started, step) }));
      const isOpen = (one: (typeof news)[number]['news']) =>
        one === 'early' || (typeof one === 'object' && one.doubted);
      const early = news.filter(({ news }) => isOpen(news)).map(({ order }) => order.orderInfo);
      await this.hints.add(
        tx,
        early.map((info) => ({ wmsOrderId: info.orderId, number: info.orderNumber })),
        200,
      );
      const told = news.flatMap(({ order, news }) =>
        news === undefined || news === 'early' ? [] : [{ number: order.orderInfo.orderNumber, ...news }],
      );
      await this.record(tx, told, started);
      const articles = new Set(told.flatMap(({ number }) => pickedArticles(locked.get(number)?.lines ?? [])));
      await this.figures.unsettle(
        tx,
        [...articles].map((article) => ({ article, step })),
      );
      const answer = { touched: articles.size, doubts: told };
      return { events: told.flatMap(({ events }) => events), answer };
    });
    for (const { number, doubted } of doubts) this.doubted.note(number, doubted, started);
    if (touched > 0) this.signals.stock.ring();
  }

  private newsOf(order: OngoingOrder, rows: ReadonlyMap<string, Row>, started: number, step: number) {
    const row = rows.get(order.orderInfo.orderNumber);
    if (!row || row.origin !== order.orderInfo.goodsOwnerOrderId || Number(row.last_read) >= started)
      return undefined;
    const now = new Date().toISOString();
    const was = { ...followedOf(row), doubted: this.doubted.before(row.number, started) };
    return this.odd.tellable({ operation: 'GET orders', id: order.orderInfo.orderId }, () =>
      follow(was, seenOf(order, this.config, now), { step, started, now }),
    );
  }

  private async rows(on: DataSource | EntityManager, orders: OngoingOrder[]): Promise<Map<string, Row>> {
    const numbers = orders.map((order) => order.orderInfo.orderNumber);
    const rows = await on.query<Row[]>(SELECT, [numbers]);
    return new Map(rows.map((row) => [row.number, row]));
  }

  private async record(
    tx: EntityManager,
    told: ({ number: string } & News)[],
    started: number,
  ): Promise<void> {
    if (told.length === 0) return;
    await tx.query(
      `UPDATE orders o SET status_number = t.status, state = t.state, parcels = t.parcels,
         wms_lines = t.there, edited = o.edited OR t.there IS DISTINCT FROM o.wms_lines, last_read = $2, updated_at = now()
       FROM jsonb_to_recordset($1::jsonb) AS t(number text, status integer, state text, parcels jsonb, there jsonb)
       WHERE o.number = t.number`,
      [
        JSON.stringify(
          told.map(({ number, status, state, parcels, there }) => ({
            number,
            status,
            state,
            parcels,
            there,
          })),
        ),
        started,
      ],
    );
  }
}

function isOurs(order: OngoingOrder, known: ReadonlyMap<string, Row>): boolean {
  const { orderNumber, goodsOwnerOrderId } = order.orderInfo;
  const row = known.get(orderNumber);
  return row !== undefined && row.origin === goodsOwnerOrderId;
}

const followedOf = (row: Row): Followed => ({
  number: row.number,
  channel: row.channel,
  // What the warehouse cancels is what it has.
  revision: row.accepted_revision ?? row.revision,
  state: row.state,
  accepted: row.accepted_revision !== null || row.state === 'cancelled',
  pending: row.pending,
  status: row.status_number,
  parcels: row.parcels,
  lines: row.lines,
  there: row.wms_lines,
  acceptedAt: Number(row.accepted_at),
});

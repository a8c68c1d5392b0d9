import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import type { OngoingOrder } from '@samlast/ongoing-client';
import { CONFIG } from '@samlast/service';
import { DataSource, type EntityManager } from 'typeorm';
import type { Config } from '../config.ts';
import { OddAnswers } from '../odd-answers.ts';
import type { RegisteredLine } from '../push-orders/order-registry.ts';
import { followSplit, type Split, type SplitNews } from './follow-split.ts';
import { seenOf } from './seen-mapping.ts';

export interface ParentRow {
  number: string;
  channel: string;
  origin: string;
  wms_order_id: number | null;
  lines: RegisteredLine[];
}

interface SplitRow extends Pick<Split, 'lines' | 'parcels'> {
  wms_order_id: number;
  last_read: string;
}

/** An order of the warehouse, and ours of which it carries pieces. */
export interface PartOfOurs {
  order: OngoingOrder;
  parent: ParentRow;
}

/**
 * Orders of the warehouse that carry pieces of one of ours: they have its goodsOwnerOrderId, or name it as the order
 * that they are a back order for. They stay foreign in every other way.
 */
@Injectable()
export class SplitOrders {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly odd: OddAnswers,
  ) {}

  async apply(orders: OngoingOrder[], started: number): Promise<void> {
    const found = await this.parentsOf(orders);
    if (found.length === 0) return;
    const known = await this.rows(this.database, found);
    if (!found.some((one) => this.newsOf(one, known, started))) return;
    await this.unitOfWork.run(async (tx) => {
      await tx.query(
        `INSERT INTO split_orders (wms_order_id, number, part_of)
         SELECT * FROM jsonb_to_recordset($1::jsonb) AS s(id integer, number text, part_of text) ORDER BY id
         ON CONFLICT (wms_order_id) DO UPDATE SET number = EXCLUDED.number`,
        [
          JSON.stringify(
            found.map(({ order: { orderInfo }, parent }) => ({
              id: orderInfo.orderId,
              number: orderInfo.orderNumber,
              part_of: parent.number,
            })),
          ),
        ],
      );
      const locked = await this.rows(tx, found, ' FOR UPDATE');
      const news = found.flatMap((one) => {
        const new_ = this.newsOf(one, locked, started);
        return new_ ? [{ id: one.order.orderInfo.orderId, ...new_ }] : [];
      });
      await this.record(tx, news, started);
      return { events: news.flatMap(({ events }) => events), answer: undefined };
    });
  }

  private newsOf({ order, parent }: PartOfOurs, rows: ReadonlyMap<number, SplitRow>, started: number) {
    const row = rows.get(order.orderInfo.orderId);
    if (row && Number(row.last_read) >= started) return undefined;
    const { orderId: wmsOrderId, orderNumber: number } = order.orderInfo;
    const now = new Date().toISOString();
    const was = { wmsOrderId, number, lines: row?.lines ?? null, parcels: row?.parcels ?? [] };
    return this.odd.tellable({ operation: 'GET orders', id: wmsOrderId }, () =>
      followSplit(parent, was, seenOf(order, this.config, now), now),
    );
  }

  async parentsOf(orders: readonly OngoingOrder[]): Promise<PartOfOurs[]> {
    const origins = orders.flatMap(({ orderInfo }) => orderInfo.goodsOwnerOrderId ?? []);
    const ids = orders.flatMap(({ orderInfo }) => backOrderFor(orderInfo) ?? []);
    if (origins.length + ids.length === 0) return [];
    const parents = await this.database.query<ParentRow[]>(
      `SELECT number, channel, origin, wms_order_id, lines FROM orders
       WHERE claimed AND accepted_revision IS NOT NULL AND (origin = ANY($1) OR wms_order_id = ANY($2))`,
      [origins, ids],
    );
    return orders.flatMap((order) => {
      const { goodsOwnerOrderId } = order.orderInfo;
      const first = backOrderFor(order.orderInfo);
      const parent =
        parents.find(({ origin }) => origin === goodsOwnerOrderId) ??
        parents.find(({ wms_order_id: id }) => first !== undefined && id === first);
      return parent ? [{ order, parent }] : [];
    });
  }

  private async rows(
    on: DataSource | EntityManager,
    found: PartOfOurs[],
    lock = '',
  ): Promise<Map<number, SplitRow>> {
    const rows = await on.query<SplitRow[]>(
      `SELECT wms_order_id, lines, parcels, last_read FROM split_orders
       WHERE wms_order_id = ANY($1) ORDER BY wms_order_id${lock}`,
      [found.map(({ order }) => order.orderInfo.orderId)],
    );
    return new Map(rows.map((row) => [row.wms_order_id, row]));
  }

  private async record(
    tx: EntityManager,
    news: ({ id: number } & SplitNews)[],
    started: number,
  ): Promise<void> {
    await tx.query(
      `UPDATE split_orders s SET lines = n.lines, parcels = n.parcels, last_read = $2
       FROM jsonb_to_recordset($1::jsonb) AS n(id integer, lines jsonb, parcels jsonb) WHERE s.wms_order_id = n.id`,
      [JSON.stringify(news.map(({ id, lines, parcels }) => ({ id, lines, parcels }))), started],
    );
  }
}

const backOrderFor = (info: OngoingOrder['orderInfo']) => info.advanced?.backOrderInfo?.backOrderForOrderId;

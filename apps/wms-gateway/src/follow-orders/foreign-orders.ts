import { Injectable } from '@nestjs/common';
import type { OngoingOrder } from '@samlast/ongoing-client';
import { Metrics } from '@samlast/service';
import { DataSource } from 'typeorm';
import { Signals } from '../signals.ts';
import { nextStep } from '../steps.ts';
import { ArticleFigures } from '../watch-stock/article-figures.ts';

interface Row {
  wms_order_id: number;
  number: string;
  order_type: string | null;
  status_number: number;
  fingerprint: string;
}

/**
 * Orders that none of our channels sent: no error, no warning, a counter and a page (promise P5). Their
 * stock is read again.
 */
@Injectable()
export class ForeignOrders {
  private readonly passedOver;

  constructor(
    private readonly database: DataSource,
    private readonly figures: ArticleFigures,
    private readonly signals: Signals,
    metrics: Metrics,
  ) {
    this.passedOver = metrics.counter(
      'foreign_orders_total',
      'Orders in Ongoing that no channel of ours sent',
    );
  }

  async note(orders: OngoingOrder[]): Promise<void> {
    if (orders.length === 0) return;
    const known = await this.database.query<{ wms_order_id: number; fingerprint: string }[]>(
      `SELECT wms_order_id, fingerprint FROM foreign_orders WHERE wms_order_id = ANY($1)`,
      [orders.map(({ orderInfo }) => orderInfo.orderId)],
    );
    const before = new Map(known.map((row) => [row.wms_order_id, row.fingerprint]));
    const changed = orders.filter((order) => before.get(order.orderInfo.orderId) !== fingerprint(order));
    if (changed.length === 0) return;
    const articles = new Set(
      changed.flatMap((order) => order.orderLines.map((line) => line.article.articleNumber)),
    );
    const added = await this.database.transaction(async (tx) => {
      // A webhook and a feed may show one in the same moment; who inserts it has met it first.
      const [{ count } = { count: 0 }] = await tx.query<{ count: number }[]>(
        `WITH noted AS (INSERT INTO foreign_orders (wms_order_id, number, order_type, status_number, fingerprint)
         SELECT * FROM jsonb_to_recordset($1::jsonb)
           AS f(wms_order_id integer, number text, order_type text, status_number integer, fingerprint text)
         ORDER BY wms_order_id
         ON CONFLICT (wms_order_id) DO UPDATE SET number = EXCLUDED.number, order_type = EXCLUDED.order_type,
           status_number = EXCLUDED.status_number, fingerprint = EXCLUDED.fingerprint, last_seen = now()
         RETURNING xmax = 0 AS fresh)
         SELECT count(*) FILTER (WHERE fresh)::integer AS count FROM noted`,
        [JSON.stringify(changed.map(rowOf))],
      );
      const step = await nextStep(tx);
      await this.figures.unsettle(
        tx,
        [...articles].map((article) => ({ article, step })),
      );
      return count;
    });
    this.passedOver.inc(added);
    this.signals.stock.ring();
  }

  async list(limit: number) {
    return this.database.query<(Row & { first_seen: Date; last_seen: Date })[]>(
      `SELECT wms_order_id, number, order_type, status_number, first_seen, last_seen FROM foreign_orders
       ORDER BY last_seen DESC LIMIT $1`,
      [limit],
    );
  }
}

const rowOf = (order: OngoingOrder): Row => ({
  wms_order_id: order.orderInfo.orderId,
  number: order.orderInfo.orderNumber,
  order_type: order.orderInfo.orderType?.code ?? null,
  status_number: order.orderInfo.orderStatus.number,
  fingerprint: fingerprint(order),
});

/** What of an order touches stock. */
function fingerprint(order: OngoingOrder): string {
  const lines = order.orderLines.map((line) => [
    line.article.articleNumber,
    line.orderedNumberOfItems,
    line.pickedNumberOfItems,
  ]);
  return `${order.orderInfo.orderStatus.number} ${JSON.stringify(lines)}`;
}

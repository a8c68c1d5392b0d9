import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import type { OngoingOrder } from '@samlast/ongoing-client';
import { DataSource, type EntityManager } from 'typeorm';
import { Ongoing } from '../ongoing.ts';
import { cameBack } from './came-back.ts';
import { followReturn, type CameBack, type ToldReturns } from './follow-return.ts';

interface Row {
  number: string;
  channel: string;
  origin: string;
  wms_order_id: number;
  told: ToldReturns | null;
}

const CAUSES_KEPT_MS = 10 * 60_000;

/** Tells what came back of our orders: announced by their shops, or found at the dock. */
@Injectable()
export class ApplyReturns {
  private causes: { removes: ReadonlySet<string>; readAt: number } | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly ongoing: Ongoing,
  ) {}

  async apply(orders: readonly OngoingOrder[]): Promise<void> {
    const some = orders.filter((order) =>
      order.orderLines.some((line) => Number(line.returnedNumberOfItems) > 0),
    );
    if (some.length === 0) return;
    const rows = await this.rows(this.database, some);
    const ours = some.filter((order) => isOurs(order, rows));
    if (ours.length === 0) return;
    const numbers = ours.map(({ orderInfo }) => orderInfo.orderNumber);
    const announced = await this.ongoing.reads.getReturnOrders({ customerOrderNumbers: numbers });
    const removes = await this.removeCauses();
    const seen = new Map<string, CameBack[]>();
    for (const order of ours) {
      const { orderId, orderNumber } = order.orderInfo;
      const own = announced.filter(({ customerOrderInfo: of }) => of?.orderId === orderId);
      seen.set(orderNumber, cameBack(order, own, removes));
    }
    if (![...seen].some(([number, back]) => this.newsOf(rows.get(number), back))) return;
    await this.unitOfWork.run(async (tx) => {
      const locked = await this.rows(tx, ours, ' FOR UPDATE OF o');
      const news = [...seen].flatMap(([number, back]) => {
        const found = this.newsOf(locked.get(number), back);
        return found ? [{ number, ...found }] : [];
      });
      await tx.query(
        `INSERT INTO told_returns AS t (number, told)
         SELECT number, told FROM jsonb_to_recordset($1::jsonb) AS n(number text, told jsonb)
         ON CONFLICT (number) DO UPDATE SET told = EXCLUDED.told`,
        [JSON.stringify(news.map(({ number, told }) => ({ number, told })))],
      );
      return { events: news.flatMap(({ events }) => events), answer: undefined };
    });
  }

  private newsOf(row: Row | undefined, back: CameBack[]) {
    if (!row) return undefined;
    const order = { number: row.number, channel: row.channel, wmsOrderId: row.wms_order_id };
    return followReturn(order, row.told ?? undefined, back, new Date().toISOString());
  }

  private async rows(
    on: DataSource | EntityManager,
    orders: readonly OngoingOrder[],
    lock = '',
  ): Promise<Map<string, Row>> {
    const rows = await on.query<Row[]>(
      `SELECT o.number, o.channel, o.origin, o.wms_order_id, t.told FROM orders o
       LEFT JOIN told_returns t ON t.number = o.number
       WHERE o.number = ANY($1) AND o.claimed AND o.wms_order_id IS NOT NULL ORDER BY o.number${lock}`,
      [orders.map(({ orderInfo }) => orderInfo.orderNumber)],
    );
    return new Map(rows.map((row) => [row.number, row]));
  }

  private async removeCauses(): Promise<ReadonlySet<string>> {
    if (!this.causes || performance.now() - this.causes.readAt > CAUSES_KEPT_MS) {
      const causes = await this.ongoing.reads.returnCauses();
      const removes = new Set(
        causes.flatMap(({ code, isRemoveCause }) => (isRemoveCause && code ? [code] : [])),
      );
      this.causes = { removes, readAt: performance.now() };
    }
    return this.causes.removes;
  }
}

function isOurs({ orderInfo }: OngoingOrder, rows: ReadonlyMap<string, Row>): boolean {
  const row = rows.get(orderInfo.orderNumber);
  return row !== undefined && row.origin === orderInfo.goodsOwnerOrderId;
}

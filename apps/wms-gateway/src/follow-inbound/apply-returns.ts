import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import type { OngoingOrder } from '@samlast/ongoing-client';
import { DataSource, type EntityManager } from 'typeorm';
import { OddAnswers } from '../odd-answers.ts';
import { Ongoing } from '../ongoing.ts';
import { rowOf } from '../follow-orders/follow-split.ts';
import { SplitOrders, type PartOfOurs } from '../follow-orders/split-orders.ts';
import { OrderRegistry } from '../push-orders/order-registry.ts';
import { cameBack } from './came-back.ts';
import { followReturn, type CameBack, type ToldReturns } from './follow-return.ts';

interface Told {
  number: string;
  told: ToldReturns | null;
}

/** An order of the warehouse of which something came back, and ours that its pieces belong to. */
interface Source extends PartOfOurs {
  /** Under which it is remembered what was told: our number, with Ongoing's id of an order that was split off it. */
  key: string;
  back: CameBack[];
}

const CAUSES_KEPT_MS = 10 * 60_000;

/** Tells what came back of our orders: announced by their shops, or found at the dock. */
@Injectable()
export class ApplyReturns {
  private causes: { removes: ReadonlySet<string>; readAt: number } | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly registry: OrderRegistry,
    private readonly splits: SplitOrders,
    private readonly ongoing: Ongoing,
    private readonly odd: OddAnswers,
  ) {}

  async apply(orders: readonly OngoingOrder[]): Promise<void> {
    const some = orders.filter((order) =>
      order.orderLines.some((line) => Number(line.returnedNumberOfItems) > 0),
    );
    if (some.length === 0) return;
    const parts = await this.splits.parentsOf(some);
    if (parts.length === 0) return;
    const numbers = parts.map(({ order }) => order.orderInfo.orderNumber);
    const announced = await this.ongoing.reads.getReturnOrders({ customerOrderNumbers: numbers });
    const removes = await this.removeCauses();
    const sources = parts.map((part): Source => {
      const { orderId } = part.order.orderInfo;
      const own = announced.filter(({ customerOrderInfo: of }) => of?.orderId === orderId);
      return { ...part, key: keyOf(part), back: inOurRows(part, cameBack(part.order, own, removes)) };
    });
    const before = await this.told(this.database, sources);
    if (!sources.some((one) => this.newsOf(one, before))) return;
    await this.unitOfWork.run(async (tx) => {
      // What waits for a lock sees other tables as they were before it waited, so they are read after it.
      await this.registry.lock(
        tx,
        sources.map(({ parent }) => parent.number),
      );
      const locked = await this.told(tx, sources);
      const news = sources.flatMap((one) => {
        const found = this.newsOf(one, locked);
        return found ? [{ number: one.key, ...found }] : [];
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

  private newsOf({ order, parent, key, back }: Source, told: ReadonlyMap<string, ToldReturns | null>) {
    const { number, channel } = parent;
    const of = { number, channel, wmsOrderId: order.orderInfo.orderId };
    return this.odd.tellable({ operation: 'GET orders', id: of.wmsOrderId }, () =>
      followReturn(of, told.get(key) ?? undefined, back, new Date().toISOString()),
    );
  }

  private async told(
    on: DataSource | EntityManager,
    sources: readonly Source[],
  ): Promise<Map<string, ToldReturns | null>> {
    const rows = await on.query<Told[]>('SELECT number, told FROM told_returns WHERE number = ANY($1)', [
      sources.map(({ key }) => key),
    ]);
    return new Map(rows.map(({ number, told }) => [number, told]));
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

function keyOf({ order: { orderInfo }, parent }: PartOfOurs): string {
  return orderInfo.orderId === parent.wms_order_id ? parent.number : `${parent.number}/${orderInfo.orderId}`;
}

/** The shop knows its own rows only; an order that was split off may count its rows anew. */
function inOurRows({ order, parent }: PartOfOurs, back: CameBack[]): CameBack[] {
  if (order.orderInfo.orderId === parent.wms_order_id) return back;
  return back.map((one) => ({ ...one, row: rowOf(one, parent.lines) }));
}

import { Inject, Injectable } from '@nestjs/common';
import { sameNumberKey, toMilli, type Return } from '@samlast/contracts';
import type {
  OngoingOrder,
  OngoingOrderLine,
  OngoingReturnOrder,
  ReturnOrderInput,
} from '@samlast/ongoing-client';
import { CONFIG } from '@samlast/service';
import { DataSource } from 'typeorm';
import type { Config } from '../config.ts';
import { Ongoing } from '../ongoing.ts';
import { judgeCancel, judgePut, lookTwice, unlessLacking, type FoundOrder } from '../push-orders/judge.ts';
import { lookAgain, mayStillLand, type Later, type OpenWrite, type Outcome } from '../write-queue/write.ts';
import type { InboundBody } from './queue-inbound.ts';
import { judgedTwice, settleInbound } from './settle-inbound.ts';

type Line = ReturnOrderInput['lines'][number];

/**
 * Makes one write of a return, and finds out what became of it. Ongoing keeps no id of ours with a return: one that is
 * there under our number is ours when it is of the same order.
 */
@Injectable()
export class SendReturn {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DataSource,
    private readonly ongoing: Ongoing,
  ) {}

  async put(write: OpenWrite): Promise<Outcome | Later> {
    const { announced, origin, acceptedBefore } = write.body as InboundBody;
    const wanted = announced as Return;
    const orderIds = await this.orderIdsOf(wanted);
    if (orderIds.length === 0) return refused(`Order ${wanted.order} is not in the warehouse.`);
    const lines = wanted.lines.map(({ row, article, quantity }) => ({ row, article, quantity }));
    const ours = { origin, lines, acceptedBefore, sentBefore: write.sentBefore };
    let before: number | undefined;
    const look = async (refusal?: string) => {
      const there = await this.find(wanted.number);
      before = there?.customerOrderInfo?.orderId;
      const verdict = judgePut(there && this.fromOngoing(there, origin, orderIds), ours, refusal);
      return unlessLacking(verdict, ours, there !== undefined && hasCauses(there, wanted), refusal);
    };
    const judge = judgedTwice(look);
    const first = await judge();
    if (first !== 'write') return first;
    if (mayStillLand(write)) return lookAgain(write);
    const choose = () => this.choose(wanted, orderIds, before);
    // A row that one answer does not show is no reason to refuse.
    const from = await lookTwice(choose, (one) => one !== undefined && typeof one.lines !== 'string');
    if (!from) return refused(`Order ${wanted.order} is gone from the warehouse.`);
    if (typeof from.lines === 'string') return refused(from.lines);
    const input = { returnOrderNumber: wanted.number, orderId: from.orderId, lines: from.lines };
    const answer = await this.ongoing.writes.putReturnOrder(input);
    if (answer.outcome === 'done') return { kind: 'accepted', wmsId: answer.returnOrderId };
    return settleInbound(answer, judge);
  }

  async cancel(write: OpenWrite): Promise<Outcome | Later> {
    const { announced, origin } = write.body as InboundBody;
    const orderIds = await this.orderIdsOf(announced as Return);
    const look = async () => {
      const there = await this.find(write.subject);
      return there && this.fromOngoing(there, origin, orderIds);
    };
    const find = () => lookTwice(look, (found) => found?.origin === origin);
    const { RETURN_STARTED_FROM: startedFrom } = this.config;
    const found = await find();
    const before = judgeCancel(found, origin, startedFrom);
    if (before !== 'write' || !found)
      return before === 'write' ? { kind: 'cancelled', by: 'channel' } : before;
    if (mayStillLand(write)) return lookAgain(write);
    const answer = await this.ongoing.writes.cancelReturnOrder(found.wmsOrderId);
    if (answer.outcome === 'done') return { kind: 'cancelled', by: 'channel' };
    return settleInbound(answer, async (text) => judgeCancel(await find(), origin, startedFrom, text));
  }

  /**
   * Ongoing's ids of the order, and of those that its people split off it: pieces of ours may have left in any. Only of
   * an order of the same channel: nobody announces a return of a stranger's order.
   */
  private async orderIdsOf({ order, channel }: Return): Promise<number[]> {
    const rows = await this.database.query<{ id: number }[]>(
      `SELECT id FROM (
         SELECT o.wms_order_id AS id, 0 AS place FROM orders o
         WHERE o.number = $1 AND o.channel = $2 AND o.claimed AND o.wms_order_id IS NOT NULL
         UNION ALL
         SELECT s.wms_order_id, 1 FROM split_orders s JOIN orders o ON o.number = s.part_of
         WHERE o.number = $1 AND o.channel = $2 AND o.claimed AND o.wms_order_id IS NOT NULL
       ) ids ORDER BY place, id`,
      [order, channel],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * A return is of one order: the one that it was announced of before, or the first that has all its pieces, or ours.
   */
  private async choose(wanted: Return, [own, ...splits]: number[], before: number | undefined) {
    let ours: { orderId: number; lines: Line[] | string } | undefined;
    const ids = before !== undefined && splits.includes(before) ? [before, own, ...splits] : [own, ...splits];
    for (const id of new Set(ids)) {
      const order = id === undefined ? undefined : await this.ongoing.writes.getOrder(id);
      if (!order) continue;
      const found = { orderId: order.orderInfo.orderId, lines: linesOf(wanted, order, id !== own) };
      if (splits.length === 0 || (typeof found.lines !== 'string' && hasPieces(order, found.lines)))
        return found;
      if (id === own) ours = found;
    }
    return ours;
  }

  private async find(number: string): Promise<OngoingReturnOrder | undefined> {
    const key = sameNumberKey(number);
    const all = await this.ongoing.writes.getReturnOrders({ returnOrderNumbers: [number] });
    return all.find(({ returnOrderInfo: info }) => sameNumberKey(info.returnOrderNumber) === key);
  }

  private fromOngoing(found: OngoingReturnOrder, origin: string, orderIds: readonly number[]): FoundOrder {
    const { returnOrderInfo: info, customerOrderInfo: of } = found;
    const { number: status } = info.returnOrderStatus;
    return {
      wmsOrderId: info.returnOrderId,
      origin: of && orderIds.includes(of.orderId) ? origin : `order ${of?.orderNumber ?? 'unknown'}`,
      status,
      cancelled: this.config.RETURN_CANCELLED.includes(status),
      lines: found.returnOrderLines.map((line) => ({
        row: line.returnOrderRowNumber ?? '',
        article: line.article?.articleNumber ?? '',
        quantity: line.toBeReturnedNumberOfItems ?? '0',
      })),
    };
  }
}

/** Rows of the order become Ongoing's line ids; or why they cannot. One that was split off may count its rows anew. */
function linesOf(
  { lines, order: number }: Return,
  { orderLines }: OngoingOrder,
  isSplit: boolean,
): Line[] | string {
  const found: Line[] = [];
  for (const { row, orderRow, article, quantity, cause } of lines) {
    const isSame = (one: OngoingOrderLine) => one.article.articleNumber === article;
    const own = orderLines.find((one) => one.rowNumber === orderRow && (!isSplit || isSame(one)));
    const line = own ?? (isSplit ? orderLines.find(isSame) : undefined);
    if (!line) return `Order ${number} has no row ${orderRow} in the warehouse.`;
    found.push({
      row,
      orderLineId: line.id,
      quantity,
      ...(cause && { cause: { code: cause.code, name: cause.name ?? cause.code } }),
    });
  }
  return found;
}

/** So many that they can come back. */
function hasPieces({ orderLines }: OngoingOrder, lines: Line[]): boolean {
  return orderLines.every(({ id, orderedNumberOfItems, returnedNumberOfItems = '0' }) => {
    const wanted = lines.reduce(
      (sum, line) => sum + (line.orderLineId === id ? toMilli(line.quantity) : 0n),
      0n,
    );
    return wanted === 0n || wanted <= toMilli(orderedNumberOfItems) - toMilli(returnedNumberOfItems);
  });
}

/** A row that names no cause may have any: the warehouse sets it when it looks at the goods. */
const hasCauses = ({ returnOrderLines }: OngoingReturnOrder, { lines }: Return): boolean =>
  lines.every(({ row, cause }) => {
    const there = returnOrderLines.find((line) => line.returnOrderRowNumber === row);
    return cause === undefined || there?.returnCause?.code === cause.code;
  });

const refused = (text: string): Outcome => ({ kind: 'refused', reason: 'wms', text });

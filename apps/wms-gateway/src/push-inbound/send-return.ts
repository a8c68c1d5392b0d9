import { Inject, Injectable } from '@nestjs/common';
import { sameNumberKey, type Return } from '@samlast/contracts';
import type {
  OngoingOrder,
  OngoingReturnOrder,
  ReturnOrderInput,
  ReturnOrderWriteOutcome,
} from '@samlast/ongoing-client';
import { CONFIG } from '@samlast/service';
import { DataSource } from 'typeorm';
import type { Config } from '../config.ts';
import { Ongoing } from '../ongoing.ts';
import { judgeCancel, judgePut, type FoundOrder } from '../push-orders/judge.ts';
import { later, type Later, type OpenWrite, type Outcome } from '../write-queue/write.ts';
import type { InboundBody } from './queue-inbound.ts';

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
    const wmsOrderId = await this.orderIdOf(wanted);
    if (wmsOrderId === undefined) return refused(`Order ${wanted.order} is not in the warehouse.`);
    const lines = wanted.lines.map(({ row, article, quantity }) => ({ row, article, quantity }));
    const ours = { origin, lines, acceptedBefore, sentBefore: write.sentBefore };
    const before = judgePut(await this.find(wanted.number, origin, wmsOrderId), ours);
    if (before !== 'write') return before;
    const order = await this.ongoing.writes.getOrder(wmsOrderId);
    if (!order) return refused(`Order ${wanted.order} is gone from the warehouse.`);
    const rows = linesOf(wanted, order);
    if (typeof rows === 'string') return refused(rows);
    const input = { returnOrderNumber: wanted.number, orderId: wmsOrderId, lines: rows };
    const answer = await this.ongoing.writes.putReturnOrder(input);
    if (answer.outcome === 'done') return { kind: 'accepted', wmsId: answer.returnOrderId };
    return this.settle(answer, async (text) =>
      judgePut(await this.find(wanted.number, origin, wmsOrderId), ours, text),
    );
  }

  async cancel(write: OpenWrite): Promise<Outcome | Later> {
    const { announced, origin } = write.body as InboundBody;
    const wmsOrderId = await this.orderIdOf(announced as Return);
    const find = () => this.find(write.subject, origin, wmsOrderId);
    const { RETURN_STARTED_FROM: startedFrom } = this.config;
    const found = await find();
    const before = judgeCancel(found, origin, startedFrom);
    if (before !== 'write' || !found)
      return before === 'write' ? { kind: 'cancelled', by: 'channel' } : before;
    const answer = await this.ongoing.writes.cancelReturnOrder(found.wmsOrderId);
    if (answer.outcome === 'done') return { kind: 'cancelled', by: 'channel' };
    return this.settle(answer, async (text) => judgeCancel(await find(), origin, startedFrom, text));
  }

  private async settle(
    answer: Exclude<ReturnOrderWriteOutcome, { outcome: 'done' }>,
    judge: (text: string) => Promise<Outcome | 'write'>,
  ): Promise<Outcome | Later> {
    if (answer.outcome === 'unknown') return later(answer.cause);
    const after = await judge(answer.text);
    return after === 'write' ? { kind: 'later', fault: answer.text, reached: true } : after;
  }

  /** Only of an order of the same channel: nobody announces a return of a stranger's order. */
  private async orderIdOf({ order, channel }: Return): Promise<number | undefined> {
    const [row] = await this.database.query<{ wms_order_id: number | null }[]>(
      `SELECT wms_order_id FROM orders WHERE number = $1 AND channel = $2 AND claimed`,
      [order, channel],
    );
    return row?.wms_order_id ?? undefined;
  }

  private async find(number: string, origin: string, wmsOrderId?: number): Promise<FoundOrder | undefined> {
    const key = sameNumberKey(number);
    const [found] = (await this.ongoing.writes.getReturnOrders({ returnOrderNumbers: [number] })).filter(
      ({ returnOrderInfo: info }) => sameNumberKey(info.returnOrderNumber) === key,
    );
    return found && this.fromOngoing(found, origin, wmsOrderId);
  }

  private fromOngoing(found: OngoingReturnOrder, origin: string, wmsOrderId?: number): FoundOrder {
    const { returnOrderInfo: info, customerOrderInfo: of } = found;
    const { number: status } = info.returnOrderStatus;
    return {
      wmsOrderId: info.returnOrderId,
      origin: of?.orderId === wmsOrderId ? origin : `order ${of?.orderNumber ?? 'unknown'}`,
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

/** Rows of the order become Ongoing's own line ids; or why they cannot. */
function linesOf({ lines, order: number }: Return, order: OngoingOrder): Line[] | string {
  const found: Line[] = [];
  for (const { row, orderRow, quantity, cause } of lines) {
    const line = order.orderLines.find((one) => one.rowNumber === orderRow);
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

const refused = (text: string): Outcome => ({ kind: 'refused', reason: 'wms', text });

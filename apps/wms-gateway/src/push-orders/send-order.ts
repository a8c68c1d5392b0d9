import { Inject, Injectable } from '@nestjs/common';
import { sameNumberKey, type Order, type OrderPart } from '@samlast/contracts';
import {
  OngoingAccessError,
  OngoingAnswerInvalid,
  OngoingReadRefused,
  type OngoingOrder,
  type OrderWriteOutcome,
} from '@samlast/ongoing-client';
import { CONFIG } from '@samlast/service';
import { DataSource } from 'typeorm';
import type { Config } from '../config.ts';
import { hasLeft, stateOf } from '../follow-orders/statuses.ts';
import { Ongoing } from '../ongoing.ts';
import {
  later,
  lookAgain,
  mayStillLand,
  type Later,
  type OpenWrite,
  type Outcome,
  type WaitingWrite,
} from '../write-queue/write.ts';
import { changeLate, type LateChange } from './change-late.ts';
import { judgeCancel, judgePut, lookTwice, type FoundOrder, type OurOrder } from './judge.ts';
import { fromOngoing, partIsThere, toOngoing } from './order-mapping.ts';
import { changedParts, type PutNote, type Written } from './order-parts.ts';
import type { Parts } from './order-registry.ts';

export interface PutBody {
  order: Order;
  /** What its kits are made of. */
  parts?: Parts;
  origin: string;
  acceptedBefore: boolean;
}
export interface CancelBody {
  origin: string;
  /** Ongoing's own id, where it was known when the cancel was asked for. */
  wmsOrderId?: number | undefined;
}

/** Older looks are taken again: somebody may have typed the number in by hand since. */
const LOOK_MAX_AGE_MS = 20_000;
const NUMBERS_PER_LOOK = 50;

interface Look {
  orders: OngoingOrder[];
  at: number;
}

/** Makes one write of an order, and finds out what became of it. */
@Injectable()
export class SendOrder {
  private readonly looks = new Map<string, Look>();
  private readonly isCancelled = (status: number) =>
    stateOf(status, this.config.ORDER_STATUSES) === 'cancelled';

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly ongoing: Ongoing,
    private readonly database: DataSource,
  ) {}

  /** Looks many numbers up at once, ahead of their first PUT. */
  async lookAhead(writes: WaitingWrite[]): Promise<void> {
    const numbers = writes
      .filter((write) => write.action === 'put' && !write.sentBefore)
      .map((write) => write.subject);
    for (let i = 0; i < numbers.length; i += NUMBERS_PER_LOOK) {
      const asked = numbers.slice(i, i + NUMBERS_PER_LOOK);
      const at = performance.now();
      const found = await this.findMany(asked);
      if (!found) continue;
      for (const number of asked) {
        const key = sameNumberKey(number);
        const orders = found.filter(({ orderInfo }) => sameNumberKey(orderInfo.orderNumber) === key);
        this.looks.set(number, { orders, at });
      }
    }
  }

  forget(): void {
    this.looks.clear();
  }

  async attempt(write: OpenWrite): Promise<Outcome | Later> {
    let reached = false;
    const send = async (request: Promise<OrderWriteOutcome>) => {
      reached = true;
      const answer = await request;
      if (answer.outcome === 'unknown') reached = answer.cause.sent;
      return answer;
    };
    try {
      return await (write.action === 'put' ? this.putOrder(write, send) : this.cancelOrder(write, send));
    } catch (error) {
      if (error instanceof OngoingAccessError) reached = false;
      return { kind: 'later', fault: error instanceof Error ? error.message : 'unknown fault', reached };
    }
  }

  private async putOrder(write: OpenWrite, send: Send): Promise<Outcome | Later> {
    const { order, origin, acceptedBefore } = write.body as PutBody;
    const known = acceptedBefore ? await this.writtenBefore(order.number) : undefined;
    const there = known?.wms_lines ?? undefined;
    const edited = known?.edited ?? false;
    const { lines, revision } = order;
    const isChange = revision > 1;
    const ours = { origin, lines, acceptedBefore, isChange, sentBefore: write.sentBefore, there, edited };
    const changed = known ? changedParts(order, known.written) : [];
    const first = judgePut(await this.lookUp(write, origin), ours);
    // One answer in which a member is missing must not make an order a stranger's.
    const isForeign = first !== 'write' && first.kind === 'refused';
    const before = isForeign ? judgePut(await this.readBack(order.number, origin), ours) : first;
    // That the lines are there says nothing of an address.
    const isUnsure = known !== undefined && before !== 'write' && before.kind === 'accepted';
    if (before !== 'write' && !(isUnsure && !(await this.hasAll(before.wmsId, order, changed))))
      return before;
    if (mayStillLand(write)) return lookAgain(write);
    const day = order.deliveryDate ?? known?.written?.day ?? new Date().toISOString().slice(0, 10);
    const input = toOngoing(order, origin, day, known?.written ? changed : []);
    const answer = await send(this.ongoing.writes.putOrder(input));
    if (answer.outcome === 'done')
      return { kind: 'accepted', wmsId: answer.orderId, note: { day } satisfies PutNote };
    if (answer.outcome === 'unknown') return later(answer.cause);
    const found = await this.readBack(order.number, origin);
    const after = judgePut(found, ours, answer.text);
    if (after === 'write') return { kind: 'later', fault: answer.text, reached: true };
    const isLate = after.kind === 'accepted' || (after.kind === 'refused' && after.reason === 'too-late');
    return found && known && isLate
      ? this.putLate({ order, wmsId: found.wmsOrderId, changed, refusal: answer.text, send })
      : after;
  }

  /** Whether everything in a change whose answer was lost is there. */
  private async hasAll(wmsId: number, order: Order, changed: readonly OrderPart[]): Promise<boolean> {
    const content = await this.ongoing.writes.getOrderContent(wmsId);
    return content !== undefined && changed.every((part) => partIsThere(part, order, content));
  }

  private putLate(change: Pick<LateChange, 'order' | 'wmsId' | 'changed' | 'refusal' | 'send'>) {
    const isGone = (status: number) => hasLeft(status, this.config);
    return changeLate({ client: this.ongoing.writes, late: this.config.LATE_CHANGES, isGone, ...change });
  }

  private async cancelOrder(write: OpenWrite, send: Send): Promise<Outcome | Later> {
    const body = write.body as CancelBody;
    const { origin } = body;
    const found = await this.findOurs(write.subject, body);
    const before = judgeCancel(found, origin, this.config.STARTED_FROM);
    if (before !== 'write' || !found)
      return before === 'write' ? { kind: 'cancelled', by: 'channel' } : before;
    if (mayStillLand(write)) return lookAgain(write);
    // By id: a number can be given to two orders by hand.
    const answer = await send(this.ongoing.writes.cancelOrder({ orderId: found.wmsOrderId }));
    if (answer.outcome === 'done') return { kind: 'cancelled', by: 'channel' };
    if (answer.outcome === 'unknown') return later(answer.cause);
    const still = await this.findOurs(write.subject, body);
    const after = judgeCancel(still, origin, this.config.STARTED_FROM, answer.text);
    return after === 'write' ? { kind: 'later', fault: answer.text, reached: true } : after;
  }

  /** The lines that Ongoing has taken, or its people have made of them, and what was written of each part. */
  private async writtenBefore(number: string) {
    const [row] = await this.database.query<
      { wms_lines: OurOrder['lines'] | null; edited: boolean; written: Written | null }[]
    >('SELECT wms_lines, edited, written FROM orders WHERE number = $1', [number]);
    return row;
  }

  /** The warehouse may have given the order another number: it is found by its id then, and is not gone. */
  private async findOurs(
    number: string,
    { origin, wmsOrderId }: CancelBody,
  ): Promise<FoundOrder | undefined> {
    const look = async () => {
      const found = await this.readBack(number, origin);
      if (found?.origin === origin || wmsOrderId === undefined) return found;
      const order = await this.ongoing.writes.getOrder(wmsOrderId);
      return order ? fromOngoing(order, this.isCancelled) : found;
    };
    return lookTwice(look, (found) => found?.origin === origin);
  }

  /** What was made before is read back; for a first PUT the look ahead is enough while it is fresh. */
  private async lookUp(write: OpenWrite, origin: string): Promise<FoundOrder | undefined> {
    const look = this.looks.get(write.subject);
    this.looks.delete(write.subject);
    if (write.sentBefore || !look || performance.now() - look.at > LOOK_MAX_AGE_MS) {
      return this.readBack(write.subject, origin);
    }
    return this.choose(look.orders, origin);
  }

  private async readBack(number: string, origin: string): Promise<FoundOrder | undefined> {
    const key = sameNumberKey(number);
    const orders = (await this.find([number])).filter(
      ({ orderInfo }) => sameNumberKey(orderInfo.orderNumber) === key,
    );
    return this.choose(orders, origin);
  }

  /**
   * Undefined where one of the orders cannot be read: each is then read by itself, so that only that one
   * waits.
   */
  private async findMany(numbers: string[]): Promise<OngoingOrder[] | undefined> {
    try {
      return await this.find(numbers);
    } catch (error) {
      if (error instanceof OngoingAnswerInvalid || error instanceof OngoingReadRefused) return undefined;
      throw error;
    }
  }

  private async find(numbers: string[]): Promise<OngoingOrder[]> {
    const { value } = await this.ongoing.writes.listOrderPages({ orderNumbers: numbers }).next();
    return value?.items ?? [];
  }

  /** Where several orders have the number, ours counts; any other is a reason not to write. */
  private choose(orders: OngoingOrder[], origin: string): FoundOrder | undefined {
    const newest = orders.toSorted((a, b) => b.orderInfo.orderId - a.orderInfo.orderId);
    const found = newest.find(({ orderInfo }) => orderInfo.goodsOwnerOrderId === origin) ?? newest[0];
    return found && fromOngoing(found, this.isCancelled);
  }
}

type Send = (request: Promise<OrderWriteOutcome>) => Promise<OrderWriteOutcome>;

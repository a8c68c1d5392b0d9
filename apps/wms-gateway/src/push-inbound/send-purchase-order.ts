import { Inject, Injectable } from '@nestjs/common';
import { sameNumberKey, type Channel, type PurchaseOrder } from '@samlast/contracts';
import type { OngoingPurchaseOrder } from '@samlast/ongoing-client';
import { CHANNELS, CONFIG } from '@samlast/service';
import type { Config } from '../config.ts';
import { purchaseStateOf } from '../follow-inbound/purchase-states.ts';
import { Ongoing } from '../ongoing.ts';
import {
  judgeCancel,
  judgePut,
  lookTwice,
  sameLines,
  unlessLacking,
  type FoundOrder,
} from '../push-orders/judge.ts';
import { lookAgain, mayStillLand, type Later, type OpenWrite, type Outcome } from '../write-queue/write.ts';
import { fromOngoingPurchase, purchaseIsThere, toOngoingPurchase } from './purchase-mapping.ts';
import type { InboundBody } from './queue-inbound.ts';
import { judgedTwice, settleInbound } from './settle-inbound.ts';
import { InboundRegistry } from './inbound-registry.ts';

/**
 * Makes one write of a purchase order, and finds out what became of it. Ongoing takes any number for an update, so it
 * is looked up before each write: one that is there and not ours is never touched.
 */
@Injectable()
export class SendPurchaseOrder {
  private readonly types: ReadonlyMap<string, Channel['orderType']>;
  private readonly isCancelled = (status: number) =>
    purchaseStateOf(status, this.config.PURCHASE_STATUSES) === 'cancelled';

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CHANNELS) channels: Channel[],
    private readonly ongoing: Ongoing,
    private readonly registry: InboundRegistry,
  ) {
    this.types = new Map(channels.map(({ code, orderType }) => [code, orderType]));
  }

  async put(write: OpenWrite): Promise<Outcome | Later> {
    const { announced, origin, acceptedBefore } = write.body as InboundBody;
    const order = announced as PurchaseOrder;
    const { lines } = order;
    const there = acceptedBefore ? await this.registry.linesThere('purchase-order', order.number) : undefined;
    const ours = { origin, lines, acceptedBefore, sentBefore: write.sentBefore, there };
    const input = toOngoingPurchase(order, origin, this.types.get(order.channel));
    const look = async (refusal?: string) => {
      const seen = await this.find(order.number, origin);
      const found = seen && this.foundOf(seen);
      // What has the lines of the change already, whoever made them so, is no edit that it would undo.
      const known = found && sameLines(found.lines, lines) ? { ...ours, there: undefined } : ours;
      const verdict = judgePut(found, known, refusal);
      return unlessLacking(verdict, ours, seen !== undefined && purchaseIsThere(seen, input), refusal);
    };
    const judge = judgedTwice(look);
    const before = await judge();
    if (before !== 'write') return before;
    if (mayStillLand(write)) return lookAgain(write);
    const answer = await this.ongoing.writes.putPurchaseOrder(input);
    if (answer.outcome === 'done') return { kind: 'accepted', wmsId: answer.purchaseOrderId };
    return settleInbound(answer, judge);
  }

  async cancel(write: OpenWrite): Promise<Outcome | Later> {
    const { origin, wmsId } = write.body as InboundBody;
    const { PURCHASE_STARTED_FROM: startedFrom } = this.config;
    const found = await this.findOurs(write.subject, origin, wmsId);
    const before = judgeCancel(found, origin, startedFrom);
    if (before !== 'write' || !found)
      return before === 'write' ? { kind: 'cancelled', by: 'channel' } : before;
    if (mayStillLand(write)) return lookAgain(write);
    const answer = await this.ongoing.writes.cancelPurchaseOrder(found.wmsOrderId);
    if (answer.outcome === 'done') return { kind: 'cancelled', by: 'channel' };
    return settleInbound(answer, async (text) =>
      judgeCancel(await this.findOurs(write.subject, origin, wmsId), origin, startedFrom, text),
    );
  }

  /** The warehouse may have given it another number: it is found by its id then. */
  private async findOurs(number: string, origin: string, wmsId?: number): Promise<FoundOrder | undefined> {
    const look = async () => {
      const found = await this.find(number, origin);
      const isOurs = found?.purchaseOrderInfo.goodsOwnerReference === origin;
      const byId =
        isOurs || wmsId === undefined ? undefined : await this.ongoing.writes.getPurchaseOrder(wmsId);
      const order = byId ?? found;
      return order && this.foundOf(order);
    };
    return lookTwice(look, (found) => found?.origin === origin);
  }

  /** Where several have the number, ours counts; any other is a reason not to write. */
  private async find(number: string, origin: string): Promise<OngoingPurchaseOrder | undefined> {
    const pages = this.ongoing.writes.listPurchaseOrderPages({ purchaseOrderNumbers: [number] });
    const { value } = await pages.next();
    const key = sameNumberKey(number);
    const found = (value?.items ?? [])
      .filter(({ purchaseOrderInfo: info }) => sameNumberKey(info.purchaseOrderNumber) === key)
      .toSorted((a, b) => b.purchaseOrderInfo.purchaseOrderId - a.purchaseOrderInfo.purchaseOrderId);
    return found.find(({ purchaseOrderInfo: info }) => info.goodsOwnerReference === origin) ?? found[0];
  }

  private foundOf(order: OngoingPurchaseOrder): FoundOrder {
    return fromOngoingPurchase(order, this.isCancelled);
  }
}

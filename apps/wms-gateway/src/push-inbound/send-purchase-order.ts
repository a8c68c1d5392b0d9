import { Inject, Injectable } from '@nestjs/common';
import { sameNumberKey, type Channel, type PurchaseOrder } from '@samlast/contracts';
import type { PurchaseOrderWriteOutcome } from '@samlast/ongoing-client';
import { CHANNELS, CONFIG } from '@samlast/service';
import type { Config } from '../config.ts';
import { purchaseStateOf } from '../follow-inbound/purchase-states.ts';
import { Ongoing } from '../ongoing.ts';
import { judgeCancel, judgePut, type FoundOrder } from '../push-orders/judge.ts';
import { later, type Later, type OpenWrite, type Outcome } from '../write-queue/write.ts';
import { fromOngoingPurchase, toOngoingPurchase } from './purchase-mapping.ts';
import type { InboundBody } from './queue-inbound.ts';

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
  ) {
    this.types = new Map(channels.map(({ code, orderType }) => [code, orderType]));
  }

  async put(write: OpenWrite): Promise<Outcome | Later> {
    const { announced, origin, acceptedBefore } = write.body as InboundBody;
    const order = announced as PurchaseOrder;
    const ours = { origin, lines: order.lines, acceptedBefore, sentBefore: write.sentBefore };
    const before = judgePut(await this.find(order.number, origin), ours);
    if (before !== 'write') return before;
    const input = toOngoingPurchase(order, origin, this.types.get(order.channel));
    const answer = await this.ongoing.writes.putPurchaseOrder(input);
    if (answer.outcome === 'done') return { kind: 'accepted', wmsId: answer.purchaseOrderId };
    return this.settle(answer, async (text) => judgePut(await this.find(order.number, origin), ours, text));
  }

  async cancel(write: OpenWrite): Promise<Outcome | Later> {
    const { origin, wmsId } = write.body as InboundBody;
    const { PURCHASE_STARTED_FROM: startedFrom } = this.config;
    const found = await this.findOurs(write.subject, origin, wmsId);
    const before = judgeCancel(found, origin, startedFrom);
    if (before !== 'write' || !found)
      return before === 'write' ? { kind: 'cancelled', by: 'channel' } : before;
    const answer = await this.ongoing.writes.cancelPurchaseOrder(found.wmsOrderId);
    if (answer.outcome === 'done') return { kind: 'cancelled', by: 'channel' };
    return this.settle(answer, async (text) =>
      judgeCancel(await this.findOurs(write.subject, origin, wmsId), origin, startedFrom, text),
    );
  }

  private async settle(
    answer: Exclude<PurchaseOrderWriteOutcome, { outcome: 'done' }>,
    judge: (text: string) => Promise<Outcome | 'write'>,
  ): Promise<Outcome | Later> {
    if (answer.outcome === 'unknown') return later(answer.cause);
    const after = await judge(answer.text);
    return after === 'write' ? { kind: 'later', fault: answer.text, reached: true } : after;
  }

  /** The warehouse may have given it another number: it is found by its id then. */
  private async findOurs(number: string, origin: string, wmsId?: number): Promise<FoundOrder | undefined> {
    const found = await this.find(number, origin);
    if (found?.origin === origin || wmsId === undefined) return found;
    const order = await this.ongoing.writes.getPurchaseOrder(wmsId);
    return order ? fromOngoingPurchase(order, this.isCancelled) : found;
  }

  /** Where several have the number, ours counts; any other is a reason not to write. */
  private async find(number: string, origin: string): Promise<FoundOrder | undefined> {
    const pages = this.ongoing.writes.listPurchaseOrderPages({ purchaseOrderNumbers: [number] });
    const { value } = await pages.next();
    const key = sameNumberKey(number);
    const found = (value?.items ?? [])
      .filter(({ purchaseOrderInfo: info }) => sameNumberKey(info.purchaseOrderNumber) === key)
      .toSorted((a, b) => b.purchaseOrderInfo.purchaseOrderId - a.purchaseOrderInfo.purchaseOrderId);
    const ours = found.find(({ purchaseOrderInfo: info }) => info.goodsOwnerReference === origin) ?? found[0];
    return ours && fromOngoingPurchase(ours, this.isCancelled);
  }
}

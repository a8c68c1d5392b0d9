import { Body, Controller, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { CONFIG, Log, Metrics, Public } from '@samlast/service';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { PurchaseHints } from '../follow-inbound/purchase-hints.ts';
import { Hints } from '../follow-orders/hints.ts';
import { Signals } from '../signals.ts';
import { nextStep } from '../steps.ts';
import { ArticleFigures } from '../watch-stock/article-figures.ts';
import { WebhookGaps } from './gaps.ts';
import { WebhookGuard } from './webhook-guard.ts';

/**
 * Thin payloads of many kinds: what names an order or an article is used, everything else is passed over.
 */
const Webhook = z.object({
  webhookEventId: z.union([z.int(), z.string().max(100)]).nullish(),
  goodsOwnerId: z.int().nullish(),
  orderId: z.int().positive().nullish(),
  orderNumber: z.string().max(200).nullish(),
  order: z
    .object({ orderId: z.int().positive().nullish(), orderNumber: z.string().max(200).nullish() })
    .nullish(),
  purchaseOrderId: z.int().positive().nullish(),
  purchaseOrderNumber: z.string().max(200).nullish(),
  purchaseOrder: z.object({ purchaseOrderId: z.int().positive().nullish() }).nullish(),
  /** Of a line of a purchase order. */
  purchaseOrderInfo: z.object({ purchaseOrderId: z.int().positive().nullish() }).nullish(),
  article: z.object({ articleNumber: z.string().max(100).nullish() }).nullish(),
  articleNumber: z.string().max(100).nullish(),
});
type Webhook = z.infer<typeof Webhook>;

const purchaseOf = ({ purchaseOrderId, purchaseOrder, purchaseOrderInfo }: Webhook) =>
  purchaseOrderId ?? purchaseOrder?.purchaseOrderId ?? purchaseOrderInfo?.purchaseOrderId;

/**
 * What Ongoing tells of its own accord. Only a hint: webhooks come late, twice, out of order or not at all.
 */
@Public()
@UseGuards(WebhookGuard)
@Controller('webhooks')
export class WebhooksController {
  private readonly received;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DataSource,
    private readonly hints: Hints,
    private readonly purchases: PurchaseHints,
    private readonly gaps: WebhookGaps,
    private readonly figures: ArticleFigures,
    private readonly signals: Signals,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.received = metrics.counter('ongoing_webhooks_total', 'Webhooks of Ongoing', ['outcome']);
  }

  @Post('ongoing')
  @HttpCode(204)
  async receive(@Body({ schema: Webhook }) webhook: Webhook): Promise<void> {
    const { goodsOwnerId } = webhook;
    if (goodsOwnerId && goodsOwnerId !== this.config.ONGOING_GOODS_OWNER_ID) {
      this.received.inc({ outcome: 'other-goods-owner' });
      this.log.warn('a webhook of another goods owner was passed over: correct its set-up in Ongoing', {
        id: goodsOwnerId,
      });
      return;
    }
    const fresh = await this.take(webhook);
    this.received.inc({ outcome: fresh ? 'taken' : 'duplicate' });
    if (!fresh) return;
    this.signals.hints.ring();
    this.signals.stock.ring();
    if (purchaseOf(webhook) || webhook.purchaseOrder) this.signals.inbound.ring();
  }

  /** Stored before it is answered. A retry carries the same event id. */
  private async take(webhook: Webhook): Promise<boolean> {
    const orderId = webhook.orderId ?? webhook.order?.orderId;
    const number = webhook.orderNumber ?? webhook.order?.orderNumber ?? '';
    const article = webhook.article?.articleNumber ?? webhook.articleNumber;
    return this.database.transaction(async (tx) => {
      if (webhook.webhookEventId !== undefined && webhook.webhookEventId !== null) {
        const rows: unknown[] = await tx.query(
          `INSERT INTO webhook_events (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id`,
          [String(webhook.webhookEventId)],
        );
        if (rows.length === 0) return false;
      }
      if (orderId) {
        await this.hints.add(tx, [{ wmsOrderId: orderId, number }]);
        await this.gaps.told(tx, 'order', orderId, number);
      }
      const purchase = purchaseOf(webhook);
      if (purchase) {
        await this.purchases.add(tx, [purchase]);
        await this.gaps.told(tx, 'purchase-order', purchase, webhook.purchaseOrderNumber ?? '');
      }
      if (article) await this.figures.unsettle(tx, [{ article, step: await nextStep(tx) }]);
      return true;
    });
  }
}

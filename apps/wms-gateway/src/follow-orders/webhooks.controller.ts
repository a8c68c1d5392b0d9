import { createHash, timingSafeEqual } from 'node:crypto';
import {
  Body,
  Controller,
  HttpCode,
  Inject,
  Post,
  Req,
  UnauthorizedException,
  type RawBodyRequest,
} from '@nestjs/common';
import { CONFIG, Log, Metrics, Public } from '@samlast/service';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { Signals } from '../signals.ts';
import { nextStep } from '../steps.ts';
import { ArticleFigures } from '../watch-stock/article-figures.ts';
import { Hints } from './hints.ts';

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
  purchaseOrder: z.object({}).nullish(),
  article: z.object({ articleNumber: z.string().max(100).nullish() }).nullish(),
  articleNumber: z.string().max(100).nullish(),
});
type Webhook = z.infer<typeof Webhook>;

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * What Ongoing tells of its own accord. Only a hint: webhooks come late, twice, out of order or not at all.
 */
@Public()
@Controller('webhooks')
export class WebhooksController {
  private readonly received;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DataSource,
    private readonly hints: Hints,
    private readonly figures: ArticleFigures,
    private readonly signals: Signals,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.received = metrics.counter('ongoing_webhooks_total', 'Webhooks of Ongoing', ['outcome']);
  }

  @Post('ongoing')
  @HttpCode(204)
  async receive(
    @Req() request: RawBodyRequest<FastifyRequest>,
    @Body({ schema: Webhook }) webhook: Webhook,
  ): Promise<void> {
    this.authenticate(request.headers);
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
    if (webhook.purchaseOrderId || webhook.purchaseOrder) this.signals.inbound.ring();
  }

  /** X-Auth-Token or HTTP Basic: Ongoing signs nothing. Compared in constant time. */
  private authenticate(headers: Record<string, string | string[] | undefined>): void {
    const basic = /^Basic (.+)$/i.exec(String(headers.authorization ?? ''))?.[1];
    const password = basic && Buffer.from(basic, 'base64').toString('utf8').split(':').slice(1).join(':');
    const given = [headers['x-auth-token'], password].filter(
      (value): value is string => typeof value === 'string',
    );
    const expected = this.config.WEBHOOK_TOKEN;
    if (expected && given.some((token) => timingSafeEqual(digest(token), digest(expected)))) return;
    this.received.inc({ outcome: 'refused' });
    throw new UnauthorizedException(
      expected
        ? 'Send the token of WEBHOOK_TOKEN as X-Auth-Token, or as password of HTTP Basic.'
        : 'Webhooks are switched off: set WEBHOOK_TOKEN at the gateway, and the same token at the webhook in Ongoing.',
    );
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
      if (orderId) await this.hints.add(tx, [{ wmsOrderId: orderId, number }]);
      if (article) await this.figures.unsettle(tx, [{ article, step: await nextStep(tx) }]);
      return true;
    });
  }
}

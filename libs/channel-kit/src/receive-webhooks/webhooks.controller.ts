import {
  BadRequestException,
  Controller,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  Post,
  Req,
  Res,
  UnauthorizedException,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { Public, Log, Metrics } from '@samlast/service';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { InboundFeed } from '../announce-inbound/inbound-feed.ts';
import { OrderFeed } from '../import-orders/order-feed.ts';
import { ArticleReader } from '../publish-articles/article-reader.ts';
import type { Shop } from '../shop.ts';
import type { WebhookVerdict } from '../shop-webhook.ts';
import { SHOP } from '../tokens.ts';

/** What of a request is looked at. */
interface Delivered {
  readonly rawBody?: Buffer;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

type Accepted = Extract<WebhookVerdict, { accepted: true }>;

/** Senders try for days; ids are kept longer than that. */
const KEPT_DAYS = 7;

/**
 * What the shop sends: proven on its raw bytes, then taken as a hint to read sooner. A lost one costs time, nothing
 * else.
 */
@Controller('webhooks')
export class Webhooks {
  private readonly received;

  constructor(
    @Inject(SHOP) private readonly shop: Shop,
    private readonly feed: OrderFeed,
    private readonly articles: ArticleReader,
    private readonly inbound: InboundFeed,
    private readonly database: DataSource,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.received = metrics.counter('samlast_webhooks_total', 'Webhooks by outcome', ['outcome']);
  }

  /** The sender proves itself by its signature, not by a token. */
  @Public()
  @Post(':name')
  @HttpCode(202)
  async receive(
    @Param('name') name: string,
    @Req() request: Delivered,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { webhook } = this.shop;
    if (!webhook) throw new NotFoundException('This channel takes no webhooks; it polls its shop.');
    // Of another type no body is kept, and its signature would be held against nothing.
    if (!request.rawBody && request.headers['content-type'])
      throw new UnsupportedMediaTypeException('Send the webhook with content-type: application/json.');
    const verdict = webhook.verify({
      name,
      body: request.rawBody ?? Buffer.alloc(0),
      headers: firstOf(request.headers),
    });
    if (!verdict.accepted) throw this.refuse(verdict.refusal, verdict.message);
    if (verdict.ping) {
      this.received.inc({ outcome: 'ping' });
      // There are shops that take no other answer to it for a good one.
      reply.status(200);
      return { accepted: true };
    }
    const seen = await this.remember(verdict);
    if (seen === 'replayed')
      throw this.refuse('replayed', 'This very delivery was received before. Sign each try anew.');
    this.received.inc({ outcome: seen });
    if (seen === 'repeated') return { repeated: true };
    if (verdict.orders.length > 0) this.feed.wake(verdict.orders);
    if (verdict.articles) this.articles.wake();
    if (verdict.inbound) this.inbound.wake();
    return { accepted: true };
  }

  private refuse(outcome: 'forged' | 'stale' | 'unreadable' | 'replayed', message: string): Error {
    this.received.inc({ outcome });
    this.log.warn('a webhook was refused', { reason: outcome });
    return outcome === 'unreadable' ? new BadRequestException(message) : new UnauthorizedException(message);
  }

  private async remember(verdict: Accepted): Promise<'new' | 'repeated' | 'replayed'> {
    const { id, attempt = '', mayRepeatMs = 0 } = verdict;
    if (id === undefined) return 'new';
    const rows = (await this.database.query(
      `WITH before AS (SELECT attempt, received_at > now() - make_interval(secs => $4 / 1000.0) AS recent
           FROM webhooks WHERE id = $1),
         kept AS (INSERT INTO webhooks (id, attempt) VALUES ($1, $2)
           ON CONFLICT (id) DO UPDATE SET attempt = excluded.attempt),
         forgotten AS (DELETE FROM webhooks WHERE received_at < now() - make_interval(days => $3))
       SELECT attempt, recent FROM before`,
      [id, attempt, KEPT_DAYS, mayRepeatMs],
    )) as { attempt: string; recent: boolean }[];
    const [before] = rows;
    if (!before) return 'new';
    return before.attempt === attempt && !before.recent ? 'replayed' : 'repeated';
  }
}

function firstOf(headers: Delivered['headers']): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}

import { createHash, timingSafeEqual } from 'node:crypto';
import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  Inject,
  NotFoundException,
  Param,
  Post,
  Put,
  Res,
  UnauthorizedException,
} from '@nestjs/common';
import type { Channel } from '@samlast/contracts';
import { Log, Metrics, Public } from '@samlast/service';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ChannelConfig } from '../channel.ts';
import { CHANNEL, SETTINGS } from '../tokens.ts';
import { ClaimKeeper } from './claim-keeper.ts';

const CHECKOUT_DEFAULT_S = 3_600;

/** What the stock authority does not know of is taken off here; everything else it checks itself. */
const Change = z.looseObject({
  state: z.literal('confirmed').optional(),
  /** When the checkout has ended for sure, so that an order that has not come by then never will. */
  checkoutEndsInS: z.int().min(1).max(604_800).default(CHECKOUT_DEFAULT_S),
});
type Change = z.infer<typeof Change>;
const Anything = z.looseObject({});
type Anything = z.infer<typeof Anything>;

const digest = (text: string) => createHash('sha256').update(text).digest();

interface Forwarded {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below /claims. */
  readonly path: string;
  readonly body?: object;
  readonly key?: string;
}

/** Where this channel's shop claims pieces before its buyers pay. It is the stock authority that promises them. */
@Public()
@Controller('claims')
export class Claims {
  private readonly forwarded;

  constructor(
    @Inject(CHANNEL) private readonly channel: Channel,
    @Inject(SETTINGS) private readonly config: ChannelConfig,
    private readonly keeper: ClaimKeeper,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.forwarded = metrics.counter('samlast_shop_claims_total', "The shop's requests about claims", [
      'outcome',
    ]);
  }

  @Post()
  async open(
    @Headers('authorization') authorization: string | undefined,
    @Headers('idempotency-key') key: string | undefined,
    @Body({ schema: Anything }) body: Anything,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    this.refuseStranger(authorization);
    return this.forward(reply, {
      method: 'POST',
      path: '',
      key,
      body: { ...body, channel: this.channel.code },
    });
  }

  @Get(':key')
  async show(
    @Headers('authorization') authorization: string | undefined,
    @Param('key') key: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    this.refuseStranger(authorization);
    return this.forward(reply, { method: 'GET', path: this.pathOf(key) });
  }

  /** What is confirmed is remembered before it is, so that whatever is lost then, its order is waited for. */
  @Put(':key')
  async change(
    @Headers('authorization') authorization: string | undefined,
    @Param('key') key: string,
    @Body({ schema: Change }) { checkoutEndsInS, ...change }: Change,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    this.refuseStranger(authorization);
    if (change.state === 'confirmed') await this.keeper.remember(key, checkoutEndsInS);
    const body = { ...change, channel: this.channel.code };
    return this.forward(reply, { method: 'PUT', path: `/${encodeURIComponent(key)}`, body });
  }

  @Delete(':key')
  async release(
    @Headers('authorization') authorization: string | undefined,
    @Param('key') key: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    this.refuseStranger(authorization);
    return this.forward(reply, { method: 'DELETE', path: this.pathOf(key) });
  }

  private pathOf(key: string): string {
    return `/${encodeURIComponent(key)}?channel=${this.channel.code}`;
  }

  private refuseStranger(authorization: string | undefined): void {
    const token = this.config.CLAIMS_TOKEN;
    if (!token) {
      throw new NotFoundException(
        'This channel takes no claims: set CLAIMS_TOKEN, which the shop then sends as bearer token.',
      );
    }
    if (timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`))) return;
    this.forwarded.inc({ outcome: 'forged' });
    throw new UnauthorizedException(
      'Send "Authorization: Bearer <token>" with the CLAIMS_TOKEN of this channel.',
    );
  }

  private async forward(reply: FastifyReply, { method, path, body, key }: Forwarded): Promise<unknown> {
    const { AUTHORITY_URL, AUTHORITY_TOKEN, CLAIM_WITHIN_MS } = this.config;
    const url = `${AUTHORITY_URL.replace(/\/*$/, '')}/claims${path}`;
    try {
      const response = await fetch(url, {
        method,
        redirect: 'error',
        signal: AbortSignal.timeout(CLAIM_WITHIN_MS),
        headers: {
          ...(body && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
          ...(AUTHORITY_TOKEN && { authorization: `Bearer ${AUTHORITY_TOKEN}` }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json();
      const after = response.headers.get('retry-after');
      if (after) void reply.header('retry-after', after);
      this.forwarded.inc({ outcome: String(response.status) });
      void reply.status(response.status === 401 ? 503 : response.status);
      return response.status === 401 ? this.unavailable('it does not accept AUTHORITY_TOKEN') : answer;
    } catch (error) {
      this.forwarded.inc({ outcome: 'unanswered' });
      this.log.warn('the stock authority did not answer about a claim', {
        channel: this.channel.code,
        error,
      });
      void reply.status(503).header('retry-after', '1');
      return this.unavailable(`it did not answer within ${CLAIM_WITHIN_MS} ms`);
    }
  }

  private unavailable(why: string) {
    return {
      statusCode: 503,
      code: 'claims.unavailable',
      message:
        `The stock authority could not be asked: ${why}. Whether the pieces are held is not known: ask again under the same key, ` +
        'or sell without a claim if the shop may.',
    };
  }
}

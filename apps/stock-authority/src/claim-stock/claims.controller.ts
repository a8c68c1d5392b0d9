import { hash } from 'node:crypto';
import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpException,
  NotFoundException,
  Param,
  Post,
  Put,
  Query,
  Res,
  UnprocessableEntityException,
  UseFilters,
} from '@nestjs/common';
import {
  ArticleNumber,
  ChannelCode,
  fromMilli,
  PositiveQuantity,
  toMilli,
  Warehouse,
} from '@samlast/contracts';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { otherWarehouse } from '../one-warehouse/other-warehouse.ts';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { PIECES_MAX } from '../reserve-stock/intake.ts';
import { loadClaims } from '../tables/claims.ts';
import { type Claim, isHeld } from './claim.ts';
import { SayAskAgain } from './ask-again.ts';
import { ClaimDesk, type ClaimRequest } from './claim-desk.ts';
import type { ClaimOutcome } from './decide-claim.ts';

const LINES_MOST = 200;
const HOLD_DEFAULT_S = 600;
const HOLD_MOST_S = 86_400;

const Key = z.string().regex(/^[\x21-\x7E]{1,100}$/, 'must be 1 to 100 printable characters without blanks');
const Seconds = z.int().min(5).max(HOLD_MOST_S);

const Wanted = z.strictObject({
  channel: ChannelCode,
  /** Who buys, in whatever words the shop has for it that name no person: a quota is kept for each. */
  buyer: z.string().trim().min(1).max(100).optional(),
  expiresInS: Seconds.default(HOLD_DEFAULT_S),
  lines: z
    .array(
      z.strictObject({
        article: ArticleNumber,
        warehouse: Warehouse.optional(),
        quantity: PositiveQuantity,
      }),
    )
    .min(1)
    .max(LINES_MOST, `must be at most ${LINES_MOST}: place a larger order without a claim`),
});
type Wanted = z.infer<typeof Wanted>;

const Change = z.union([
  z.strictObject({ channel: ChannelCode, state: z.literal('confirmed') }),
  z.strictObject({ channel: ChannelCode, expiresInS: Seconds }),
]);
type Change = z.infer<typeof Change>;

const OfChannel = z.strictObject({ channel: ChannelCode });
type OfChannel = z.infer<typeof OfChannel>;

/** Pieces that a buyer is promised before the payment. Shops ask through their own channel's service. */
@Controller('claims')
@UseFilters(SayAskAgain)
export class ClaimsController {
  constructor(
    private readonly desk: ClaimDesk,
    private readonly terms: StockTerms,
    private readonly source: DataSource,
  ) {}

  @Post()
  async open(
    @Headers('idempotency-key') header: string | undefined,
    @Body({ schema: Wanted }) { channel, buyer, expiresInS, lines }: Wanted,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const key = Key.safeParse(header);
    if (!key.success) {
      throw new UnprocessableEntityException(
        'The header Idempotency-Key is missing or unfit: name the checkout in 1 to 100 printable characters, the same for each try.',
      );
    }
    this.refuseStranger(channel);
    const needs = new Map<string, bigint>();
    for (const [index, { warehouse }] of lines.entries()) {
      const why = otherWarehouse(warehouse, this.terms.warehouse);
      if (why) throw unfit('warehouse.other', `lines.${index} ${why}.`);
    }
    for (const { article, quantity } of lines)
      needs.set(article, (needs.get(article) ?? 0n) + toMilli(quantity));
    for (const [article, wanted] of needs) {
      if (wanted > PIECES_MAX * 1000n)
        throw unfit(
          'claim.quantity-too-large',
          `More than ${PIECES_MAX} pieces of ${article} are wanted. Correct the quantity.`,
        );
    }
    const digest = digestOf(buyer, needs);
    const outcome = await this.desk.ask({
      kind: 'open',
      channel,
      key: key.data,
      digest,
      needs,
      expiresInS,
      ...(buyer !== undefined && { buyer }),
    });
    const claim = claimOf(outcome, key.data, reply);
    if (claim.state === 'refused') throw short(claim, 'claim.short', 'Not all of it can be promised.');
    void reply.status(outcome.outcome === 'claim' && outcome.repeated ? 200 : 201);
    return shownAs(claim);
  }

  @Get(':key')
  async show(@Param('key') key: string, @Query({ schema: OfChannel }) { channel }: OfChannel) {
    const [claim] = [...(await loadClaims(this.source.manager, [{ channel, key }])).values()];
    if (!claim) throw unknown(key);
    return shownAs(claim);
  }

  /** Confirms a claim before the money is taken, or gives the buyer more time. */
  @Put(':key')
  async change(
    @Param('key') key: string,
    @Body({ schema: Change }) change: Change,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { channel } = change;
    const request: ClaimRequest =
      'expiresInS' in change
        ? { kind: 'extend', channel, key, expiresInS: change.expiresInS }
        : { kind: 'confirm', channel, key };
    const claim = claimOf(await this.desk.ask(request), key, reply);
    if (isHeld(claim) || claim.state === 'ordered') return shownAs(claim);
    if (claim.state === 'late') {
      throw short(
        claim,
        'late_confirm',
        'The claim had expired, and its pieces are gone: do not take the money.',
      );
    }
    throw new HttpException(
      {
        statusCode: 409,
        code: 'claim.ended',
        message: `Claim ${key} is ${claim.state}: it promises nothing any more. Open another one under a new key.`,
        ...shownAs(claim),
      },
      409,
    );
  }

  /** The buyer gave up, or the payment failed: the pieces are free again. */
  @Delete(':key')
  async release(
    @Param('key') key: string,
    @Query({ schema: OfChannel }) { channel }: OfChannel,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return shownAs(claimOf(await this.desk.ask({ kind: 'release', channel, key }), key, reply));
  }

  private refuseStranger(channel: string): void {
    if (this.terms.policyOf(channel)) return;
    throw new NotFoundException(
      `channels.json has no channel ${channel}. Add it there and restart the services.`,
    );
  }
}

function digestOf(buyer: string | undefined, needs: ReadonlyMap<string, bigint>): string {
  const wants = [...needs]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([article, one]) => `${article}\n${one}`);
  return hash('sha256', [buyer ?? '', ...wants].join('\n\n'), 'base64url');
}

/** The claim that was decided on; throws the answer where there is none. */
function claimOf(outcome: ClaimOutcome, key: string, reply: FastifyReply): Claim {
  switch (outcome.outcome) {
    case 'claim':
      return outcome.claim;
    case 'unknown':
      throw unknown(key);
    case 'differs': {
      const message = `The key ${key} was used for a claim with other content. Use a new key for each checkout.`;
      throw new HttpException({ statusCode: 409, code: 'claim.key-reused', message }, 409);
    }
    case 'fraction': {
      const { article, wanted } = outcome;
      throw unfit(
        'claim.fraction',
        `${wanted} of ${article} cannot be promised, as it is sold in whole pieces only. Correct the quantity; if the article can be divided, correct wholePieces in the article master.`,
      );
    }
    case 'too-many': {
      void reply.header('retry-after', '30');
      const whose = outcome.whose === 'buyer' ? 'This buyer' : 'This channel';
      const message = `${whose} has ${outcome.most} claims open, as many as channels.json allows. Confirm or release some first.`;
      throw new HttpException({ statusCode: 429, code: `claims.${outcome.whose}-quota`, message }, 429);
    }
  }
}

const unfit = (code: string, message: string) =>
  new UnprocessableEntityException({ statusCode: 422, code, message });

const unknown = (key: string) =>
  new NotFoundException(`No claim ${key} is known for this channel. Open it with POST /claims first.`);

function short(claim: Claim, code: string, message: string): HttpException {
  return new HttpException({ statusCode: 409, code, message, ...shownAs(claim) }, 409);
}

function shownAs({ channel, key, state, expiresAt, needs, shortages }: Claim) {
  return {
    channel,
    key,
    state,
    ...(state === 'open' && { expiresAt: expiresAt.toISOString() }),
    lines: [...needs].map(([article, quantity]) => ({ article, quantity: fromMilli(quantity) })),
    ...(shortages.length > 0 && {
      shortages: shortages.map(({ article, reason, wanted, free }) => ({
        article,
        reason,
        wanted: fromMilli(wanted),
        free: fromMilli(free),
      })),
    }),
  };
}

import {
  Body,
  Controller,
  Delete,
  Get,
  HttpException,
  Param,
  Put,
  Query,
  Res,
  UseFilters,
} from '@nestjs/common';
import { ChannelCode } from '@samlast/contracts';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { loadClaims } from '../tables/claims.ts';
import { SayAskAgain } from './ask-again.ts';
import { changedAnswer, type ClaimAnswer, releasedAnswer, shownAs, unknownClaim } from './claim-answers.ts';
import { ClaimDesk } from './claim-desk.ts';
import type { ClaimRequest } from './claim-request.ts';
import { HoldS } from './read-opening.ts';

const Change = z.union([
  z.strictObject({ channel: ChannelCode, state: z.literal('confirmed') }),
  z.strictObject({ channel: ChannelCode, expiresInS: HoldS }),
]);
type Change = z.infer<typeof Change>;

const OfChannel = z.strictObject({ channel: ChannelCode });
type OfChannel = z.infer<typeof OfChannel>;

/** Claims that a buyer has; `open-claims.ts` opens them. Shops ask through their own channel's service. */
@Controller('claims')
@UseFilters(SayAskAgain)
export class ClaimsController {
  constructor(
    private readonly desk: ClaimDesk,
    private readonly source: DataSource,
  ) {}

  @Get(':key')
  async show(@Param('key') key: string, @Query({ schema: OfChannel }) { channel }: OfChannel) {
    const [claim] = [...(await loadClaims(this.source.manager, [{ channel, key }])).values()];
    return claim ? shownAs(claim) : said(unknownClaim(key));
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
    return said(changedAnswer(await this.desk.ask(request), key), reply);
  }

  /** The buyer gave up, or the payment failed: the pieces are free again. */
  @Delete(':key')
  async release(
    @Param('key') key: string,
    @Query({ schema: OfChannel }) { channel }: OfChannel,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return said(releasedAnswer(await this.desk.ask({ kind: 'release', channel, key }), key), reply);
  }
}

/** Anything but a claim that stands is an exception, as everywhere. */
function said({ status, body, retryAfterS }: ClaimAnswer, reply?: FastifyReply) {
  if (retryAfterS !== undefined) void reply?.header('retry-after', String(retryAfterS));
  if (status >= 400) throw new HttpException(body, status);
  return body;
}

import { Body, Controller, Get, Header, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { Authored, Public } from '@samlast/service';
import { z } from 'zod';
import type { ChannelLists, ToldNow } from '../look-up/shapes.ts';
import { OriginGuard } from '../sign-in/origin.guard.ts';
import { SessionGuard } from '../sign-in/session.guard.ts';
import { ChannelAnswers } from './channel-lists.ts';
import { Decisions } from './decisions.ts';

/** Orders that a channel could not take, and calls that a shop did not: what a person does about them. */
@Public()
@UseGuards(OriginGuard, SessionGuard)
@Controller('api/channel-lists')
export class ChannelListsController {
  constructor(
    private readonly answers: ChannelAnswers,
    private readonly decisions: Decisions,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async list(): Promise<{ channels: ChannelLists[] }> {
    return { channels: await this.answers.all() };
  }

  /** What is still to be told to the shop about one order. */
  @Get('told/:channel/:number')
  @Header('cache-control', 'no-store')
  async told(@Param('channel') channel: string, @Param('number') number: string): Promise<ToldNow> {
    const answer = await this.answers.callsOf(`channel-${channel.toLowerCase()}`);
    if (answer.outcome !== 'answered') return { problem: answer.text, calls: [] };
    return { calls: answer.value.filter((call) => call.number === number) };
  }

  @Post(':service/orders/:id/retry')
  @HttpCode(200)
  async readAgain(
    @Param('service') service: string,
    @Param('id') id: string,
    @Body({ schema: Authored }) authored: Authored,
  ) {
    const path = `/ops/unreadable-orders/${encodeURIComponent(id)}/retry`;
    const schema = z.object({ reason: z.string().optional() });
    const { reason } = await this.decisions.carryOut(service, path, authored, schema);
    return { said: reason ? `Still not readable: ${reason}` : 'The order has been read.' };
  }

  @Post(':service/orders/:id/settle')
  @HttpCode(200)
  async settle(
    @Param('service') service: string,
    @Param('id') id: string,
    @Body({ schema: Authored }) authored: Authored,
  ) {
    await this.decisions.carryOut(
      service,
      `/ops/unreadable-orders/${encodeURIComponent(id)}/settle`,
      authored,
      z.unknown(),
    );
    return { said: 'The order is off the list.' };
  }

  @Post(':service/calls/:id/retry')
  @HttpCode(200)
  async callAgain(
    @Param('service') service: string,
    @Param('id') id: string,
    @Body({ schema: Authored }) authored: Authored,
  ) {
    await this.decisions.carryOut(
      service,
      `/ops/jobs/${encodeURIComponent(id)}/retry`,
      authored,
      z.unknown(),
    );
    return { said: 'The shop is called again.' };
  }

  @Post(':service/calls/:id/discard')
  @HttpCode(200)
  async giveUpCall(
    @Param('service') service: string,
    @Param('id') id: string,
    @Body({ schema: Authored }) authored: Authored,
  ) {
    await this.decisions.carryOut(
      service,
      `/ops/jobs/${encodeURIComponent(id)}/discard`,
      authored,
      z.unknown(),
    );
    return { said: 'The call is given up.' };
  }
}

import {
  Body,
  ConflictException,
  Controller,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import { Authored, Log } from '@samlast/service';
import { z } from 'zod';
import { InboundRegistry } from '../push-inbound/inbound-registry.ts';
import { QueueInbound, type AgainOutcome } from '../push-inbound/queue-inbound.ts';
import { Signals } from '../signals.ts';

const ROWS_MAX = 500;
const Kind = z.enum(['purchase-order', 'return']);
const State = z.enum(['queued', 'accepted', 'refused', 'cancelled']).optional();

/** Purchase orders and returns of ours, and what a person does about refused ones. */
@Controller('ops/inbound')
export class InboundController {
  constructor(
    private readonly registry: InboundRegistry,
    private readonly queue: QueueInbound,
    private readonly unitOfWork: UnitOfWork,
    private readonly signals: Signals,
    private readonly log: Log,
  ) {}

  /** Newest first; `?state=refused` for those that need a person. */
  @Get(':kind')
  async list(@Param('kind') kind: string, @Query('state') state?: string) {
    const kinds = Kind.safeParse(kind);
    const states = State.safeParse(state);
    if (!kinds.success || !states.success)
      throw new NotFoundException(
        'Ask for /ops/inbound/purchase-order or /ops/inbound/return, with state queued, accepted, refused or cancelled.',
      );
    return this.registry.list(kinds.data, states.data, ROWS_MAX);
  }

  /** Sends a refused one again, after a person has set right what was wrong. */
  @Post(':kind/:number/retry')
  @HttpCode(202)
  async retry(
    @Param('kind') named: string,
    @Param('number') number: string,
    @Body({ schema: Authored }) { author, reason }: Authored,
  ) {
    const { data: kind } = Kind.safeParse(named);
    if (!kind) throw new NotFoundException('Only a purchase-order or a return can be sent again here.');
    const answer = await this.unitOfWork.run(async (tx) => ({
      events: [],
      answer: await this.queue.again(tx, kind, number),
    }));
    if (answer === 'unknown') throw new NotFoundException(`The gateway has no ${kind} ${number}.`);
    if (answer !== 'again') throw new ConflictException(whyNotAgain(`${kind} ${number}`, answer));
    this.log.info('a refused announcement of goods is sent again', { kind, number, caller: author, reason });
    this.signals.writes.ring();
    return { number, state: 'queued' };
  }
}

function whyNotAgain(which: string, answer: Exclude<AgainOutcome, 'again' | 'unknown'>): string {
  switch (answer) {
    case 'unclaimed':
      return `The ${which} has no number of its own: give it another one in its system, or cancel it there.`;
    case 'forgotten':
      return `The ${which} was refused more than 35 days ago, and what was to be written is forgotten: announce it anew.`;
    default:
      return `The ${which} is ${answer}: only a refused one can be sent again.`;
  }
}

import { Body, Controller, Get, Header, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { Authored, Public } from '@samlast/service';
import { z } from 'zod';
import type { ParkedAt, ParkedMessage } from '../look-up/shapes.ts';
import { OriginGuard } from '../sign-in/origin.guard.ts';
import { SessionGuard } from '../sign-in/session.guard.ts';
import { Decisions } from './decisions.ts';
import { Owners } from './owners.ts';

/** The parts of a dead letter that a person needs. */
export const DeadLetterList = z.array(
  z.object({
    id: z.string(),
    state: z.enum(['parked', 'queued']),
    topic: z.string(),
    key: z.string().nullable(),
    type: z.string().nullable(),
    code: z.string().nullable(),
    reason: z.string().nullable(),
    parkedAt: z.string(),
  }),
);
const Replay = z.object({ handled: z.int(), parked: z.object({ reason: z.string() }).optional() });

/** Messages that a service could not work with, over all services, and what a person decides about them. */
@Public()
@UseGuards(OriginGuard, SessionGuard)
@Controller('api/dead-letters')
export class ParkedController {
  constructor(
    private readonly owners: Owners,
    private readonly decisions: Decisions,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async list(): Promise<{ services: ParkedAt[] }> {
    return { services: await Promise.all(this.owners.names().map((service) => this.parkedAt(service))) };
  }

  @Post(':service/:id/retry')
  @HttpCode(200)
  async retry(
    @Param('service') service: string,
    @Param('id') id: string,
    @Body({ schema: Authored }) authored: Authored,
  ) {
    const { handled, parked } = await this.command(service, id, 'retry', authored);
    if (parked) return { said: `Parked again after ${messages(handled)}: ${parked.reason}` };
    return { said: `Retried: ${messages(handled)} handled.` };
  }

  @Post(':service/:id/discard')
  @HttpCode(200)
  async discard(
    @Param('service') service: string,
    @Param('id') id: string,
    @Body({ schema: Authored }) authored: Authored,
  ) {
    const { handled, parked } = await this.command(service, id, 'discard', authored);
    const behind = handled > 0 ? ` ${messages(handled)} behind it handled.` : '';
    return { said: `Discarded.${behind}${parked ? ` The next one is parked: ${parked.reason}` : ''}` };
  }

  private command(service: string, id: string, verb: 'retry' | 'discard', authored: Authored) {
    const path = `/ops/dead-letters/${encodeURIComponent(id)}/${verb}`;
    return this.decisions.carryOut(service, path, authored, Replay);
  }

  private async parkedAt(service: string): Promise<ParkedAt> {
    const answer = await this.owners.get(service, '/ops/dead-letters', DeadLetterList);
    if (answer.outcome !== 'answered') return { service, problem: answer.text, messages: [] };
    return { service, messages: parkedMessages(answer.value) };
  }
}

const messages = (count: number) => `${count} ${count === 1 ? 'message' : 'messages'}`;

/** A key has one parked message, and the rest of the key queues behind it. */
export function parkedMessages(letters: z.output<typeof DeadLetterList>): ParkedMessage[] {
  return letters
    .filter((letter) => letter.state === 'parked')
    .map(({ id, type, topic, key, code, reason, parkedAt }) => ({
      id,
      type: type ?? undefined,
      key: key ?? undefined,
      code: code ?? 'unknown',
      reason: reason ?? 'The service gave no reason.',
      parkedAt,
      behind: letters.filter((one) => one.state === 'queued' && one.topic === topic && one.key === key)
        .length,
    }));
}

import { Inject, Injectable } from '@nestjs/common';
import type { Event } from '@samlast/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import { BusCatalogue } from './catalogue.ts';
import { encode } from './encode.ts';
import { isConflict } from './failure.ts';
import type { MessagingOptions } from './options.ts';
import { backoffMs, pause } from './pause.ts';
import { OPTIONS, TRANSPORT } from './tokens.ts';
import type { Announce, Transport } from './transport.ts';

const CONFLICT_TRIES = 10;
const CONFLICT_FIRST_MS = 5;
const CONFLICT_MOST_MS = 500;
const never = new AbortController().signal;

/** The only way to publish outside of a handler: for commands by HTTP, pollers and workers. */
@Injectable()
export class UnitOfWork {
  constructor(
    private readonly source: DataSource,
    private readonly catalogue: BusCatalogue,
    @Inject(TRANSPORT) private readonly transport: Transport,
    @Inject(OPTIONS) private readonly options: MessagingOptions,
  ) {}

  /**
   * Runs the work in one transaction and publishes its events with it, or neither. Serialisation failures and
   * deadlocks run it again, up to ten times, so it must not have effects outside of the transaction. Other errors are
   * thrown as they are.
   */
  async run<Answer>(
    work: (tx: EntityManager) => Promise<{ events: Event[]; answer: Answer }>,
  ): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(work);
      } catch (error) {
        if (!isConflict(error) || attempt === CONFLICT_TRIES) throw error;
        await pause(backoffMs(attempt, CONFLICT_FIRST_MS, CONFLICT_MOST_MS), never);
      }
    }
  }

  private async once<Answer>(
    work: (tx: EntityManager) => Promise<{ events: Event[]; answer: Answer }>,
  ): Promise<Answer> {
    let announce: Announce | undefined;
    const answer = await this.source.transaction(async (tx) => {
      const done = await work(tx);
      const outgoing = encode(done.events, this.options.source, this.catalogue);
      announce = await this.transport.append(tx, outgoing);
      return done.answer;
    });
    announce?.();
    return answer;
  }
}

import { Injectable } from '@nestjs/common';
import type { Event } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';

/** The only way to publish outside of a handler: for commands by HTTP, pollers and workers. */
@Injectable()
export class UnitOfWork {
  /**
   * Runs the work in one transaction and publishes its events with it, or neither. Serialisation failures and deadlocks
   * run it again, so it must not have effects outside of the transaction. Other errors are thrown as they are.
   */
  run<Answer>(_work: (tx: EntityManager) => Promise<{ events: Event[]; answer: Answer }>): Promise<Answer> {
    throw new Error('not built yet');
  }
}

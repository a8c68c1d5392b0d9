import type { Event } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';
import type { Message } from './message.ts';

export interface BoundHandler {
  /** The same for all event types of one method, so that a run of them is one call. */
  readonly method: symbol;
  run(messages: Message[], tx: EntityManager): Promise<Event[]>;
}

/** Which method handles which type; filled when the strategy begins to listen. */
export class Handlers {
  private readonly byType = new Map<string, BoundHandler>();
  private readonly byTopic = new Set<string>();

  /** Throws when a type has a handler already: which of two would publish first would be chance. */
  bind(topic: string, type: string, handler: BoundHandler): void {
    const other = this.byType.get(type);
    if (other) {
      throw new Error(
        `${type} has two handlers, ${other.method.description} and ${handler.method.description}: ` +
          'let one of them call the other.',
      );
    }
    this.byType.set(type, handler);
    this.byTopic.add(topic);
  }

  get topics(): string[] {
    return [...this.byTopic];
  }

  of(type: string): BoundHandler | undefined {
    return this.byType.get(type);
  }
}

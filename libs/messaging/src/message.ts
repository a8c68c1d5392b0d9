import type { DataOf, EventDefinition } from '@samlast/contracts';

/** One event as a handler gets it: its data has been parsed by the definition's schema. */
export interface Message<Definition extends EventDefinition = EventDefinition> {
  /** The event's own id, the same however often it is delivered. */
  readonly id: string;
  readonly type: Definition['type'];
  readonly topic: string;
  readonly key: string;
  /** ISO 8601, when the fact was written to its outbox. */
  readonly time: string;
  readonly source: string;
  readonly channel?: string;
  readonly traceparent?: string;
  readonly data: DataOf<Definition>;
  /** The same as JSON, for who passes it on. */
  readonly text: string;
  readonly partition: number;
  readonly offset: string;
}

/** Spreads a union of definitions over a union of messages, so that `type` tells the shape of `data`. */
export type MessageOf<Definition> = Definition extends EventDefinition ? Message<Definition> : never;

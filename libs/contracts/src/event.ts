import type { z } from 'zod';
import { type Exact, exactly } from './exact.ts';

/** A topic has one owner, the only writer. Partitions are fixed for good, because the key decides the partition. */
export interface Topic {
  readonly name: string;
  readonly owner: 'channel' | 'stock' | 'wms' | 'service';
  readonly partitions: number;
  readonly cleanup: 'delete' | 'compact';
  /** Milliseconds; whole orders with addresses are on the bus, so never more than 35 days. */
  readonly retentionMs: number;
  readonly maxMessageBytes: number;
}

/** What a handler returns and the outbox carries: a fact, ready to be published under its key. */
export interface Event<Data = unknown> {
  readonly type: string;
  readonly topic: string;
  readonly key: string;
  /** The channel that the fact concerns, so that others can pass over it without parsing it. */
  readonly channel?: string;
  readonly data: Data;
  /** The data as JSON, where somebody has it already. */
  readonly text?: string;
}

/** One kind of event: name, topic, schema and key in one place, and nowhere else. */
export interface EventDefinition<Type extends string = string, Schema extends z.ZodType = z.ZodType> {
  readonly type: Type;
  readonly topic: Topic;
  readonly schema: Schema;
  readonly keyOf: (data: z.output<Schema>) => string;
  /** Makes the event; throws a ZodError that names the field where the data does not fit the schema. */
  readonly of: (data: z.input<Schema>) => Event<z.output<Schema>>;
  /** Makes the event of parts that were checked when they came in, and of their JSON; nothing is checked again. */
  readonly ofChecked: (data: z.output<Schema>, text: string) => Event<z.output<Schema>>;
  /** Whether a value is just what the schema makes of it, so that it need not be made anew. */
  readonly exact: Exact;
}

/** The data type of an event definition. */
export type DataOf<Definition> = Definition extends { schema: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : never;

/** Defines one kind of event. `type` reads noun.past-participle and is unique over all topics. */
export function defineEvent<Type extends string, Schema extends z.ZodType>(
  type: Type,
  topic: Topic,
  schema: Schema,
  keyOf: (data: z.output<Schema>) => string,
): EventDefinition<Type, Schema> {
  let exact: Exact | undefined;
  const eventOf = (data: z.output<Schema>) => {
    const channel = channelOf(data);
    return { type, topic: topic.name, key: keyOf(data), ...(channel && { channel }), data };
  };
  return {
    type,
    topic,
    schema,
    keyOf,
    of: (input) => eventOf(schema.parse(input)),
    ofChecked: (data, text) => ({ ...eventOf(data), text }),
    exact: (value) => (exact ??= exactly(schema))(value),
  };
}

function channelOf(data: unknown): string | undefined {
  const channel = (data as { channel?: unknown } | null)?.channel;
  return typeof channel === 'string' ? channel : undefined;
}

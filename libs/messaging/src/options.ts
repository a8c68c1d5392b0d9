import type { EventDefinition, Topic } from '@samlast/contracts';

/** What may stand in a log line of this library; names of things, never the content of a message. */
export interface BusLogFields {
  attempt?: number;
  code?: string;
  count?: number;
  duration_ms?: number;
  error?: unknown;
  group?: string;
  id?: string;
  key?: string;
  offset?: string;
  partition?: number;
  reason?: string;
  topic?: string;
  type?: string;
}

/** Where this library reports. `Log` of @samlast/service fits. */
export interface BusLog {
  debug(message: string, fields?: BusLogFields): void;
  info(message: string, fields?: BusLogFields): void;
  warn(message: string, fields?: BusLogFields): void;
  error(message: string, fields?: BusLogFields): void;
}

export interface KafkaOptions {
  kind: 'kafka';
  brokers: string[];
  topicPrefix: string;
  ssl?: boolean;
  sasl?: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string };
  /** After this long without a heartbeat the group gives our partitions to another member. */
  sessionTimeoutMs?: number;
}

export interface EmbeddedOptions {
  kind: 'embedded';
  topicPrefix: string;
}

/**
 * Every topic and event that may be on the bus. A type outside it is parked, one inside it without handler passed
 * over.
 */
export interface Catalogue {
  topics: readonly Topic[];
  events: ReadonlyMap<string, EventDefinition>;
}

export interface MessagingOptions {
  /** The consumer group, such as 'stock-authority' or 'channel-se'. Instances of one group share the partitions. */
  group: string;
  /** Who says it: ce_source, such as 'samlast/stock-authority'. */
  source: string;
  bus: KafkaOptions | EmbeddedOptions;
  log: BusLog;
  /** Messages that are passed over in silence, by their headers, before they are parsed. They are only counted. */
  disregard?: (message: { type: string; channel?: string }) => boolean;
  /** Messages wait and none of their partition has been settled for this long: the service is not ready. */
  standstillMs?: number;
  /** Called once when a standstill has lasted twice `standstillMs`, or the consumer died: end the process, non-zero. */
  onStandstill?: (reason: string) => void;
  /** An error that is no outage is tried this often, over this time, before its message is parked. 5 over 60,000. */
  retry?: { tries: number; overMs: number };
  /** Handler transactions at one time; keep it below the database pool's size. 4 unless told. */
  concurrency?: number;
  /** Default: the topics and events of @samlast/contracts. */
  catalogue?: Catalogue;
}

import type { EntityManager } from 'typeorm';

/** A message as it came from the bus: nothing in it has been checked. Topics are named without the prefix. */
export interface RawMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer | string | null;
}

/** A message as it goes to the bus, ready but for the topic's prefix. */
export interface Outgoing {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly headers: Record<string, string>;
  readonly data: string;
}

/** Ties a transaction to the place in the log that it settles. */
export interface Fence {
  /** First in every transaction; throws Superseded when another member of the group has the partition. */
  enter(tx: EntityManager): Promise<void>;
  /** In the transaction with which the last message of the batch is settled. */
  leave(tx: EntityManager): Promise<void>;
}

/** Settles every message of one partition's batch, or throws Stopped or Superseded. */
export type Settle = (batch: RawMessage[], fence: Fence, stop: AbortSignal) => Promise<void>;

/** Where the group stands in one partition. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  /** The next offset that the group will settle. */
  readonly next: bigint;
  /** The next offset that the partition will give. */
  readonly end: bigint;
}

export interface Transport {
  /** Checks the topics; throws when one is missing or differs. */
  prepare(): Promise<void>;
  /** Begins to send what is in the outbox. */
  publish(): Promise<void>;
  /** Puts messages on their way within the transaction: the last statement before its commit. */
  append(tx: EntityManager, outgoing: Outgoing[]): Promise<void>;
  /** After that commit: what was appended may go now. Never throws, never waits. */
  wake(outgoing: Outgoing[]): void;
  consume(topics: string[], settle: Settle): Promise<void>;
  /** The partitions that this process has to move forward. Rejects while the bus does not answer. */
  positions(): Promise<Position[]>;
  /** Set when the consumer has died and will not come back by itself. */
  readonly death: string | undefined;
  /** Why nothing can be published, once that has lasted. */
  readonly trouble: string | undefined;
  unsent(): Promise<number>;
  prune(): Promise<void>;
  /** Lets the batch in work finish, then leaves the group. */
  stopConsuming(): Promise<void>;
  close(): Promise<void>;
}

/** The process is ending: what was not committed comes again. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Another member of the group works on the partition now: what was not committed is theirs. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

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

/** To be called after the commit: what was appended may go now. Never throws, never waits. */
export type Announce = () => void;

/** A batch that is read in the very transaction that settles it. It may span partitions, in order within each. */
export interface Taking {
  /** The partitions that it may come from, as topic/partition. */
  readonly places: readonly string[];
  /** Whether it moves the cursor itself when it leaves, so that nothing is read again that it has settled. */
  readonly movesCursor: boolean;
  /** The first statement of the transaction; again for each try. */
  read(tx: EntityManager): Promise<RawMessage[]>;
  /** The last one: everything that was read is settled, and this is what it caused. */
  leave(tx: EntityManager, outgoing: Outgoing[]): Promise<Announce>;
  /** It is committed; so many messages took so long, without the wait for its turn. */
  took?(messages: number, ms: number): void;
}

/** What a transport hands its batches to. */
export interface Settler {
  /**
   * Settles every message of one partition's batch, or throws Stopped or Superseded. `known` is the error with which
   * just these messages have failed together already.
   */
  settle(batch: RawMessage[], fence: Fence, stop: AbortSignal, known?: unknown): Promise<void>;
  /**
   * Settles a batch in one transaction, through any outage; answers the error that is none, with which the whole batch
   * is undone. Throws Stopped.
   */
  takeIn(taking: Taking, stop: AbortSignal): Promise<unknown>;
}

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
  append(tx: EntityManager, outgoing: Outgoing[]): Promise<Announce>;
  consume(topics: string[], settler: Settler): Promise<void>;
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

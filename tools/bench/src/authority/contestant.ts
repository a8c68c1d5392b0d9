import type { Stage } from '../benchmark.ts';
import type { ProcessorTime } from '../processor-time.ts';
import type { Workload } from './workloads.ts';

/** What a contestant is started for. */
export interface Task {
  readonly workload: Workload;
  /** False: no event row, the decision alone. */
  readonly events: boolean;
  /** As many orders as may come at the most; the stock is for them. */
  readonly most: number;
}

/** What the tables held at the end. */
export interface Audit {
  readonly orders: number;
  readonly reserved: number;
  readonly refused: number;
  /** Rows with which orders, or batches of them, were kept from being taken twice. */
  readonly inbox: number;
  readonly events: number;
  /** Transactions that the orders were decided in, where that is not one for each. */
  readonly batches?: number;
}

/** Orders that were taken as fast as that went. */
export interface Taken {
  /** Until the tables held all. */
  readonly seconds: number;
  /** Meanwhile: of its process and of the database. */
  readonly processor: ProcessorTime;
}

/** Orders that came at a steady rate. */
export interface Offered {
  readonly perSecond: number;
  /** Milliseconds from the moment each order could be taken until it was seen to be committed. */
  readonly delaysMs: readonly number[];
}

/** A contestant in work on a database of its own. Orders are numbered from 0, and none comes twice. */
export interface Running {
  /** Lays out so many orders, and lets it take them as fast as it can. */
  take(first: number, count: number): Promise<Taken>;
  /** Offers so many orders at a steady rate; only where there are events. */
  offer(first: number, count: number, perSecond: number): Promise<Offered>;
  /** Throws unless the tables hold of this many orders exactly what they should. */
  audit(orders: number): Promise<Audit>;
  stop(): Promise<void>;
}

export interface AuthorityContestant {
  readonly name: string;
  start(stage: Stage, task: Task): Promise<Running>;
}

/** Throws with both where what was found is not what should be there. */
export function requireEqual(who: string, found: object, expected: object): void {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)];
  if (one !== other) throw new Error(`The audit of ${who} found ${one} instead of ${other}.`);
}

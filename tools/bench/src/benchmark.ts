import type { Postgres } from '@samlast/test-stack';
import type { Table } from './table.ts';

/** What a benchmark measures with. */
export interface Stage {
  readonly quick: boolean;
  readonly rounds: number | undefined;
  readonly seconds: number | undefined;
  /**
   * A folder for this run, on the disk that the repository is on: a folder in memory would make every fsync
   * free.
   */
  readonly folder: string;
  say(line: string): void;
  /** The brokers; starts a Kafka at the first call where none was given. */
  kafka(): Promise<string[]>;
  /** A Postgres that is as durable as npm start's; started at the first call. */
  postgres(): Promise<Postgres>;
}

export interface Outcome {
  readonly tables: Table[];
  /** Everything that was measured, every round of it, for the file. */
  readonly figures: unknown;
}

export interface Benchmark {
  readonly name: string;
  /** What is measured, in one line. */
  readonly about: string;
  run(stage: Stage): Promise<Outcome>;
}

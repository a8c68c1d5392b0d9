/** What contestants are told. */
export interface ContestantSettings {
  readonly kind: 'samlast' | 'nest';
  readonly brokers: string[];
  readonly databaseUrl: string;
  readonly schema: string;
  readonly prefix: string;
  /** Every message also causes one event, by way of the outbox. */
  readonly answers: boolean;
  /** Only for Nest: partitions in work at one time; undefined leaves it at its default. */
  readonly atOnce?: number;
  /** Only for Nest: inbox, effect and outbox in one statement instead of five round trips. */
  readonly oneStatement?: boolean;
}

/**
 * `n` is there for who waits for the last row: the newest committed one is found without counting them all.
 */
export const effectsTable = `
  CREATE TABLE effects (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id uuid NOT NULL,
    number text NOT NULL,
    channel text NOT NULL,
    lines int NOT NULL
  )`;

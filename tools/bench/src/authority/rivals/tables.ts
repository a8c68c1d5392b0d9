/** What the rivals are called, and how they are told which one to be. */
export const rivalKinds = ['textbook', 'conditional update', 'row per piece'] as const;
export type RivalKind = (typeof rivalKinds)[number];

/** What a rival's process is told when it is started. */
export interface RivalSettings {
  readonly kind: RivalKind;
  readonly connections: number;
  readonly databaseUrl: string;
  /** Index of the workload in the list of `workloads`. */
  readonly workload: number;
  /** False: no event row, the decision alone. */
  readonly events: boolean;
}

/** What it is told while it runs, as the words of a notification. */
export interface RivalCommand {
  readonly first: number;
  readonly count: number;
  /** Take them as they come, so many a second; otherwise as fast as it can. */
  readonly perSecond?: number;
}

/** A rival has its orders in memory after the first, and begins with the second. */
export const LAY_OUT = 'rival_lay_out';
export const GO = 'rival_go';

/**
 * The least that has to be there: stock, reservations, what was taken before, and what goes out. `pieces` is
 * only for a row per piece, the figures of `stock` only for the others.
 */
export const rivalTables = `
  CREATE TABLE stock (
    article text PRIMARY KEY,
    free int NOT NULL CHECK (free >= 0),
    reserved int NOT NULL DEFAULT 0
  ) WITH (fillfactor = 50);
  CREATE TABLE pieces (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article text NOT NULL,
    number text
  ) WITH (fillfactor = 50);
  CREATE INDEX pieces_free ON pieces (article) WHERE number IS NULL;
  CREATE TABLE reservations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number text NOT NULL,
    article text NOT NULL,
    quantity int NOT NULL
  );
  CREATE TABLE inbox (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    partition int NOT NULL,
    id uuid NOT NULL,
    key text NOT NULL,
    headers json NOT NULL,
    data text NOT NULL
  )`;

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the system announces to come in to the warehouse, and what it is told of it. */
export class Inbound1764400000100 implements MigrationInterface {
  name = 'Inbound1764400000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE inbound_feeds (
        kind text PRIMARY KEY,
        changed_at timestamptz NOT NULL,
        last_id text COLLATE "C" NOT NULL
      );

      CREATE TABLE inbound (
        kind text NOT NULL,
        -- The system's own id: it is announced once.
        id text COLLATE "C" NOT NULL,
        number text COLLATE "C",
        shop_number text NOT NULL,
        state text NOT NULL
          CHECK (state IN ('announced', 'cancel-requested', 'cancelled', 'before-start', 'unreadable')),
        revision integer NOT NULL,
        changed_at timestamptz NOT NULL,
        digest text NOT NULL,
        attention text,
        attention_at timestamptz,
        PRIMARY KEY (kind, id)
      );
      -- Ongoing may compare numbers without case and outer blanks.
      CREATE UNIQUE INDEX inbound_number ON inbound (kind, lower(btrim(number))) WHERE number IS NOT NULL;
      CREATE INDEX inbound_attention ON inbound (attention_at) WHERE attention IS NOT NULL;

      CREATE TABLE inbound_calls (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        kind text NOT NULL,
        inbound_id text COLLATE "C" NOT NULL,
        -- With the announcement what is told once.
        key text COLLATE "C" NOT NULL,
        news jsonb NOT NULL,
        state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'parked')),
        tries integer NOT NULL DEFAULT 0,
        next_at timestamptz NOT NULL DEFAULT now(),
        reason text,
        created_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz,
        UNIQUE (kind, inbound_id, key),
        FOREIGN KEY (kind, inbound_id) REFERENCES inbound (kind, id)
      );
      CREATE INDEX inbound_calls_waiting ON inbound_calls (next_at) WHERE state = 'waiting';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE inbound_calls, inbound, inbound_feeds');
  }
}

/** Goods that came back are told to the shop like parcels. */
export class TellReturns1764500000100 implements MigrationInterface {
  name = 'TellReturns1764500000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check;
      ALTER TABLE jobs ADD CONSTRAINT jobs_kind_check CHECK (kind IN ('fulfil', 'cancel', 'note', 'return'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM jobs WHERE kind = 'return';
      ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check;
      ALTER TABLE jobs ADD CONSTRAINT jobs_kind_check CHECK (kind IN ('fulfil', 'cancel', 'note'))`);
  }
}

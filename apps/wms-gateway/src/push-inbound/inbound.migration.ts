import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is announced to come in: purchase orders and returns. */
export class Inbound1764500000000 implements MigrationInterface {
  name = 'Inbound1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE inbound (
        kind text NOT NULL CHECK (kind IN ('purchase-order', 'return')),
        number text NOT NULL,
        number_key text NOT NULL,
        claimed boolean NOT NULL,
        channel text NOT NULL,
        origin text NOT NULL,
        state text NOT NULL CHECK (state IN ('queued', 'accepted', 'refused', 'cancelled')),
        revision integer NOT NULL,
        accepted_revision integer,
        -- The newest revision as its channel announced it; no personal data is in it.
        body jsonb NOT NULL,
        refusal_reason text,
        refusal_text text,
        wms_id integer,
        status_number integer,
        last_read bigint NOT NULL DEFAULT 0,
        -- What of its receipts was told.
        told jsonb,
        closed boolean NOT NULL DEFAULT false,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (kind, number)
      ) WITH (fillfactor = 80);
      CREATE UNIQUE INDEX inbound_claimed ON inbound (kind, number_key) WHERE claimed;
      CREATE INDEX inbound_refused ON inbound (updated_at) WHERE state = 'refused';

      ALTER TABLE writes DROP CONSTRAINT writes_kind_check;
      ALTER TABLE writes ADD CONSTRAINT writes_kind_check
        CHECK (kind IN ('order', 'article', 'purchase-order', 'return'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM writes WHERE kind IN ('purchase-order', 'return');
      ALTER TABLE writes DROP CONSTRAINT writes_kind_check;
      ALTER TABLE writes ADD CONSTRAINT writes_kind_check CHECK (kind IN ('order', 'article'));
      DROP TABLE inbound;
    `);
  }
}

export class RefusedInbound1766000000000 implements MigrationInterface {
  name = 'RefusedInbound1766000000000';

  async up(runner: QueryRunner): Promise<void> {
    // The write of a refused one as it was, words and all, so that a person can have it sent again.
    await runner.query('ALTER TABLE inbound ADD COLUMN refused_write jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE inbound DROP COLUMN refused_write');
  }
}

export class InboundLinesThere1766000001000 implements MigrationInterface {
  name = 'InboundLinesThere1766000001000';

  async up(runner: QueryRunner): Promise<void> {
    // The lines that Ongoing took last: what differs from them, its people have changed.
    await runner.query('ALTER TABLE inbound ADD COLUMN wms_lines jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE inbound DROP COLUMN wms_lines');
  }
}

export class InboundWaitsForArticles1766300000000 implements MigrationInterface {
  name = 'InboundWaitsForArticles1766300000000';

  async up(runner: QueryRunner): Promise<void> {
    // Its refused write is made again once the warehouse has all of these.
    await runner.query(`
      ALTER TABLE inbound ADD COLUMN waits_for text[] NOT NULL DEFAULT '{}';
      CREATE INDEX inbound_waits ON inbound USING gin (waits_for) WHERE waits_for <> '{}';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE inbound DROP COLUMN waits_for');
  }
}

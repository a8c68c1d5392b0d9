import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is announced to come in to the warehouse, and what became of it. Free texts are not kept. */
export class Inbound1764500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE inbound (
        kind text NOT NULL,
        number text NOT NULL,
        number_key text NOT NULL,
        shop_number_key text NOT NULL,
        channel text NOT NULL,
        state text NOT NULL,
        first_at timestamptz NOT NULL,
        last_at timestamptz NOT NULL,
        PRIMARY KEY (kind, number)
      );
      CREATE INDEX inbound_newest ON inbound (kind, first_at DESC, number);
      CREATE INDEX inbound_number_key ON inbound (number_key text_pattern_ops);

      CREATE TABLE inbound_events (
        id text PRIMARY KEY,
        kind text NOT NULL,
        number text NOT NULL,
        topic text NOT NULL,
        position bigint NOT NULL,
        at timestamptz NOT NULL,
        source text NOT NULL,
        type text NOT NULL,
        station text NOT NULL,
        text text NOT NULL,
        state text
      );
      CREATE INDEX inbound_events_number ON inbound_events (kind, number);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE inbound_events, inbound');
  }
}

/** When more of an article is to come. */
export class ExpectedGoods1764600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE articles ADD COLUMN expected jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN expected_position bigint NOT NULL DEFAULT -1`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE articles DROP COLUMN expected, DROP COLUMN expected_position');
  }
}

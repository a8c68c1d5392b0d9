import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the gate before stock reads remembers. Quantities are thousandths. */
export class StockGate1764300000000 implements MigrationInterface {
  name = 'StockGate1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE stock_gate (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        -- How many articles the last complete list had that was taken; null before the first.
        listed integer,
        -- Null while nothing is held. Then: waits for the second read, for a person, or for the read after a person's word.
        state text CHECK (state IN ('waiting', 'differs', 'accepted', 'discarded')),
        doubt text,
        held_at timestamptz,
        -- Of the list that is held.
        held_listed integer,
        second_at timestamptz,
        differing text[] NOT NULL DEFAULT '{}',
        author text,
        reason text
      );
      INSERT INTO stock_gate DEFAULT VALUES;

      -- Articles of a read that is held: what it said, and what was last told of them without doubt.
      CREATE TABLE held_articles (
        article text PRIMARY KEY,
        started bigint NOT NULL,
        status text NOT NULL,
        sellable bigint NOT NULL,
        status_before text,
        sellable_before bigint NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE held_articles, stock_gate');
  }
}

/** When an article was emptied by a read that was believed, and not by our own orders; null once it sells again. */
export class EmptiedArticles1764500000000 implements MigrationInterface {
  name = 'EmptiedArticles1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE articles ADD emptied_at timestamptz;
      CREATE INDEX articles_emptied ON articles (emptied_at) WHERE emptied_at IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE articles DROP emptied_at');
  }
}

/** Where the last published read ended: one that ran beside it does not replace it. */
export class ReadsEnd1764900000000 implements MigrationInterface {
  name = 'ReadsEnd1764900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE articles ADD ended bigint NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE articles DROP ended');
  }
}

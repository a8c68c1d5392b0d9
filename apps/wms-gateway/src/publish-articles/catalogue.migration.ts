import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each channel says of each article, what the WMS has, and what does not fit. */
export class Catalogue1765000000000 implements MigrationInterface {
  name = 'Catalogue1765000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE article_words (
        article text NOT NULL,
        channel text NOT NULL,
        article_key text NOT NULL,
        said jsonb NOT NULL DEFAULT '{}',
        published boolean NOT NULL DEFAULT false,
        shop_article_id text,
        listed boolean,
        barcode text,
        withdrawn boolean NOT NULL DEFAULT false,
        renamed_to text,
        first_at timestamptz NOT NULL DEFAULT now(),
        said_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (article, channel)
      );
      CREATE INDEX article_words_key ON article_words (article_key);
      CREATE INDEX article_words_barcode ON article_words (barcode) WHERE barcode IS NOT NULL;

      -- What was last written, as base of the next merge; the parts that a kit waits for.
      ALTER TABLE article_data ADD written jsonb, ADD missing_parts text[] NOT NULL DEFAULT '{}', ADD held boolean NOT NULL DEFAULT false;

      CREATE TABLE article_seen (
        article text PRIMARY KEY,
        article_key text NOT NULL,
        there jsonb NOT NULL,
        pieces boolean NOT NULL,
        changed_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX article_seen_key ON article_seen (article_key);

      -- Articles whose findings have to be worked out again.
      CREATE TABLE article_marks (article text PRIMARY KEY);

      CREATE TABLE article_findings (
        article text NOT NULL,
        kind text NOT NULL,
        channel text NOT NULL,
        fields text[] NOT NULL,
        text text NOT NULL,
        remedy text NOT NULL,
        since timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (article, kind, channel)
      );
      CREATE INDEX article_findings_kind ON article_findings (kind, since);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE article_findings, article_marks, article_seen, article_words;
      ALTER TABLE article_data DROP written, DROP missing_parts, DROP held;
    `);
  }
}

/** When an article was last seen, among the steps of the gateway. */
export class SeenAtStep1765000001000 implements MigrationInterface {
  name = 'SeenAtStep1765000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE article_seen ADD step bigint NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE article_seen DROP step');
  }
}

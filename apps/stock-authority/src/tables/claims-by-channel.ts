import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose claims hold pieces of an article: a shop that claims shows those of its own buyers. */
export class ClaimsByChannel1765200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Thousandths as texts by channel, of claims whose order has not come.
      ALTER TABLE articles ADD claimed_by jsonb NOT NULL DEFAULT '{}';
      UPDATE articles SET claimed_by = held.by_channel
      FROM (SELECT number, jsonb_object_agg(channel, pieces::text) AS by_channel
        FROM (SELECT wanted.key AS number, channel, sum(wanted.value::bigint) AS pieces
          FROM claims, jsonb_each_text(needs) AS wanted WHERE state IN ('open', 'confirmed')
          GROUP BY wanted.key, channel) AS each
        GROUP BY number) AS held
      WHERE articles.number = held.number`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE articles DROP claimed_by');
  }
}

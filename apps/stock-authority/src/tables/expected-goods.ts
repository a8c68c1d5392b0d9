import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What purchase orders announce of an article, so that orders may wait for it. */
export class ExpectedGoods1764600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE expectations (
        article_id bigint PRIMARY KEY,
        -- As it was told last: [{"on": "2026-12-03", "quantity": "5000"}], in thousandths, soonest first.
        announced jsonb NOT NULL,
        -- What the last read of stock says is still to be received.
        incoming bigint,
        -- When the days of waiting orders are to be told anew.
        look_at timestamptz
      );
      CREATE INDEX expectations_due ON expectations (look_at) WHERE look_at IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE expectations');
  }
}

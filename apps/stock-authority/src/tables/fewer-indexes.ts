import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One index of an article's lines, the open ones first, in place of two: each costs every order a page's lookup. */
export class FewerIndexes1764650000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX revisions_of_article ON revisions (article_id, open, order_id);
      DROP INDEX revisions_open; DROP INDEX revisions_article`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX revisions_open ON revisions (article_id) WHERE open;
      CREATE INDEX revisions_article ON revisions (article_id, order_id);
      DROP INDEX revisions_of_article`);
  }
}

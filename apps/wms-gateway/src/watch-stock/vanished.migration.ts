import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Articles that lists of all articles lack, since when, and whether nothing of them is left for that. */
export class VanishedArticles1766200000000 implements MigrationInterface {
  name = 'VanishedArticles1766200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE articles ADD missing_at timestamptz, ADD vanished boolean NOT NULL DEFAULT false',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE articles DROP missing_at, DROP vanished');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders are kept as the text that came, since they leave as the same text. */
export class OrderTexts1764500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE orders ALTER COLUMN body TYPE text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE orders ALTER COLUMN body TYPE jsonb USING body::jsonb');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was last written of an order, so that a change of it can be told part by part. */
export class Amendments1765200000000 implements MigrationInterface {
  name = 'Amendments1765200000000';

  async up(runner: QueryRunner): Promise<void> {
    // Digests of its parts, and the day of delivery that was sent. Nobody's name or address can be read from it.
    await runner.query('ALTER TABLE orders ADD COLUMN written jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE orders DROP COLUMN written');
  }
}

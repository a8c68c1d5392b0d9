import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Purchase orders that are to be read once more. */
export class PurchaseHints1765050000000 implements MigrationInterface {
  name = 'PurchaseHints1765050000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE purchase_hints (wms_id integer PRIMARY KEY, noted bigint NOT NULL DEFAULT 1)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE purchase_hints');
  }
}

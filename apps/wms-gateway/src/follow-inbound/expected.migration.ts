import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What purchase orders announce and what has not come yet, whoever placed them. */
export class Expected1764600000000 implements MigrationInterface {
  name = 'Expected1764600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Only those of which something is still expected: a few thousand at most.
      CREATE TABLE expected (
        wms_id integer PRIMARY KEY,
        started bigint NOT NULL,
        lines jsonb NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE expected');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was told of goods that came back, by order. */
export class Returns1764700000000 implements MigrationInterface {
  name = 'Returns1764700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE told_returns (number text PRIMARY KEY, told jsonb NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE told_returns');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An article and its warehouse make a position, which all other tables know by its id. While there is one warehouse,
 * its name is empty, and articles are found by their numbers alone.
 */
export class WarehouseAndPieces1764400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE articles
        ADD warehouse text COLLATE "C" NOT NULL DEFAULT '' CONSTRAINT one_warehouse CHECK (warehouse = ''),
        -- Sold in whole pieces only, as the article master says.
        ADD whole_pieces boolean NOT NULL DEFAULT false,
        DROP CONSTRAINT articles_number_key,
        ADD CONSTRAINT articles_position UNIQUE (number, warehouse)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE articles DROP CONSTRAINT articles_position, DROP warehouse, DROP whole_pieces,
        ADD CONSTRAINT articles_number_key UNIQUE (number)`);
  }
}

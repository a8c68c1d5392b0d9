import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people of the warehouse have made of our orders. */
export class Edits1764400000000 implements MigrationInterface {
  name = 'Edits1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE orders
        -- The lines as they were last told of, where people changed them since our last write; and that write's step.
        ADD COLUMN edited_lines jsonb,
        ADD COLUMN accepted_at bigint NOT NULL DEFAULT 0;
      CREATE INDEX orders_origin ON orders (origin);
      CREATE INDEX orders_wms_id ON orders (wms_order_id);

      -- Orders of the warehouse that carry pieces of one of ours, under a number that no channel made.
      CREATE TABLE split_orders (
        wms_order_id integer PRIMARY KEY,
        number text NOT NULL,
        part_of text NOT NULL,
        lines jsonb,
        parcels jsonb NOT NULL DEFAULT '[]',
        last_read bigint NOT NULL DEFAULT 0
      );
      CREATE INDEX split_orders_part_of ON split_orders (part_of);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE split_orders;
      DROP INDEX orders_origin, orders_wms_id;
      ALTER TABLE orders DROP COLUMN edited_lines, DROP COLUMN accepted_at;
    `);
  }
}

/** The lines are kept from our own write on, so that a change that was refused is not taken for an edit. */
export class LinesThere1764800000000 implements MigrationInterface {
  name = 'LinesThere1764800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE orders RENAME COLUMN edited_lines TO wms_lines');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE orders RENAME COLUMN wms_lines TO edited_lines');
  }
}

/** An edit that was told still stands against a change whose sender may not have heard of it. */
export class StandingEdits1765900000000 implements MigrationInterface {
  name = 'StandingEdits1765900000000';

  async up(runner: QueryRunner): Promise<void> {
    // True while `wms_lines` are what people of the warehouse made of the order, and no write of ours came after them.
    await runner.query('ALTER TABLE orders ADD COLUMN edited boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE orders DROP COLUMN edited');
  }
}

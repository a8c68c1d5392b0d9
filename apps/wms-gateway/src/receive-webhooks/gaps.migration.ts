import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What webhooks told and polling found, to see whether each finds what the other does. */
export class WebhookGaps1765100000000 implements MigrationInterface {
  name = 'WebhookGaps1765100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One row for each order and purchase order that moved of late.
      CREATE TABLE sightings (
        kind text NOT NULL,
        wms_id integer NOT NULL,
        number text NOT NULL,
        -- What polling has seen last.
        status integer,
        polled_at timestamptz,
        told_at timestamptz,
        -- Polling found it, and no webhook has told of it; a webhook told of it, and polling has not found it.
        untold_since timestamptz,
        unpolled_since timestamptz,
        PRIMARY KEY (kind, wms_id)
      );
      CREATE INDEX sightings_untold ON sightings (untold_since) WHERE untold_since IS NOT NULL;
      CREATE INDEX sightings_unpolled ON sightings (unpolled_since) WHERE unpolled_since IS NOT NULL;

      CREATE TABLE webhook_gaps (
        hour timestamptz NOT NULL,
        kind text NOT NULL,
        side text NOT NULL CHECK (side IN ('untold', 'unpolled')),
        status integer NOT NULL,
        count integer NOT NULL,
        number text NOT NULL,
        PRIMARY KEY (hour, kind, side, status)
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sightings, webhook_gaps');
  }
}

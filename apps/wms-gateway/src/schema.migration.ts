import type { MigrationInterface, QueryRunner } from 'typeorm';

/** All tables of the gateway. Quantities are thousandths. */
export class Schema1764000000000 implements MigrationInterface {
  name = 'Schema1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SEQUENCE wms_steps;
      CREATE SEQUENCE write_positions;

      CREATE TABLE writer_lease (
        goods_owner_id integer PRIMARY KEY,
        holder text NOT NULL DEFAULT '',
        epoch bigint NOT NULL DEFAULT 0,
        expires_at timestamptz NOT NULL DEFAULT '-infinity'
      );

      -- Whose a number is, and how far its order has come. Rows stay, so nothing may read more than a few of them at once.
      CREATE TABLE orders (
        number text PRIMARY KEY,
        number_key text NOT NULL,
        claimed boolean NOT NULL,
        channel text NOT NULL,
        origin text NOT NULL,
        state text NOT NULL CHECK (state IN ('queued', 'accepted', 'refused', 'cancelled')),
        revision integer NOT NULL,
        accepted_revision integer,
        lines jsonb NOT NULL,
        refusal_reason text,
        refusal_text text,
        refused_order jsonb,
        wms_order_id integer,
        status_number integer,
        last_read bigint NOT NULL DEFAULT 0,
        parcels jsonb NOT NULL DEFAULT '[]',
        updated_at timestamptz NOT NULL DEFAULT now()
      ) WITH (fillfactor = 80);
      CREATE UNIQUE INDEX orders_claimed ON orders (number_key) WHERE claimed;
      CREATE INDEX orders_refused ON orders (updated_at) WHERE state = 'refused';

      -- What is still to be written to Ongoing. A row with 'sent' is an intent: the request may have been made.
      CREATE TABLE writes (
        kind text NOT NULL CHECK (kind IN ('order', 'article')),
        subject text NOT NULL,
        revision integer NOT NULL,
        action text NOT NULL CHECK (action IN ('put', 'cancel')),
        lane text NOT NULL,
        position bigint NOT NULL DEFAULT nextval('write_positions'),
        body jsonb,
        articles text[] NOT NULL DEFAULT '{}',
        not_before timestamptz NOT NULL DEFAULT '-infinity',
        tries integer NOT NULL DEFAULT 0,
        last_fault text,
        sent bigint,
        epoch bigint,
        deadline timestamptz,
        PRIMARY KEY (kind, subject, revision)
      );
      CREATE INDEX writes_lane ON writes (lane, position);
      CREATE INDEX writes_open ON writes (sent) WHERE sent IS NOT NULL;

      -- Writes that were answered a moment ago: a read that ran beside them must name them.
      CREATE TABLE closed_writes (
        number text NOT NULL,
        revision integer NOT NULL,
        articles text[] NOT NULL,
        sent bigint NOT NULL,
        closed bigint NOT NULL,
        closed_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE INDEX closed_writes_closed ON closed_writes (closed);

      -- The last published read of each article; 'unsettled' is the step that the next published read must have started after.
      CREATE TABLE articles (
        article text PRIMARY KEY,
        status text,
        sellable bigint NOT NULL DEFAULT 0,
        incoming bigint,
        started bigint NOT NULL DEFAULT 0,
        unsettled bigint NOT NULL DEFAULT 0
      ) WITH (fillfactor = 80);
      CREATE INDEX articles_unsettled ON articles (unsettled) WHERE unsettled > started;

      CREATE TABLE article_data (
        article text PRIMARY KEY,
        channel text NOT NULL,
        revision integer NOT NULL,
        accepted_revision integer,
        wms_article_id integer,
        refusal_text text
      );

      CREATE TABLE cursors (
        feed text PRIMARY KEY,
        since timestamptz NOT NULL
      );

      CREATE TABLE webhook_events (
        id text PRIMARY KEY,
        received_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX webhook_events_received ON webhook_events (received_at);

      CREATE TABLE hints (
        wms_order_id integer PRIMARY KEY,
        number text NOT NULL,
        due timestamptz NOT NULL DEFAULT now(),
        tries integer NOT NULL DEFAULT 0
      );
      CREATE INDEX hints_due ON hints (due);

      CREATE TABLE foreign_orders (
        wms_order_id integer PRIMARY KEY,
        number text NOT NULL,
        order_type text,
        status_number integer NOT NULL,
        fingerprint text NOT NULL,
        first_seen timestamptz NOT NULL DEFAULT now(),
        last_seen timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX foreign_orders_seen ON foreign_orders (last_seen);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE foreign_orders, hints, webhook_events, cursors, article_data, articles, closed_writes, writes, orders, writer_lease;
      DROP SEQUENCE wms_steps, write_positions;
    `);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

const schema = `
  CREATE TABLE orders (
    number text PRIMARY KEY,
    number_key text NOT NULL,
    shop_number_key text NOT NULL,
    channel text NOT NULL,
    state text NOT NULL,
    since timestamptz NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    wms_order_id bigint,
    now jsonb NOT NULL
  );
  CREATE INDEX orders_number_key ON orders (number_key text_pattern_ops);
  CREATE INDEX orders_shop_number_key ON orders (shop_number_key text_pattern_ops);
  CREATE INDEX orders_wms_order_id ON orders (wms_order_id);
  CREATE INDEX orders_newest ON orders (first_at DESC, number);
  CREATE INDEX orders_state ON orders (state, first_at DESC);

  CREATE TABLE order_events (
    id text PRIMARY KEY,
    number text NOT NULL,
    topic text NOT NULL,
    position bigint NOT NULL,
    at timestamptz NOT NULL,
    source text NOT NULL,
    kept jsonb NOT NULL
  );
  CREATE INDEX order_events_number ON order_events (number);

  CREATE TABLE articles (
    article text PRIMARY KEY,
    article_key text NOT NULL,
    name text,
    name_from_master boolean NOT NULL DEFAULT false,
    name_position bigint NOT NULL DEFAULT -1,
    level_version bigint NOT NULL DEFAULT -1,
    level_at timestamptz,
    free bigint,
    sellable bigint,
    reserved bigint,
    levels jsonb NOT NULL DEFAULT '{}',
    read_started bigint NOT NULL DEFAULT -1,
    read_at timestamptz,
    read_status text,
    read_sellable bigint,
    read_incoming bigint
  );
  CREATE INDEX articles_article_key ON articles (article_key text_pattern_ops);

  CREATE TABLE article_channels (
    article text NOT NULL,
    channel text NOT NULL,
    shelf bigint,
    shelf_version bigint,
    shelf_position bigint NOT NULL DEFAULT -1,
    shelf_at timestamptz,
    refused_position bigint NOT NULL DEFAULT -1,
    refused_reason text,
    refused_text text,
    refused_at timestamptz,
    listed boolean,
    listed_position bigint NOT NULL DEFAULT -1,
    data_position bigint NOT NULL DEFAULT -1,
    data_answer text,
    data_text text,
    PRIMARY KEY (article, channel)
  );

  CREATE TABLE channel_signs (
    channel text PRIMARY KEY,
    last_at timestamptz NOT NULL,
    last_type text NOT NULL
  );

  CREATE TABLE sessions (
    token_hash text PRIMARY KEY,
    expires_at timestamptz NOT NULL
  );
`;

/** What the console has read from the topics. Nothing in it says who gets a parcel. Quantities are thousandths. */
class Projection1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(schema);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE sessions, channel_signs, article_channels, articles, order_events, orders',
    );
  }
}

/** Whether an article's last stock reading is in doubt. */
class DoubtfulReads1764500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE articles ADD read_doubtful boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE articles DROP read_doubtful');
  }
}

/** In order; one that was released is never changed. */
export const migrations = [Projection1764000000000, DoubtfulReads1764500000000];

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Quantities are bigint thousandths. Article and order numbers compare byte by byte ("C"), so that every
 * process and every server locks articles in the same order.
 */
const schema = `
  CREATE TABLE articles (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number text COLLATE "C" NOT NULL UNIQUE,
    status text NOT NULL DEFAULT 'unknown' CHECK (status IN ('unknown', 'active', 'inactive', 'not-stocked')),
    -- The last read, as it was; null until the WMS has told of the article.
    sellable bigint NOT NULL DEFAULT 0,
    read_started bigint,
    read_ended bigint CHECK (read_ended >= read_started),
    observed_at timestamptz,
    -- Sums over the orders' shares of this read: low = sellable - taken_low, high = sellable - taken_high.
    taken_low bigint NOT NULL DEFAULT 0,
    taken_high bigint NOT NULL DEFAULT 0,
    -- Pieces that held and waiting orders want; firm without the orders that may yet be rejected by policy.
    queued bigint NOT NULL DEFAULT 0 CHECK (queued >= queued_firm),
    queued_firm bigint NOT NULL DEFAULT 0 CHECK (queued_firm >= 0),
    version bigint NOT NULL DEFAULT 0,
    -- What the newest level said, and of which list of channels.
    published text NOT NULL DEFAULT '',
    CHECK (taken_low >= taken_high)
  ) WITH (fillfactor = 70);

  CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number text COLLATE "C" NOT NULL UNIQUE,
    channel text NOT NULL,
    -- The highest revision that is known, a cancel's included.
    revision integer NOT NULL,
    state text NOT NULL
      CHECK (state IN ('waiting', 'held', 'reserved', 'refused', 'rejected', 'cancelled')),
    -- The revision of the cancel that the warehouse has not answered yet.
    cancelling integer,
    shortages jsonb NOT NULL DEFAULT '[]',
    -- Null for an order whose cancel came first; the order that follows is never reserved.
    digest text,
    body jsonb,
    received_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now()
  ) WITH (fillfactor = 80);
  CREATE INDEX orders_undecided ON orders (id) WHERE state IN ('waiting', 'held', 'refused');

  -- What each order wants of each article, revision by revision. A cancel is a row with quantity 0 of its own.
  CREATE TABLE revisions (
    order_id bigint NOT NULL,
    article_id bigint NOT NULL,
    revision integer NOT NULL,
    nothing boolean NOT NULL,
    quantity bigint NOT NULL CHECK (quantity >= 0 AND (quantity = 0) = nothing),
    sent bigint,
    accepted bigint,
    refused boolean NOT NULL DEFAULT false,
    in_flight boolean NOT NULL DEFAULT false,
    -- False when the last read contains the order as it is: then its share is 0 until a new revision comes.
    open boolean NOT NULL DEFAULT true,
    PRIMARY KEY (order_id, article_id, revision, nothing),
    CHECK ((sent IS NULL) = (accepted IS NULL))
  ) WITH (fillfactor = 80);
  CREATE INDEX revisions_open ON revisions (article_id) WHERE open;

  -- The queue: what held and waiting orders want, oldest order first.
  CREATE TABLE demands (
    article_id bigint NOT NULL,
    order_id bigint NOT NULL,
    quantity bigint NOT NULL CHECK (quantity > 0),
    firm boolean NOT NULL,
    PRIMARY KEY (article_id, order_id)
  );
  CREATE INDEX demands_order ON demands (order_id);

  -- Every input and every verdict, in the transaction of its effects.
  CREATE TABLE ledger (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    kind text NOT NULL,
    number text,
    article text,
    data jsonb NOT NULL
  );
  CREATE INDEX ledger_article ON ledger (article, id) WHERE article IS NOT NULL;
  CREATE INDEX ledger_number ON ledger (number, id) WHERE number IS NOT NULL;
  CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the ledger is append-only: append a correction with author and reason instead'; END $$;
  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

  CREATE TABLE channels (
    code text PRIMARY KEY,
    kind text NOT NULL,
    shop_identity text NOT NULL,
    instance_id text NOT NULL,
    seen_at timestamptz NOT NULL,
    standby_id text,
    standby_seen_at timestamptz
  );
`;

/** The first shape of all tables. */
export class CreateStockAuthority1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(schema);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE articles, orders, revisions, demands, ledger, channels; DROP FUNCTION ledger_is_append_only',
    );
  }
}

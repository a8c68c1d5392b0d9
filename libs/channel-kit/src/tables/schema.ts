import type { MigrationInterface, QueryRunner } from 'typeorm';

// Quantities are thousandths of a piece. Names are bare: the channel's schema is on the connection's search_path.
const schema = `
  -- What the authority knows this channel's database by: processes that share it take turns by a lock in it.
  CREATE TABLE installation (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    id uuid NOT NULL DEFAULT gen_random_uuid()
  );
  INSERT INTO installation DEFAULT VALUES;

  CREATE TABLE feed (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    changed_at timestamptz NOT NULL,
    last_id text COLLATE "C" NOT NULL,
    -- Grows when a person sets the cursor, so that a read that is under way does not move it again.
    edition integer NOT NULL DEFAULT 1,
    -- When, by our own clock, the last complete read was started.
    read_started_at timestamptz,
    read_ended_at timestamptz
  );

  CREATE TABLE shop_orders (
    -- The shop's own id: an order is imported once.
    id text COLLATE "C" PRIMARY KEY,
    number text COLLATE "C",
    shop_number text NOT NULL,
    state text NOT NULL
      CHECK (state IN ('imported', 'cancel-requested', 'cancelled', 'before-start', 'unreadable')),
    -- What became of it at the stock authority.
    decision text NOT NULL DEFAULT 'open'
      CHECK (decision IN ('open', 'held', 'reserved', 'rejected', 'released')),
    revision integer NOT NULL DEFAULT 0,
    placed_at timestamptz,
    changed_at timestamptz NOT NULL,
    -- Why a person should look at it, in words for a shop keeper.
    attention text,
    attention_at timestamptz,
    read_at timestamptz NOT NULL DEFAULT now()
  ) WITH (fillfactor = 80);
  -- Ongoing may compare numbers without case and outer blanks.
  CREATE UNIQUE INDEX shop_orders_number ON shop_orders (lower(btrim(number))) WHERE number IS NOT NULL;
  CREATE INDEX shop_orders_attention ON shop_orders (attention_at) WHERE attention IS NOT NULL;
  CREATE INDEX shop_orders_before_start ON shop_orders (placed_at) WHERE state = 'before-start';

  CREATE TABLE order_lines (
    order_id text COLLATE "C" NOT NULL REFERENCES shop_orders (id),
    row text COLLATE "C" NOT NULL,
    article text COLLATE "C" NOT NULL,
    -- What the shop has taken off its own number for it, as it was last read.
    sold bigint NOT NULL,
    -- What order.placed said.
    imported bigint NOT NULL,
    -- Fulfilled in the shop: as it was last read, and as we told it.
    fulfilled bigint NOT NULL DEFAULT 0,
    told bigint NOT NULL DEFAULT 0,
    -- The first level version that does not contain the imported pieces any more.
    counted_from bigint,
    -- The newest level may still contain pieces of it.
    unsettled boolean NOT NULL,
    PRIMARY KEY (order_id, row)
  ) WITH (fillfactor = 80);
  CREATE INDEX order_lines_unsettled ON order_lines (article) WHERE unsettled;
  CREATE INDEX order_lines_open ON order_lines (article) WHERE sold > greatest(fulfilled, told);

  CREATE TABLE shelves (
    article text COLLATE "C" PRIMARY KEY,
    -- The newest level that the authority has published; null before the first.
    version bigint,
    level bigint,
    -- Totals of design 6.3: pieces of orders read less cancels read, and pieces the shop was ever allowed to sell.
    sold bigint NOT NULL DEFAULT 0,
    allowance bigint,
    -- A number that was read, and when: once the feed has been read past it, it tells the allowance exactly.
    anchor_number bigint,
    anchor_at timestamptz,
    -- To be looked at again once the feed has been read past this time.
    again_after timestamptz,
    -- A write that was begun; its answer clears it. What it would allow counts until then.
    pending_write text,
    pending_allowance bigint,
    -- What the shop was last seen to offer, and for which version that was confirmed.
    shown bigint,
    shown_version bigint,
    refused text,
    -- When the shop's number was last found changed by something that is no order.
    edited_at timestamptz,
    -- How often something asked for a look, and up to which of these it was done.
    wanted bigint NOT NULL DEFAULT 0,
    done bigint NOT NULL DEFAULT 0,
    wanted_at timestamptz NOT NULL DEFAULT now()
  ) WITH (fillfactor = 60);
  CREATE INDEX shelves_wanted ON shelves (level) WHERE wanted > done AND level IS NOT NULL;
  CREATE INDEX shelves_again ON shelves (again_after) WHERE again_after IS NOT NULL;

  CREATE TABLE jobs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id text COLLATE "C" NOT NULL REFERENCES shop_orders (id),
    -- With the order what is done once: a parcel, the cancel, a note.
    key text COLLATE "C" NOT NULL,
    kind text NOT NULL CHECK (kind IN ('fulfil', 'cancel', 'note')),
    payload jsonb NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'parked')),
    tries integer NOT NULL DEFAULT 0,
    next_at timestamptz NOT NULL DEFAULT now(),
    reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    UNIQUE (order_id, key)
  ) WITH (fillfactor = 80);
  CREATE INDEX jobs_waiting ON jobs (next_at) WHERE state = 'waiting';
  CREATE INDEX jobs_waiting_of_order ON jobs (order_id, id) WHERE state = 'waiting';

  CREATE TABLE articles (
    number text COLLATE "C" PRIMARY KEY,
    shop_article_id text NOT NULL,
    digest text NOT NULL
  );

  CREATE TABLE webhooks (
    id text COLLATE "C" PRIMARY KEY,
    attempt text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
  );

  CREATE TABLE commands (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    command text NOT NULL,
    subject text NOT NULL,
    author text NOT NULL,
    reason text NOT NULL,
    given_at timestamptz NOT NULL DEFAULT now()
  );
`;

/** The first shape of a channel's tables. */
class CreateChannel1764000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(schema);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE installation, feed, order_lines, jobs, shop_orders, shelves, articles, webhooks, commands',
    );
  }
}

/** What channels that sell on lease tell of a shelf's allowance, and claims whose orders are waited for. */
class LeasesAndClaims1764200000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE shelves ADD told_allowance bigint, ADD told_version bigint,
        -- Of what was sold, the pieces of orders that were cancelled before they were sent on, and not put back.
        ADD kept bigint NOT NULL DEFAULT 0;
      UPDATE shelves SET kept = coalesce((SELECT sum(l.sold) FROM order_lines l JOIN shop_orders o ON o.id = l.order_id
        WHERE l.article = shelves.article AND o.state = 'cancelled' AND o.number IS NULL), 0);

      -- Claims that the shop has confirmed: until its order comes, or the feed has been read past the checkout's end.
      CREATE TABLE claims (
        key text COLLATE "C" PRIMARY KEY,
        state text NOT NULL DEFAULT 'confirmed' CHECK (state IN ('confirmed', 'ordered', 'released')),
        ends_at timestamptz NOT NULL
      );
      CREATE INDEX claims_due ON claims (ends_at) WHERE state = 'confirmed'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE shelves DROP told_allowance, DROP told_version, DROP kept; DROP TABLE claims',
    );
  }
}

/**
 * How often a shelf that takes plain writes only may be written for a level; and what the authority does not hear of is
 * also what was changed in an order after it was sent on.
 */
class PlainWrites1764300000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE shelves
        -- From which level version on one plain write of a number above 0 is counted; 0 for none.
        ADD writable_since bigint,
        -- The last version under which one was begun, or the authority was told something.
        ADD spent_version bigint,
        -- The version that a new one was asked for.
        ADD renewed_version bigint;
      UPDATE shelves SET kept = kept + coalesce((SELECT sum(l.sold - l.imported) FROM order_lines l
        JOIN shop_orders o ON o.id = l.order_id
        WHERE l.article = shelves.article AND o.state = 'imported'), 0)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE shelves DROP writable_since, DROP spent_version, DROP renewed_version');
  }
}

/** The newest moment that was given, see `take-turns/moments.ts`. */
class Moments1764400000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE installation ADD moment timestamptz NOT NULL DEFAULT now();
      UPDATE installation SET moment = greatest(moment, (SELECT read_started_at FROM feed))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE installation DROP moment');
  }
}

/**
 * Orders that were changed in their shop are sent on again. Those that were sent on before have no digest: their first
 * reading gives them one. What was raised in them since counts as sold unheard from now on, and is sent on.
 */
class Amendments1764600000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE shop_orders
        -- The revision under which it was last sent on; a cancel has one too, and sends nothing on.
        ADD sent_revision integer NOT NULL DEFAULT 1,
        ADD digest text;
      ALTER TABLE order_lines
        -- So many pieces levels from counted_from on do not contain.
        ADD counted bigint NOT NULL DEFAULT 0,
        -- A row may get another article.
        DROP CONSTRAINT order_lines_pkey, ADD PRIMARY KEY (order_id, row, article);
      UPDATE order_lines SET counted = imported WHERE counted_from IS NOT NULL;
      UPDATE shelves SET kept = kept - coalesce((SELECT sum(l.sold - l.imported) FROM order_lines l
        JOIN shop_orders o ON o.id = l.order_id
        WHERE l.article = shelves.article AND o.number IS NOT NULL AND l.sold > l.imported), 0);

      -- When a change was made in the shop that was sent on under a revision, so that its outcome names it.
      CREATE TABLE order_changes (
        order_id text COLLATE "C" NOT NULL REFERENCES shop_orders (id),
        revision integer NOT NULL,
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (order_id, revision)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE order_changes;
      ALTER TABLE order_lines DROP CONSTRAINT order_lines_pkey, ADD PRIMARY KEY (order_id, row), DROP counted;
      ALTER TABLE shop_orders DROP sent_revision, DROP digest`);
  }
}

/** Orders that must not be sent yet, such as those that wait for their payment, and whose pieces the shop has taken. */
class HeldOrders1765200000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE shop_orders DROP CONSTRAINT shop_orders_state_check, ADD CHECK
        (state IN ('imported', 'cancel-requested', 'cancelled', 'before-start', 'held', 'unreadable'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE shop_orders SET state = 'unreadable' WHERE state = 'held';
      ALTER TABLE shop_orders DROP CONSTRAINT shop_orders_state_check, ADD CHECK
        (state IN ('imported', 'cancel-requested', 'cancelled', 'before-start', 'unreadable'))`);
  }
}

/** In order; one that was released is never changed. */
export const migrations = [
  CreateChannel1764000000100,
  LeasesAndClaims1764200000100,
  PlainWrites1764300000100,
  Moments1764400000100,
  Amendments1764600000100,
  HeldOrders1765200000100,
];

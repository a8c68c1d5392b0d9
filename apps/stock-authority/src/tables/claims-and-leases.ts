import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Quantities are bigint thousandths. */
const schema = `
  ALTER TABLE articles
    -- Pieces set aside for claims, and for queued orders that brought theirs along.
    ADD claimed bigint NOT NULL DEFAULT 0 CHECK (claimed >= 0),
    -- Scarce, so that its pieces are divided among the channels, and the first version that was published so.
    ADD leased boolean NOT NULL DEFAULT false,
    ADD leased_from bigint NOT NULL DEFAULT 0,
    -- How many pieces the last read may lack, as it is doubtful; null for one that is not.
    ADD doubt bigint CHECK (doubt > 0),
    -- Safety stock, caps and pools that a person set; thousandths as texts.
    ADD rules jsonb NOT NULL DEFAULT '{}',
    -- It consists of others and has no stock of its own, whatever the warehouse says of it.
    ADD is_kit boolean NOT NULL DEFAULT false,
    -- Orders are named that will go without pieces of it.
    ADD short boolean NOT NULL DEFAULT false;

  -- What one channel's shop can sell of an article without asking, in totals since ever (design 6.3).
  CREATE TABLE leases (
    article_id bigint NOT NULL,
    channel text COLLATE "C" NOT NULL,
    allowance bigint,
    sold bigint NOT NULL,
    ungranted bigint NOT NULL CHECK (ungranted >= 0),
    confirmed bigint NOT NULL,
    target bigint,
    flights jsonb NOT NULL,
    pace bigint NOT NULL CHECK (pace >= 0),
    PRIMARY KEY (article_id, channel)
  ) WITH (fillfactor = 70);

  -- What a queued order wants of an article, and what of it is set aside for it already.
  ALTER TABLE demands ADD own bigint NOT NULL DEFAULT 0 CHECK (own >= 0 AND own <= quantity);

  -- False once the order is none any more: rejected, or its cancel was read.
  ALTER TABLE orders ADD standing boolean NOT NULL DEFAULT true,
    -- It has left the warehouse, so nothing of it can go missing any more.
    ADD done boolean NOT NULL DEFAULT false,
    -- What its lines want, where kits are among them; what is taken for it from the shelf is in its lines' articles.
    ADD wants jsonb;

  -- One piece of a kit takes so many thousandths of each part.
  CREATE TABLE kits (
    kit text COLLATE "C" NOT NULL,
    part text COLLATE "C" NOT NULL,
    quantity bigint NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (kit, part)
  );
  CREATE INDEX kits_part ON kits (part);

  -- Pieces that were promised and have vanished from the warehouse, and who goes without.
  CREATE TABLE shortfalls (
    article_id bigint NOT NULL,
    order_id bigint NOT NULL,
    quantity bigint NOT NULL,
    missing bigint NOT NULL CHECK (missing > 0 AND missing <= quantity),
    PRIMARY KEY (article_id, order_id)
  );
  CREATE INDEX revisions_article ON revisions (article_id, order_id);
  ALTER TABLE orders DROP CONSTRAINT orders_state_check, ADD CONSTRAINT orders_state_check
    CHECK (state IN ('waiting', 'held', 'backordered', 'reserved', 'refused', 'rejected', 'cancelled'));
  DROP INDEX orders_undecided;
  CREATE INDEX orders_undecided ON orders (id) WHERE state IN ('waiting', 'held', 'backordered', 'refused');
  UPDATE orders SET standing = state NOT IN ('rejected', 'cancelled') AND cancelling IS NULL;
  -- Pieces of orders that were read before leases were kept.
  INSERT INTO leases (article_id, channel, sold, ungranted, confirmed, flights, pace)
    SELECT article_id, channel, sum(quantity), 0, 0, '[]', 0
    FROM (SELECT article_id, channel, quantity FROM demands JOIN orders ON orders.id = order_id WHERE standing
      UNION ALL SELECT article_id, channel, quantity FROM revisions JOIN orders ON orders.id = order_id
        WHERE standing AND NOT nothing) AS wanted
    GROUP BY article_id, channel;

  CREATE TABLE claims (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    digest text NOT NULL,
    buyer text COLLATE "C",
    -- Thousandths by article number.
    needs jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'confirmed', 'ordered', 'released', 'expired', 'late', 'refused')),
    version integer NOT NULL,
    expires_at timestamptz NOT NULL,
    shortages jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (channel, key)
  ) WITH (fillfactor = 80);
  CREATE INDEX claims_due ON claims (expires_at) WHERE state = 'open';
  CREATE INDEX claims_held ON claims (channel, buyer) WHERE state IN ('open', 'confirmed');

  -- How the channel's shop takes stock writes, as its service declared it.
  ALTER TABLE channels ADD method text,
    -- By a person: it is given nothing, and what it has is asked back.
    ADD paused boolean NOT NULL DEFAULT false;
`;

/** Claims and leases. */
export class ClaimsAndLeases1764200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(schema);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE leases, claims, shortfalls, kits; DROP INDEX revisions_article; ALTER TABLE channels DROP method, DROP paused;
      ALTER TABLE orders DROP standing, DROP done, DROP wants, DROP CONSTRAINT orders_state_check, ADD CONSTRAINT orders_state_check
        CHECK (state IN ('waiting', 'held', 'reserved', 'refused', 'rejected', 'cancelled'));
      DROP INDEX orders_undecided;
      CREATE INDEX orders_undecided ON orders (id) WHERE state IN ('waiting', 'held', 'refused'); ALTER TABLE demands DROP own;
      ALTER TABLE articles DROP claimed, DROP leased, DROP leased_from, DROP rules, DROP doubt, DROP short, DROP is_kit`);
  }
}

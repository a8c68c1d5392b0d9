import type { MigrationInterface, QueryRunner } from 'typeorm';

export const MIGRATION_LOCK = 7_310_002;

/**
 * `messages` is a JSON array of {topic, partition, id, key, headers, data}. Offsets are handed out in commit order.
 * Answers how far the partitions reach now.
 */
const APPEND = `
CREATE OR REPLACE FUNCTION bus.append(messages json)
RETURNS TABLE (topic text, partition int, next_offset bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  wanted bigint := json_array_length(messages);
  added bigint;
  topics text[];
  partitions int[];
  ends bigint[];
BEGIN
  -- Ascending, so that two appenders never wait for each other in a circle; held until commit, so that a reader who sees
  -- an offset has every lower one.
  PERFORM 1 FROM bus.partitions
   WHERE (topic, partition) IN (
     SELECT m.topic, m.partition FROM json_to_recordset(messages) AS m(topic text, partition int))
   ORDER BY topic, partition FOR UPDATE;
  WITH incoming AS (
    SELECT m.*, row_number() OVER (PARTITION BY m.topic, m.partition ORDER BY m.position) - 1 AS place
      FROM ROWS FROM (json_to_recordset(messages)
        AS (topic text, partition int, id uuid, key text, headers json, data text))
      WITH ORDINALITY AS m(topic, partition, id, key, headers, data, position)
  ), advanced AS (
    UPDATE bus.partitions p SET next_offset = p.next_offset + c.count
      FROM (SELECT topic, partition, count(*) FROM incoming GROUP BY topic, partition) c
     WHERE p.topic = c.topic AND p.partition = c.partition
    RETURNING p.topic, p.partition, p.next_offset, p.next_offset - c.count AS first_offset
  ), written AS (
    INSERT INTO bus.log (topic, partition, "offset", id, key, headers, data)
    SELECT i.topic, i.partition, a.first_offset + i.place, i.id, i.key, i.headers, i.data
      FROM incoming i JOIN advanced a USING (topic, partition)
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM written), array_agg(a.topic), array_agg(a.partition), array_agg(a.next_offset)
    INTO added, topics, partitions, ends FROM advanced a;
  IF added <> wanted THEN
    RAISE EXCEPTION 'bus.append: % of % messages name a topic or partition that bus.partitions does not have',
      wanted - added, wanted;
  END IF;
  RETURN QUERY SELECT * FROM unnest(topics, partitions, ends);
END $$`;

/**
 * Takes the partitions' cursors, as far as no other member of the group has them, and reads on from there: at most
 * `rows` messages and about `bytes` bytes, in order within a partition, and of each partition as many as of the others
 * where there are too many. A partition without a message is one row without an offset; `pruned` says that none is left
 * below its end.
 */
export const FETCH = `
CREATE OR REPLACE FUNCTION bus.fetch(of_group text, of_topic text, of_partitions int[], rows int, bytes bigint)
RETURNS TABLE (partition int, from_offset bigint, end_offset bigint, pruned boolean,
               "offset" bigint, key text, headers json, data text)
LANGUAGE plpgsql
-- The plan is made once for a connection, perhaps on an empty log: only by the primary key it is right for every size.
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
  taken int[] := ARRAY(
    SELECT c.partition FROM bus.cursors c
     WHERE c.consumer_group = of_group AND c.topic = of_topic AND c.partition = ANY (of_partitions)
       FOR UPDATE SKIP LOCKED);
BEGIN
  -- A statement of its own: what it sees is later than the lock, so it is what the holder before has left. How far it
  -- goes is found without the messages themselves, so that they are touched once.
  RETURN QUERY
  WITH held AS MATERIALIZED (
    SELECT c.partition, c.next_offset AS from_offset, p.next_offset AS end_offset
      FROM bus.cursors c JOIN bus.partitions p USING (topic, partition)
     WHERE c.consumer_group = of_group AND c.topic = of_topic AND c.partition = ANY (taken)
  ), found AS (
    SELECT h.partition, l."offset", l.bytes, row_number() OVER (PARTITION BY h.partition ORDER BY l."offset") AS rank
      FROM held h CROSS JOIN LATERAL (
        SELECT g."offset", coalesce(octet_length(g.data), 0) AS bytes FROM bus.log g
         WHERE g.topic = of_topic AND g.partition = h.partition AND g."offset" >= h.from_offset
         ORDER BY g."offset" LIMIT rows) l
  ), measured AS (
    SELECT f.partition, f."offset", row_number() OVER w AS place, sum(f.bytes) OVER w - f.bytes AS before
      FROM found f WINDOW w AS (ORDER BY f.rank, f.partition)
  ), reached AS MATERIALIZED (
    SELECT m.partition, max(m."offset") FILTER (WHERE m.place <= rows AND m.before < bytes) AS last
      FROM measured m GROUP BY m.partition
  )
  SELECT h.partition, h.from_offset, h.end_offset, r.partition IS NULL, g."offset", g.key, g.headers, g.data
    FROM (SELECT * FROM held ORDER BY partition) h LEFT JOIN reached r ON r.partition = h.partition
    LEFT JOIN LATERAL (
      SELECT l."offset", l.key, l.headers, l.data FROM bus.log l
       WHERE l.topic = of_topic AND l.partition = h.partition AND l."offset" BETWEEN h.from_offset AND r.last
       ORDER BY l."offset") g ON true;
END $$`;

/**
 * The same for services, without a JSON text around it: first the partitions that get messages, then the messages, each
 * with the index of its partition among these and its place among all that go there.
 */
const PUT = `
CREATE OR REPLACE FUNCTION bus.put(
  topics text[], partitions int[], counts bigint[],
  targets int[], places int[], ids text[], keys text[], headers text[], datas text[])
RETURNS TABLE (topic text, partition int, next_offset bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  ends bigint[];
BEGIN
  -- As in bus.append: ascending, and held until commit.
  PERFORM 1 FROM bus.partitions p JOIN unnest(topics, partitions) AS m(topic, partition) USING (topic, partition)
   ORDER BY p.topic, p.partition FOR UPDATE OF p;
  WITH moved AS (
    UPDATE bus.partitions p SET next_offset = p.next_offset + m.count
      FROM unnest(topics, partitions, counts) WITH ORDINALITY AS m(topic, partition, count, place)
     WHERE p.topic = m.topic AND p.partition = m.partition
    RETURNING m.place, p.next_offset
  ) SELECT array_agg(moved.next_offset ORDER BY moved.place) INTO ends FROM moved;
  IF cardinality(ends) IS DISTINCT FROM cardinality(topics) THEN
    RAISE EXCEPTION 'bus.put: bus.partitions does not have all of % %', topics, partitions;
  END IF;
  INSERT INTO bus.log (topic, partition, "offset", id, key, headers, data)
  SELECT topics[m.target], partitions[m.target], ends[m.target] - counts[m.target] + m.place - 1,
         m.id::uuid, m.key, m.headers::json, m.data
    FROM unnest(targets, places, ids, keys, headers, datas) AS m(target, place, id, key, headers, data);
  RETURN QUERY SELECT * FROM unnest(topics, partitions, ends);
END $$`;

/** Moves cursors that `bus.fetch` has taken, and puts into the log what the messages before them caused. */
const SETTLE = `
CREATE OR REPLACE FUNCTION bus.settle(
  of_group text, of_topic text, of_partitions int[], offsets bigint[],
  topics text[], partitions int[], counts bigint[],
  targets int[], places int[], ids text[], keys text[], headers text[], datas text[])
RETURNS TABLE (topic text, partition int, next_offset bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  UPDATE bus.cursors c SET next_offset = m.place
    FROM unnest(of_partitions, offsets) AS m(partition, place)
   WHERE c.consumer_group = of_group AND c.topic = of_topic AND c.partition = m.partition;
  IF cardinality(topics) > 0 THEN
    RETURN QUERY SELECT * FROM bus.put(topics, partitions, counts, targets, places, ids, keys, headers, datas);
  END IF;
END $$`;

/** The embedded log: one for all services of a database, so each of them may be the one that makes it. */
export class CreateEmbeddedLog1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await runner.query('CREATE SCHEMA IF NOT EXISTS bus');
    await runner.query(`
      CREATE TABLE IF NOT EXISTS bus.partitions (
        topic text NOT NULL,
        partition int NOT NULL,
        next_offset bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (topic, partition)
      ) WITH (fillfactor = 25)`);
    await runner.query(`
      CREATE TABLE IF NOT EXISTS bus.log (
        topic text NOT NULL,
        partition int NOT NULL,
        "offset" bigint NOT NULL,
        id uuid NOT NULL,
        key text,
        headers json NOT NULL,
        data text,
        at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (topic, partition, "offset")
      )`);
    await runner.query('CREATE INDEX IF NOT EXISTS log_at ON bus.log USING brin (at)');
    await runner.query(`
      CREATE TABLE IF NOT EXISTS bus.cursors (
        consumer_group text NOT NULL,
        topic text NOT NULL,
        partition int NOT NULL,
        next_offset bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (consumer_group, topic, partition)
      ) WITH (fillfactor = 25)`);
  }

  /** The log is shared: one service that steps back must not take it from the others. */
  async down(): Promise<void> {}
}

/** How it is used from outside. A database of before `fetch` has an `append` that answers nothing, and `read`. */
export class CreateEmbeddedLogFunctions1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    // Nothing is replaced under the feet of a service that works with it already, but what would not work with us.
    await runner.query(`
      DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_proc WHERE oid = to_regprocedure('bus.append(json)') AND NOT proretset) THEN
          DROP FUNCTION bus.append(json);
          DROP FUNCTION IF EXISTS bus.read(text, int, bigint, int, bigint);
        END IF;
      END $$`);
    await runner.query(APPEND);
  }

  /** The log is shared: one service that steps back must not take it from the others. */
  async down(): Promise<void> {}
}

/** How services read it and put messages into it. */
export class PutIntoEmbeddedLog1764300000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await runner.query(FETCH);
    await runner.query(PUT);
    await runner.query(SETTLE);
  }

  /** The log is shared: one service that steps back must not take it from the others. */
  async down(): Promise<void> {}
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

const MIGRATION_LOCK = 7_310_002;

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
const FETCH = `
CREATE OR REPLACE FUNCTION bus.fetch(of_group text, of_topic text, of_partitions int[], rows int, bytes bigint)
RETURNS TABLE (partition int, from_offset bigint, end_offset bigint, pruned boolean,
               "offset" bigint, key text, headers json, data text)
LANGUAGE plpgsql
-- The plan is made once for a connection, perhaps on an empty log: only by the primary key it is right for every size.
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
DECLARE
  taken int[] := ARRAY(
    SELECT c.partition FROM bus.cursors c
     WHERE c.consumer_group = of_group AND c.topic = of_topic AND c.partition = ANY (of_partitions)
       FOR UPDATE SKIP LOCKED);
BEGIN
  -- A statement of its own: what it sees is later than the lock, so it is what the holder before has left.
  RETURN QUERY
  WITH held AS (
    SELECT c.partition, c.next_offset AS from_offset, p.next_offset AS end_offset
      FROM bus.cursors c JOIN bus.partitions p USING (topic, partition)
     WHERE c.consumer_group = of_group AND c.topic = of_topic AND c.partition = ANY (taken)
  ), found AS (
    SELECT h.partition, l.*, row_number() OVER (PARTITION BY h.partition ORDER BY l."offset") AS rank
      FROM held h CROSS JOIN LATERAL (
        SELECT g."offset", g.key, g.headers, g.data FROM bus.log g
         WHERE g.topic = of_topic AND g.partition = h.partition AND g."offset" >= h.from_offset
         ORDER BY g."offset" LIMIT rows) l
  ), measured AS (
    SELECT f.*, row_number() OVER (ORDER BY f.rank, f.partition) AS place,
           sum(coalesce(length(f.data), 0)) OVER (ORDER BY f.rank, f.partition) - coalesce(length(f.data), 0) AS before
      FROM found f
  )
  SELECT h.partition, h.from_offset, h.end_offset, NOT EXISTS (SELECT FROM found f WHERE f.partition = h.partition),
         m."offset", m.key, m.headers, m.data
    FROM held h
    LEFT JOIN measured m ON m.partition = h.partition AND m.place <= rows AND m.before < bytes
   ORDER BY h.partition, m."offset";
END $$`;

/** Moves cursors that `bus.fetch` has taken, and appends what the messages before them caused. */
const SETTLE = `
CREATE OR REPLACE FUNCTION bus.settle(
  of_group text, of_topic text, of_partitions int[], offsets bigint[], messages json)
RETURNS TABLE (topic text, partition int, next_offset bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  UPDATE bus.cursors c SET next_offset = m.place
    FROM unnest(of_partitions, offsets) AS m(partition, place)
   WHERE c.consumer_group = of_group AND c.topic = of_topic AND c.partition = m.partition;
  IF json_array_length(messages) > 0 THEN
    RETURN QUERY SELECT * FROM bus.append(messages);
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

/** How services use it. A database of before `fetch` and `settle` has an `append` that answers nothing, and `read`. */
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
    await runner.query(FETCH);
    await runner.query(SETTLE);
  }

  /** The log is shared: one service that steps back must not take it from the others. */
  async down(): Promise<void> {}
}

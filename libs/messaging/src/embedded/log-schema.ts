import type { MigrationInterface, QueryRunner } from 'typeorm';

const MIGRATION_LOCK = 7_310_002;

/** `messages` is a JSON array of {topic, partition, id, key, headers, data}. Offsets are handed out in commit order. */
const APPEND = `
CREATE OR REPLACE FUNCTION bus.append(messages json) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  wanted bigint := json_array_length(messages);
  added bigint;
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
    RETURNING p.topic, p.partition, p.next_offset - c.count AS first_offset
  )
  INSERT INTO bus.log (topic, partition, "offset", id, key, headers, data)
  SELECT i.topic, i.partition, a.first_offset + i.place, i.id, i.key, i.headers, i.data
    FROM incoming i JOIN advanced a USING (topic, partition);
  GET DIAGNOSTICS added = ROW_COUNT;
  IF added <> wanted THEN
    RAISE EXCEPTION 'bus.append: % of % messages name a topic or partition that bus.partitions does not have',
      wanted - added, wanted;
  END IF;
END $$`;

/**
 * At most `rows` messages and about `bytes` bytes of one partition from an offset on, at least one where there is
 * one.
 */
const READ = `
CREATE OR REPLACE FUNCTION bus.read(of_topic text, of_partition int, from_offset bigint, rows int, bytes bigint)
RETURNS TABLE ("offset" bigint, key text, headers json, data text) LANGUAGE sql STABLE AS $$
  SELECT r."offset", r.key, r.headers, r.data FROM (
    SELECT l."offset", l.key, l.headers, l.data,
           sum(coalesce(length(l.data), 0)) OVER (ORDER BY l."offset") - coalesce(length(l.data), 0) AS before
      FROM (SELECT * FROM bus.log
             WHERE topic = of_topic AND partition = of_partition AND "offset" >= from_offset
             ORDER BY "offset" LIMIT rows) l) r
   WHERE r.before < bytes
   ORDER BY r."offset"
$$`;

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
    await runner.query(APPEND);
    await runner.query(READ);
  }

  /** The log is shared: one service that steps back must not take it from the others. */
  async down(): Promise<void> {}
}

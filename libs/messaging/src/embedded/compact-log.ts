import type { MigrationInterface, QueryRunner } from 'typeorm';
import { FETCH, MIGRATION_LOCK } from './log-schema.ts';

/**
 * The headers that all of our messages have are kept as their values alone, one a line; see `heads.ts`. What a message
 * has beside these, or what came by `bus.append`, is kept as JSON.
 */
const MESSAGES = `
CREATE OR REPLACE VIEW bus.messages AS
SELECT topic, partition, "offset", id, key, data, at,
  CASE WHEN heads IS NULL THEN headers
       WHEN starts_with(heads, '{') THEN heads::json
       ELSE json_strip_nulls(json_build_object(
         'ce_specversion', '1.0', 'ce_id', id, 'ce_type', split_part(heads, E'\\n', 1),
         'ce_source', split_part(heads, E'\\n', 2), 'ce_time', split_part(heads, E'\\n', 3), 'ce_subject', key,
         'content-type', 'application/json', 'traceparent', split_part(heads, E'\\n', 4),
         'samlast_channel', nullif(split_part(heads, E'\\n', 5), ''))) END AS headers
  FROM bus.log`;

/**
 * Takes the partitions' cursors, as far as no other member of the group has them, and reads on from there: at most
 * `rows` messages and about `bytes` bytes, in order within a partition, and of each partition as many as of the others
 * where there are too many. Each partition begins with a row that says in \`meta\` where it begins, where it ends, and
 * how many messages are left in it; its messages follow with their offset, id, headers and, where they have one, key.
 */
const TAKE = `
CREATE OR REPLACE FUNCTION bus.take(of_group text, of_topic text, of_partitions int[], rows int, bytes bigint)
RETURNS TABLE (partition int, meta text, data text) LANGUAGE plpgsql
-- The plan is made once for a connection, perhaps on an empty log: only by the primary key it is right for every size.
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
  taken int[] := ARRAY(
    SELECT c.partition FROM bus.cursors c
     WHERE c.consumer_group = of_group AND c.topic = of_topic AND c.partition = ANY (of_partitions)
       FOR UPDATE SKIP LOCKED);
  froms bigint[];
  ends bigint[];
  lasts bigint[];
  lefts bigint[];
  many bigint;
  large bigint;
BEGIN
  -- A statement of its own: what it sees is later than the lock, so it is what the holder before has left. How far it
  -- goes is found without the messages themselves, so that they are touched once.
  SELECT array_agg(h.partition ORDER BY h.partition), array_agg(h.from_offset ORDER BY h.partition),
         array_agg(h.end_offset ORDER BY h.partition), array_agg(f.last ORDER BY h.partition),
         array_agg(f.count ORDER BY h.partition), sum(f.count), sum(f.bytes)
    INTO taken, froms, ends, lasts, lefts, many, large
    FROM (SELECT c.partition, c.next_offset AS from_offset, p.next_offset AS end_offset
            FROM bus.cursors c JOIN bus.partitions p USING (topic, partition)
           WHERE c.consumer_group = of_group AND c.topic = of_topic AND c.partition = ANY (taken)) h
   CROSS JOIN LATERAL (
     SELECT max(l."offset") AS last, count(*) AS count, coalesce(sum(l.bytes), 0) AS bytes
       FROM (SELECT g."offset", octet_length(g.data) AS bytes FROM bus.log g
              WHERE g.topic = of_topic AND g.partition = h.partition AND g."offset" >= h.from_offset
              ORDER BY g."offset" LIMIT rows) l) f;
  IF many > rows OR large > bytes THEN
    WITH found AS (
      SELECT h.place, l."offset", l.bytes, row_number() OVER (PARTITION BY h.place ORDER BY l."offset") AS rank
        FROM unnest(taken, froms, lasts) WITH ORDINALITY AS h(partition, from_offset, last, place)
       CROSS JOIN LATERAL (
         SELECT g."offset", coalesce(octet_length(g.data), 0) AS bytes FROM bus.log g
          WHERE g.topic = of_topic AND g.partition = h.partition AND g."offset" BETWEEN h.from_offset AND h.last) l
    ), measured AS (
      SELECT f.place, f."offset", row_number() OVER w AS line, sum(f.bytes) OVER w - f.bytes AS before
        FROM found f WINDOW w AS (ORDER BY f.rank, f.place)
    ), reached AS (
      SELECT m.place, max(m."offset") AS last FROM measured m WHERE m.line <= rows AND m.before < bytes GROUP BY m.place
    )
    SELECT array_agg(r.last ORDER BY h.place) INTO lasts
      FROM unnest(taken) WITH ORDINALITY AS h(partition, place) LEFT JOIN reached r ON r.place = h.place;
  END IF;
  FOR nth IN 1 .. coalesce(cardinality(taken), 0) LOOP
    partition := taken[nth];
    meta := concat_ws(chr(31), froms[nth], ends[nth], lefts[nth]);
    data := NULL;
    RETURN NEXT;
    RETURN QUERY
    SELECT l.partition, concat_ws(chr(31), l."offset", l.id, coalesce(l.heads, l.headers::text), l.key), l.data
      FROM bus.log l
     WHERE l.topic = of_topic AND l.partition = taken[nth] AND l."offset" BETWEEN froms[nth] AND lasts[nth]
     ORDER BY l."offset";
  END LOOP;
END $$`;

/**
 * Puts messages into the log, without a JSON text around them: first the partitions that get messages, then the
 * messages, each with the index of its partition among these and its place among all that go there.
 */
const WRITE = `
CREATE OR REPLACE FUNCTION bus.write(
  topics text[], partitions int[], counts bigint[],
  targets int[], places int[], ids uuid[], keys text[], heads text[], datas text[])
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
    RAISE EXCEPTION 'bus.write: bus.partitions does not have all of % %', topics, partitions;
  END IF;
  INSERT INTO bus.log (topic, partition, "offset", id, key, heads, data)
  SELECT topics[m.target], partitions[m.target], ends[m.target] - counts[m.target] + m.place - 1,
         m.id, m.key, m.head, m.data
    FROM (SELECT unnest(targets) AS target, unnest(places) AS place, unnest(ids) AS id, unnest(keys) AS key,
                 unnest(heads) AS head, unnest(datas) AS data) m;
  RETURN QUERY SELECT * FROM unnest(topics, partitions, ends);
END $$`;

/** Moves cursors that `bus.take` has taken, and puts into the log what the messages before them caused. */
const LEAVE = `
CREATE OR REPLACE FUNCTION bus.leave(
  of_group text, of_topic text, of_partitions int[], offsets bigint[],
  topics text[], partitions int[], counts bigint[],
  targets int[], places int[], ids uuid[], keys text[], heads text[], datas text[])
RETURNS TABLE (topic text, partition int, next_offset bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  UPDATE bus.cursors c SET next_offset = m.place
    FROM unnest(of_partitions, offsets) AS m(partition, place)
   WHERE c.consumer_group = of_group AND c.topic = of_topic AND c.partition = m.partition;
  IF cardinality(topics) > 0 THEN
    RETURN QUERY SELECT * FROM bus.write(topics, partitions, counts, targets, places, ids, keys, heads, datas);
  END IF;
END $$`;

/** Messages in the log take less room, and fewer steps to get there and back. */
export class CompactEmbeddedLog1764600000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await runner.query(
      `ALTER TABLE bus.log ADD COLUMN IF NOT EXISTS heads text, ALTER COLUMN headers DROP NOT NULL`,
    );
    // A service of before may be at work still, and reads what we write.
    const fetch = FETCH.replace('FROM bus.log l', 'FROM bus.messages l');
    for (const made of [MESSAGES, fetch, TAKE, WRITE, LEAVE]) await runner.query(made);
  }

  /** The log is shared: one service that steps back must not take it from the others. */
  async down(): Promise<void> {}
}

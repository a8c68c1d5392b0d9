import { fitText } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { Injectable } from '@nestjs/common';
import { Metrics } from '@samlast/service';
import { keyOf, type Later, type OpenWrite, type WaitingWrite, type WriteKind } from './write.ts';

export interface NewWrite {
  kind: WriteKind;
  subject: string;
  revision: number;
  action: 'put' | 'cancel';
  lane: string;
  body: unknown;
  articles: string[];
}

/** An article that cannot be written holds its orders up for so many tries; then they go without it. */
const ARTICLE_TRIES = 3;

interface WaitingRow {
  kind: WriteKind;
  subject: string;
  revision: number;
  action: 'put' | 'cancel';
  lane: string;
  position: string;
  tries: number;
  last_fault: string | null;
  sent_before: boolean;
}

const waitingOf = (row: WaitingRow): WaitingWrite => ({
  kind: row.kind,
  subject: row.subject,
  revision: row.revision,
  action: row.action,
  lane: row.lane,
  place: Number(row.position),
  tries: row.tries,
  lastFault: row.last_fault ?? undefined,
  sentBefore: row.sent_before,
});

const keys = (writes: { kind: string; subject: string; revision: number }[]) => [
  writes.map((write) => write.kind),
  writes.map((write) => write.subject),
  writes.map((write) => write.revision),
];

/**
 * These writes, locked, and where they stand. Each is looked up by the primary key: Postgres may have counted the table
 * when it was empty, and takes every way to a row for as good as any other then, one that reads the whole queue for
 * each of them included (seen: seconds for 20 of 1,000).
 */
const NAMED = `named AS MATERIALIZED (
  SELECT w.* FROM (SELECT * FROM unnest($1::text[], $2::text[], $3::int[]) AS k (kind, subject, revision) ORDER BY 1, 2, 3) k
  CROSS JOIN LATERAL (
    SELECT ctid AS place, kind, subject, revision, sent FROM writes
    WHERE kind = k.kind AND subject = k.subject AND revision = k.revision OFFSET 0 FOR UPDATE
  ) w)`;
const IS_NAMED = 'ctid = ANY (ARRAY(SELECT place FROM named))';

/** The table of writes: the only file that knows it. */
@Injectable()
export class WriteQueue {
  constructor(
    private readonly database: DataSource,
    metrics: Metrics,
  ) {
    metrics.gauge('ongoing_writes_waiting', 'Writes that wait for Ongoing or are under way', async () => {
      const [row] = await this.database.query<{ count: number }[]>(
        'SELECT count(*)::int AS count FROM writes',
      );
      return row?.count ?? 0;
    });
  }

  async enqueue(tx: EntityManager, writes: NewWrite[]): Promise<void> {
    if (writes.length === 0) return;
    await tx.query(
      `INSERT INTO writes (kind, subject, revision, action, lane, body, articles)
       SELECT kind, subject, revision, action, lane, body, articles
       FROM jsonb_to_recordset($1::jsonb) AS w(kind text, subject text, revision integer, action text, lane text,
         body jsonb, articles text[])
       ON CONFLICT (kind, subject, revision) DO NOTHING`,
      [JSON.stringify(writes)],
    );
  }

  /**
   * Of an order that waits to be sent, the newest version alone is written, in the place of the older one. Answers
   * which of these took one's place; the others are still to be queued.
   */
  async supersede(tx: EntityManager, puts: NewWrite[]): Promise<Set<string>> {
    const [rows] = await tx.query<[{ subject: string }[], number]>(
      `WITH newer AS MATERIALIZED (SELECT * FROM jsonb_to_recordset($1::jsonb)
         AS n(kind text, subject text, revision integer, body jsonb, articles text[]))
       UPDATE writes w SET (revision, articles, body) = (
         SELECT n.revision, n.articles, n.body || jsonb_build_object('acceptedBefore', w.body->'acceptedBefore')
         FROM newer n WHERE n.kind = w.kind AND n.subject = w.subject ORDER BY n.revision DESC LIMIT 1)
       WHERE w.ctid = ANY (ARRAY(
         SELECT w.place FROM (SELECT * FROM newer ORDER BY kind, subject, revision) n CROSS JOIN LATERAL (
           SELECT ctid AS place FROM writes
           WHERE kind = n.kind AND subject = n.subject AND action = 'put' AND sent IS NULL AND revision < n.revision
           OFFSET 0 FOR UPDATE) w))
       RETURNING w.subject`,
      [JSON.stringify(puts)],
    );
    return new Set(rows.map((row) => row.subject));
  }

  /**
   * Takes out what certainly was never sent; answers of which numbers that was. Where an earlier revision may have been
   * sent, the later one stays behind it.
   */
  async withdraw(tx: EntityManager, kind: WriteKind, numbers: string[]): Promise<Set<string>> {
    const [rows] = await tx.query<[{ subject: string }[], number]>(
      `WITH puts AS (
         SELECT ctid AS place, subject, revision, sent FROM writes WHERE kind = $1 AND subject = ANY($2) AND action = 'put'
         ORDER BY subject, revision FOR UPDATE),
       unsent AS (SELECT subject FROM puts GROUP BY subject HAVING bool_and(sent IS NULL))
       DELETE FROM writes WHERE ctid = ANY (ARRAY(
         SELECT place FROM puts WHERE subject IN (SELECT subject FROM unsent))) RETURNING subject`,
      [kind, numbers],
    );
    return new Set(rows.map((row) => row.subject));
  }

  /** Articles that orders wait for are written before other articles. */
  async hasten(tx: EntityManager, articles: string[]): Promise<void> {
    await tx.query(
      `UPDATE writes SET position = 0 WHERE kind = 'article' AND subject = ANY($1) AND sent IS NULL AND position > 0`,
      [articles],
    );
  }

  /**
   * The first writes of each lane that may be made now: in order per number, not before an article that
   * they need, and what another process has left open only after its deadline.
   */
  async waiting(perLane: number, epoch: number): Promise<WaitingWrite[]> {
    const rows = await this.database.query<WaitingRow[]>(
      `WITH RECURSIVE lanes AS (
         (SELECT lane FROM writes ORDER BY lane LIMIT 1)
         UNION ALL
         SELECT (SELECT w.lane FROM writes w WHERE w.lane > lanes.lane ORDER BY w.lane LIMIT 1)
         FROM lanes WHERE lanes.lane IS NOT NULL
       )
       SELECT w.kind, w.subject, w.revision, w.action, w.lane, w.position, w.tries, w.last_fault,
         w.sent IS NOT NULL AS sent_before
       FROM lanes CROSS JOIN LATERAL (
         SELECT * FROM writes w
         WHERE w.lane = lanes.lane AND w.not_before <= clock_timestamp()
           AND (w.sent IS NULL OR w.epoch = $2 OR w.deadline < clock_timestamp())
           AND NOT EXISTS (SELECT 1 FROM writes e
             WHERE e.kind = w.kind AND e.subject = w.subject AND e.revision < w.revision)
           AND NOT EXISTS (SELECT 1 FROM writes a
             WHERE w.kind <> 'article' AND w.action = 'put' AND a.kind = 'article' AND a.subject = ANY(w.articles)
              AND a.tries < $3)
         ORDER BY w.position LIMIT $1
       ) w`,
      [perLane, epoch, ARTICLE_TRIES],
    );
    return rows.map(waitingOf);
  }

  /**
   * Writes the intents: from the commit on, the requests may be made. What is no longer there was cancelled
   * meanwhile.
   */
  async open(
    tx: EntityManager,
    writes: WaitingWrite[],
    term: { epoch: number; startBy: number; withinMs: number; deadlineMs: number },
  ): Promise<OpenWrite[]> {
    if (writes.length === 0) return [];
    const [rows] = await tx.query<
      [(WaitingRow & { body: unknown; articles: string[]; sent: string })[], number]
    >(
      `WITH ${NAMED}
       UPDATE writes w SET sent = COALESCE(w.sent, nextval('wms_steps')), epoch = $4,
         deadline = clock_timestamp() + $5 * interval '1 ms'
       WHERE w.${IS_NAMED}
       RETURNING w.kind, w.subject, w.revision, w.action, w.lane, w.position, w.tries, w.last_fault, w.body, w.articles,
         w.sent, EXISTS (SELECT 1 FROM named WHERE named.kind = w.kind AND named.subject = w.subject
           AND named.revision = w.revision AND named.sent IS NOT NULL) AS sent_before`,
      [...keys(writes), term.epoch, term.deadlineMs],
    );
    const unsent = new Set(writes.filter((write) => !write.sentBefore).map(keyOf));
    return rows.map((row) => ({
      ...waitingOf(row),
      // An intent of this process whose time ran out before its request was made is as good as none.
      sentBefore: row.sent_before && !unsent.has(keyOf(row)),
      body: row.body,
      articles: row.articles,
      sent: Number(row.sent),
      startBy: term.startBy,
      withinMs: term.withinMs,
    }));
  }

  /** Takes writes out of the queue; answers which of them were in it. */
  async remove(tx: EntityManager, writes: OpenWrite[]): Promise<Set<string>> {
    if (writes.length === 0) return new Set();
    const [rows] = await tx.query<[{ kind: string; subject: string; revision: number }[], number]>(
      `WITH ${NAMED} DELETE FROM writes WHERE ${IS_NAMED} RETURNING kind, subject, revision`,
      keys(writes),
    );
    return new Set(rows.map(keyOf));
  }

  /** Reads that ran beside a settled write still find it for a while. */
  async close(tx: EntityManager, settled: { write: OpenWrite; step: number }[]): Promise<void> {
    const orders = settled
      .filter(({ write }) => write.kind === 'order')
      .map(({ write, step }) => ({
        number: write.subject,
        revision: write.revision,
        articles: write.articles,
        sent: write.sent,
        closed: step,
      }));
    if (orders.length === 0) return;
    await tx.query(
      `INSERT INTO closed_writes (number, revision, articles, sent, closed)
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS c(number text, revision integer, articles text[], sent bigint, closed bigint)`,
      [JSON.stringify(orders)],
    );
  }

  async postpone(
    tx: EntityManager,
    later: { write: OpenWrite; verdict: Later; waitMs: number }[],
  ): Promise<void> {
    if (later.length === 0) return;
    const rows = later.map(({ write, verdict, waitMs }) => ({
      kind: write.kind,
      subject: write.subject,
      revision: write.revision,
      fault: fitText(verdict.fault, 500),
      wait_ms: waitMs,
      unsent: !verdict.reached && !write.sentBefore,
    }));
    await tx.query(
      `WITH ${NAMED}
       UPDATE writes w SET tries = tries + 1, (last_fault, not_before, sent) = (
         SELECT l.fault, clock_timestamp() + l.wait_ms * interval '1 ms', CASE WHEN NOT l.unsent THEN w.sent END
         FROM jsonb_to_recordset($4::jsonb)
           AS l(kind text, subject text, revision integer, fault text, wait_ms integer, unsent boolean)
         WHERE l.kind = w.kind AND l.subject = w.subject AND l.revision = w.revision)
       WHERE w.${IS_NAMED}`,
      [...keys(rows), JSON.stringify(rows)],
    );
  }

  /** What was put off because Ongoing was away need not wait its own time: the oldest goes first again. */
  async hurry(): Promise<void> {
    await this.database.query(
      `UPDATE writes SET not_before = '-infinity' WHERE tries > 0 AND not_before > clock_timestamp()`,
    );
  }

  /** No read lasts that long. */
  async forget(olderThanMs: number): Promise<void> {
    await this.database.query(
      `DELETE FROM closed_writes WHERE closed_at < clock_timestamp() - $1 * interval '1 ms'`,
      [olderThanMs],
    );
  }
}

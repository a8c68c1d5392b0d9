import { Injectable } from '@nestjs/common';
import { sameNumberKey } from '@samlast/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import type { OurOrder } from '../push-orders/judge.ts';

/** What is announced to come in. Each kind has numbers of its own in Ongoing. */
export type InboundKind = 'purchase-order' | 'return';

export interface Announced {
  number: string;
  channel: string;
  revision: number;
  /** Whose it is: installation, channel and the shop's own id. */
  origin: string;
  body: unknown;
}

/** One announcement of ours, as far as the gateway has to know it. */
export interface Registered extends Announced {
  claimed: boolean;
  state: 'queued' | 'accepted' | 'refused' | 'cancelled';
  accepted_revision: number | null;
  refusal_reason: string | null;
  refusal_text: string | null;
  wms_id: number | null;
}

export interface Change {
  number: string;
  state: Registered['state'];
  revision: number;
  acceptedRevision?: number | undefined;
  wmsId?: number | undefined;
  body?: unknown;
  refusalReason?: string | undefined;
  refusalText?: string | undefined;
  refusedWrite?: RefusedWrite | undefined;
  waitsFor?: string[] | undefined;
  wmsLines?: OurOrder['lines'] | undefined;
}

/** What is sent again when a person says so, or when the articles that it waits for are there. */
export interface RefusedWrite {
  revision: number;
  articles: string[];
  body: unknown;
}

/** One whose write is to be made again. */
export interface WaitingInbound {
  kind: InboundKind;
  subject: string;
  lane: string;
  write: RefusedWrite;
}

const COLUMNS = `number, channel, origin, claimed, state, revision, accepted_revision, body, refusal_reason, refusal_text,
  wms_id`;

/** Whose a number is. A number is claimed before anything is sent under it, and stays claimed. */
@Injectable()
export class InboundRegistry {
  constructor(private readonly database: DataSource) {}

  async lock(tx: EntityManager, kind: InboundKind, numbers: string[]): Promise<Map<string, Registered>> {
    const rows = await tx.query<Registered[]>(
      `SELECT ${COLUMNS} FROM inbound WHERE kind = $1 AND number = ANY($2) ORDER BY number FOR UPDATE`,
      [kind, numbers],
    );
    return new Map(rows.map((row) => [row.number, row]));
  }

  /** Claims the number; false where it is taken. Ongoing may compare without case and blanks, so this does. */
  async claim(tx: EntityManager, kind: InboundKind, announced: Announced): Promise<boolean> {
    return (await this.insert(tx, kind, announced, { claimed: true, state: 'queued' })).length > 0;
  }

  /** Keeps one whose number is another's, so that it can be seen and cancelled. */
  async keepUnclaimed(
    tx: EntityManager,
    kind: InboundKind,
    announced: Announced,
    text: string,
  ): Promise<void> {
    await this.insert(tx, kind, announced, { claimed: false, state: 'refused', text });
  }

  async holderOf(tx: EntityManager, kind: InboundKind, number: string): Promise<Registered | undefined> {
    const [holder] = await tx.query<Registered[]>(
      `SELECT ${COLUMNS} FROM inbound WHERE kind = $1 AND number_key = $2 AND claimed`,
      [kind, sameNumberKey(number)],
    );
    return holder;
  }

  async change(tx: EntityManager, kind: InboundKind, changes: Change[]): Promise<void> {
    if (changes.length === 0) return;
    await tx.query(
      `UPDATE inbound i SET state = c.state, revision = GREATEST(i.revision, c.revision),
         accepted_revision = COALESCE(c."acceptedRevision", i.accepted_revision),
         wms_id = COALESCE(c."wmsId", i.wms_id), body = COALESCE(c.body, i.body),
         refusal_reason = c."refusalReason", refusal_text = c."refusalText", refused_write = c."refusedWrite",
         waits_for = COALESCE(c."waitsFor", '{}'),
         wms_lines = COALESCE(c."wmsLines", i.wms_lines),
         updated_at = now()
       FROM jsonb_to_recordset($2::jsonb) AS c(number text, state text, revision integer, "acceptedRevision" integer,
         "wmsId" integer, body jsonb, "refusalReason" text, "refusalText" text, "refusedWrite" jsonb, "waitsFor" text[],
         "wmsLines" jsonb)
       WHERE i.kind = $1 AND i.number = c.number`,
      [kind, JSON.stringify(changes.map((change) => ({ ...change, body: withoutWords(change.body) })))],
    );
  }

  /** As far as is known, the lines that the WMS took last. */
  async linesThere(kind: InboundKind, number: string): Promise<OurOrder['lines'] | undefined> {
    const [row] = await this.database.query<{ wms_lines: OurOrder['lines'] | null }[]>(
      'SELECT wms_lines FROM inbound WHERE kind = $1 AND number = $2 AND claimed',
      [kind, number],
    );
    return row?.wms_lines ?? undefined;
  }

  async refusedWrite(
    tx: EntityManager,
    kind: InboundKind,
    number: string,
  ): Promise<RefusedWrite | undefined> {
    const [row] = await tx.query<{ refused_write: RefusedWrite | null }[]>(
      'SELECT refused_write FROM inbound WHERE kind = $1 AND number = $2',
      [kind, number],
    );
    return row?.refused_write ?? undefined;
  }

  /** Which of these the warehouse does not have, or may not have had at this step. */
  async notThereAt(tx: EntityManager, articles: string[], step: number): Promise<string[]> {
    const rows = await tx.query<{ article: string }[]>(
      `SELECT n.article FROM unnest($1::text[]) AS n(article) LEFT JOIN article_seen s USING (article)
       WHERE s.article IS NULL OR s.step > $2 ORDER BY 1`,
      [articles, step],
    );
    return rows.map(({ article }) => article);
  }

  /** Those that wait for one of these, and for none that is not there: they wait no longer. */
  async takeWaiting(tx: EntityManager, articles: string[]): Promise<WaitingInbound[]> {
    const [rows] = await tx.query<[WaitingInbound[], number]>(
      `UPDATE inbound SET waits_for = '{}', state = CASE state WHEN 'refused' THEN 'queued' ELSE state END
       WHERE (kind, number) IN (
         SELECT kind, number FROM inbound i
         WHERE waits_for <> '{}' AND waits_for && $1::text[] AND NOT EXISTS (
           SELECT 1 FROM unnest(i.waits_for) AS w(article) LEFT JOIN article_seen s USING (article) WHERE s.article IS NULL)
         ORDER BY kind, number FOR UPDATE)
       RETURNING kind, number AS subject, channel AS lane, refused_write AS write`,
      [articles],
    );
    return rows;
  }

  /** Newest first: those that Ongoing refused, or all. */
  async list(kind: InboundKind, state: Registered['state'] | undefined, limit: number) {
    return this.database.query<unknown[]>(
      `SELECT number, channel, state, revision, accepted_revision AS "acceptedRevision", wms_id AS "wmsId",
         status_number AS "statusNumber", closed, refusal_reason AS reason, refusal_text AS text, updated_at AS at
       FROM inbound WHERE kind = $1 AND ($2::text IS NULL OR state = $2) ORDER BY updated_at DESC LIMIT $3`,
      [kind, state ?? null, limit],
    );
  }

  private async insert(
    tx: EntityManager,
    kind: InboundKind,
    { number, channel, revision, origin, body }: Announced,
    { claimed, state, text }: { claimed: boolean; state: Registered['state']; text?: string },
  ): Promise<unknown[]> {
    return tx.query<unknown[]>(
      `INSERT INTO inbound (kind, number, number_key, claimed, channel, origin, state, revision, body, refusal_reason,
         refusal_text)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING RETURNING number`,
      [
        kind,
        number,
        sameNumberKey(number),
        claimed,
        channel,
        origin,
        state,
        revision,
        JSON.stringify(withoutWords(body)),
        text === undefined ? null : 'foreign',
        text ?? null,
      ],
    );
  }
}

/** Rows stay for good, so what people wrote stays out of them; it goes with the write alone, refused or not. */
function withoutWords(body: unknown): unknown {
  return typeof body === 'object' && body !== null ? { ...body, note: undefined } : body;
}

import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, Metrics } from '@samlast/service';
import { DataSource, type EntityManager } from 'typeorm';
import { type Config, takesWebhooks } from '../config.ts';

export type SightingKind = 'order' | 'purchase-order';

export interface Sighting {
  wmsId: number;
  number: string;
  status: number;
}

/** Of one kind and status, what one side found and the other did not, within the last day. */
export interface Gap {
  kind: SightingKind;
  side: 'untold' | 'unpolled';
  status: number;
  count: number;
  /** One of them, to look at. */
  number: string;
}

const MINUTE_MS = 60_000;
/** And longer where polls reach back longer. */
const REMEMBERED_MS = 2 * 60 * 60 * 1_000;

/**
 * Webhooks only make things quicker, so nobody notices when they stop; and where they work, nobody notices that
 * polling stands still. Each is held against the other: what one finds, the other should within WEBHOOK_GAP_MIN.
 */
@Injectable()
export class WebhookGaps {
  /** When one was refused last, for people: a token that differs looks like a webhook that never comes. */
  refusedAt: Date | undefined;
  private readonly refusals;
  private readonly counted;
  private readonly isOn: boolean;
  private readonly withinMin: number;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DataSource,
    metrics: Metrics,
  ) {
    this.isOn = takesWebhooks(config);
    this.withinMin = config.WEBHOOK_GAP_MIN;
    this.counted = metrics.counter(
      'ongoing_webhook_gaps_total',
      'Changes that polling found and no webhook told (untold), or that a webhook told and polling did not find (unpolled)',
      ['kind', 'side'],
    );
    this.refusals = metrics.counter(
      'ongoing_webhooks_refused_total',
      'Webhooks from somebody who may not send them',
    );
  }

  refused(): void {
    this.refusals.inc();
    this.refusedAt = new Date();
  }

  /** A webhook named it; in the transaction that takes the webhook. */
  async told(tx: EntityManager, kind: SightingKind, wmsId: number, number: string): Promise<void> {
    await tx.query(
      `INSERT INTO sightings (kind, wms_id, number, told_at) VALUES ($1, $2, $3, now())
       ON CONFLICT (kind, wms_id) DO UPDATE SET told_at = now(), untold_since = NULL`,
      [kind, wmsId, number],
    );
  }

  /**
   * Polling found these by their status, as changed since then. What may be old is not judged, as after a long silence
   * of ours: of that a webhook told long ago.
   */
  async polled(kind: SightingKind, seen: readonly Sighting[], since: Date): Promise<void> {
    if (!this.isOn || seen.length === 0) return;
    const isFresh = Date.now() - since.getTime() < this.withinMin * MINUTE_MS;
    const { WEBHOOK_STATUSES: wanted } = this.config;
    const unique = new Map(seen.map((one) => [one.wmsId, one]));
    const rows = [...unique.values()].map(({ wmsId, number, status }) => ({
      id: wmsId,
      number,
      status,
      judged: isFresh && (wanted.length === 0 || wanted.includes(status)),
    }));
    await this.database.query(
      `INSERT INTO sightings AS s (kind, wms_id, number, status, polled_at, untold_since)
       SELECT $1, id, number, status, now(), CASE WHEN judged THEN now() END
       FROM jsonb_to_recordset($2::jsonb) AS n(id integer, number text, status integer, judged boolean) ORDER BY id
       ON CONFLICT (kind, wms_id) DO UPDATE SET status = excluded.status, polled_at = now(), unpolled_since = NULL,
         untold_since = CASE
           WHEN s.status IS NOT DISTINCT FROM excluded.status OR excluded.untold_since IS NULL THEN s.untold_since
           WHEN s.told_at > now() - $3 * interval '1 min' THEN NULL
           ELSE coalesce(s.untold_since, now()) END
       WHERE s.status IS DISTINCT FROM excluded.status OR s.unpolled_since IS NOT NULL`,
      [kind, JSON.stringify(rows), this.withinMin],
    );
  }

  /** It was fetched since a webhook named it: polling should find that status too. */
  async fetched(kind: SightingKind, { wmsId, status }: Omit<Sighting, 'number'>): Promise<void> {
    if (!this.isOn) return;
    await this.database.query(
      `UPDATE sightings SET unpolled_since =
         CASE WHEN status IS NOT DISTINCT FROM $3 THEN NULL ELSE coalesce(unpolled_since, now()) END
       WHERE kind = $1 AND wms_id = $2`,
      [kind, wmsId, status],
    );
  }

  /** Counts what was not found by the other side in time, and forgets what is old. */
  async count(): Promise<void> {
    const rows = await this.database.query<Pick<Gap, 'kind' | 'side' | 'count'>[]>(
      `WITH late AS (
         SELECT kind, wms_id, number, coalesce(status, 0) AS status,
           CASE WHEN untold_since < now() - $1 * interval '1 min' THEN 'untold' ELSE 'unpolled' END AS side
         FROM sightings
         WHERE untold_since < now() - $1 * interval '1 min' OR unpolled_since < now() - $1 * interval '1 min'
         FOR UPDATE),
       settled AS (
         UPDATE sightings s SET untold_since = CASE WHEN side = 'untold' THEN NULL ELSE untold_since END,
           unpolled_since = CASE WHEN side = 'unpolled' THEN NULL ELSE unpolled_since END
         FROM late WHERE s.kind = late.kind AND s.wms_id = late.wms_id),
       kept AS (
       INSERT INTO webhook_gaps AS g (hour, kind, side, status, count, number)
       SELECT date_trunc('hour', now()), kind, side, status, count(*)::int, max(number) FROM late
       GROUP BY kind, side, status
       ON CONFLICT (hour, kind, side, status) DO UPDATE SET count = g.count + excluded.count, number = excluded.number)
       SELECT kind, side, count(*)::int AS count FROM late GROUP BY kind, side`,
      [this.withinMin],
    );
    for (const { kind, side, count } of rows) this.counted.inc({ kind, side }, count);
    await this.database.query(
      `WITH old AS (DELETE FROM webhook_gaps WHERE hour < now() - interval '7 days')
       DELETE FROM sightings WHERE untold_since IS NULL AND unpolled_since IS NULL
         AND coalesce(greatest(polled_at, told_at), now()) < now() - $1 * interval '1 ms'`,
      [REMEMBERED_MS + 2 * this.config.WIDE_OVERLAP_MS],
    );
  }

  async lastDay(): Promise<{ gaps: Gap[]; received: number; lastAt: Date | null }> {
    const gaps = await this.database.query<Gap[]>(
      `SELECT kind, side, status, sum(count)::int AS count, max(number) AS number FROM webhook_gaps
       WHERE hour > now() - interval '24 hours' GROUP BY kind, side, status ORDER BY kind, side, status`,
    );
    const [events] = await this.database.query<{ received: number; last: Date | null }[]>(
      `SELECT count(*)::int AS received, max(received_at) AS last FROM webhook_events
       WHERE received_at > now() - interval '24 hours'`,
    );
    return { gaps, received: events?.received ?? 0, lastAt: events?.last ?? null };
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@samlast/service';
import { DataSource, type EntityManager } from 'typeorm';
import type { Config } from './config.ts';

/** A write to Ongoing that was on its way at some moment of a read. */
export interface InFlight {
  number: string;
  revision: number;
  articles: string[];
}

/** What a read may have seen: everything accepted up to `started`, nothing sent from `ended` on. */
export interface Bracket {
  started: number;
  /** When its request was made; the same as `started` but where figures lag. */
  begun: number;
  ended: number;
  inFlight: InFlight[];
}

type Written = Pick<InFlight, 'number' | 'revision'>;

interface Start extends Pick<Bracket, 'started' | 'begun'> {
  /** Writes that were on their way, where figures lag. */
  readonly open: readonly Written[];
}

/**
 * The next tick of the counter that numbers all that this installation does at Ongoing. Drawn, never given
 * back.
 */
export async function nextStep(tx: EntityManager | DataSource): Promise<number> {
  const [row] = await tx.query<{ step: string }[]>(`SELECT nextval('wms_steps') AS step`);
  return Number(row?.step);
}

@Injectable()
export class Steps {
  constructor(
    private readonly database: DataSource,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Runs one request, and says between which steps it ran and which writes were open meanwhile. */
  async bracket<T>(request: () => Promise<T>): Promise<{ answer: T; bracket: Bracket }> {
    const start = await this.start();
    const answer = await request();
    return { answer, bracket: await this.end(start) };
  }

  /**
   * Where a tenant's figures lag behind its own answers, whatever was accepted within that time may be
   * missing in the read: the read then counts as started before the first of them. So does one whose answer is being
   * booked at this moment, which may have its step already: it stands among the open ones until that is committed.
   */
  private async start(): Promise<Start> {
    const begun = await nextStep(this.database);
    if (this.config.WMS_SETTLE_MS === 0) return { started: begun, begun, open: [] };
    const [row] = await this.database.query<{ step: string; open: Written[] | null }[]>(
      `SELECT LEAST($2::bigint, (
         SELECT min(closed) - 1 FROM closed_writes WHERE closed_at > clock_timestamp() - $1 * interval '1 ms'
       )) AS step, (
         SELECT json_agg(json_build_object('number', subject, 'revision', revision))
         FROM writes WHERE sent IS NOT NULL AND kind = 'order'
       ) AS open`,
      [this.config.WMS_SETTLE_MS, begun],
    );
    return { started: Number(row?.step), begun, open: row?.open ?? [] };
  }

  /**
   * The open writes are looked up after the answer. One that is not visible by then has not been sent
   * either, since its intent commits before its request starts.
   */
  private async end({ begun, open, ...start }: Start): Promise<Bracket> {
    const started = open.length === 0 ? start.started : await this.beforeThese(open, start.started);
    const rows = await this.database.query<(InFlight & { ended: string })[]>(
      `WITH tick AS MATERIALIZED (SELECT nextval('wms_steps') AS ended)
       SELECT tick.ended, w.number, w.revision, w.articles
       FROM tick LEFT JOIN (
         SELECT subject AS number, revision, articles FROM writes WHERE sent IS NOT NULL AND kind = 'order'
         UNION ALL
         SELECT number, revision, articles FROM closed_writes WHERE closed > $1
       ) w ON true`,
      [started],
    );
    const inFlight = rows.filter((row) => row.number !== null);
    return {
      started,
      begun,
      ended: Number(rows[0]?.ended),
      inFlight: inFlight.map(({ number, revision, articles }) => ({ number, revision, articles })),
    };
  }

  /** The step before any of these was accepted, where that is earlier. */
  private async beforeThese(writes: readonly Written[], step: number): Promise<number> {
    const [row] = await this.database.query<{ step: string }[]>(
      `SELECT LEAST($2::bigint, (
         SELECT min(c.closed) - 1
         FROM jsonb_to_recordset($1::jsonb) AS w(number text, revision integer) JOIN closed_writes c USING (number, revision)
       )) AS step`,
      [JSON.stringify(writes), step],
    );
    return Number(row?.step);
  }
}

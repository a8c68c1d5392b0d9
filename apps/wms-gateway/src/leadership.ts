import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { hostname } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@samlast/service';
import { DataSource, type EntityManager } from 'typeorm';
import { type Config, LEASE_MOST_MS } from './config.ts';

/** No request may start within the last second of the lease. */
const LAST_SECOND_MS = 1_000;

/**
 * Thrown where this process no longer is the writer: what it holds in memory is void, the database knows
 * the rest.
 */
export class Fenced extends Error {
  override readonly name = 'Fenced';
  constructor() {
    super('another process holds the lease of the writer');
  }
}

/** Monotonic, and right even where the machine slept: of the two clocks the one that went farther. */
function clock(): () => number {
  const steady = performance.now();
  const wall = Date.now();
  return () => Math.max(performance.now() - steady, Date.now() - wall);
}

/** One period in which this process alone may write to Ongoing. */
export class Term {
  private lasts: () => boolean = () => false;
  private readonly stop = new AbortController();
  readonly ended: AbortSignal = this.stop.signal;

  constructor(readonly epoch: number) {
    // Each loop of the gateway waits on it, and there are more of them than Node takes for a leak.
    setMaxListeners(50, this.ended);
  }

  /**
   * Counted from before the database was asked, so that this process thinks the lease shorter than it is,
   * never longer.
   */
  extend(elapsed: () => number, leaseMs: number): void {
    this.lasts = () => elapsed() < leaseMs - LAST_SECOND_MS;
  }

  /** Asked as the last thing before each request. */
  mayStart(): boolean {
    return !this.ended.aborted && this.lasts();
  }

  end(): void {
    this.stop.abort();
  }

  /**
   * First statement of every transaction that records what a write did: a fenced-off writer records
   * nothing. A process that stands still in the middle of it must not keep the row for ever, so the server
   * then ends its session.
   */
  async hold(tx: EntityManager, goodsOwnerId: number): Promise<void> {
    const held: unknown[] = await tx.query(
      `SELECT set_config('idle_in_transaction_session_timeout', $3, true) FROM writer_lease
       WHERE goods_owner_id = $1 AND epoch = $2 AND expires_at > clock_timestamp() FOR SHARE`,
      [goodsOwnerId, this.epoch, String(LAST_SECOND_MS)],
    );
    if (held.length === 0) throw new Fenced();
  }
}

/** The lease of the one writer to Ongoing: a row with an epoch that grows with every change of hands. */
@Injectable()
export class Leadership {
  private readonly holder = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
  private readonly goodsOwnerId: number;
  private readonly leaseMs: number;

  constructor(
    private readonly database: DataSource,
    @Inject(CONFIG) config: Config,
  ) {
    this.goodsOwnerId = config.ONGOING_GOODS_OWNER_ID;
    this.leaseMs = config.LEASE_MS;
  }

  /** Takes the lease if nobody holds it. */
  async take(): Promise<Term | undefined> {
    const elapsed = clock();
    await this.database.query(
      `INSERT INTO writer_lease (goods_owner_id) SELECT $1
       WHERE NOT EXISTS (SELECT 1 FROM writer_lease WHERE goods_owner_id = $1) ON CONFLICT DO NOTHING`,
      [this.goodsOwnerId],
    );
    // No lease is given for so long, so the database's clock has jumped back. The shortest time that is safe for any
    // holder is the longest that one can have.
    await this.database.query(
      `UPDATE writer_lease SET expires_at = clock_timestamp() + $2 * interval '1 ms'
       WHERE goods_owner_id = $1 AND expires_at > clock_timestamp() + $2 * interval '1 ms'`,
      [this.goodsOwnerId, LEASE_MOST_MS],
    );
    const [rows] = await this.database.query<[{ epoch: string }[], number]>(
      `UPDATE writer_lease SET holder = $2, epoch = epoch + 1, expires_at = clock_timestamp() + $3 * interval '1 ms'
       WHERE goods_owner_id = $1 AND expires_at <= clock_timestamp() RETURNING epoch`,
      [this.goodsOwnerId, this.holder, this.leaseMs],
    );
    const [row] = rows;
    if (!row) return undefined;
    const term = new Term(Number(row.epoch));
    term.extend(elapsed, this.leaseMs);
    return term;
  }

  /** False where the lease has run out or changed hands: the term is over then. */
  async renew(term: Term): Promise<boolean> {
    const elapsed = clock();
    const [, count] = await this.database.query<[unknown[], number]>(
      `UPDATE writer_lease SET expires_at = clock_timestamp() + $3 * interval '1 ms'
       WHERE goods_owner_id = $1 AND epoch = $2 AND expires_at > clock_timestamp()`,
      [this.goodsOwnerId, term.epoch, this.leaseMs],
    );
    if (count === 1) term.extend(elapsed, this.leaseMs);
    return count === 1;
  }

  /** Lets another process go on at once, after an orderly end. */
  async release(term: Term): Promise<void> {
    await this.database.query(
      `UPDATE writer_lease SET expires_at = '-infinity' WHERE goods_owner_id = $1 AND epoch = $2`,
      [this.goodsOwnerId, term.epoch],
    );
  }

  /** Who holds the lease, for the operators' page. */
  async current(): Promise<{ holder: string; epoch: number; mine: boolean; expiresAt: string } | undefined> {
    const [row] = await this.database.query<{ holder: string; epoch: string; expires_at: Date | number }[]>(
      `SELECT holder, epoch, expires_at FROM writer_lease WHERE goods_owner_id = $1 AND expires_at > clock_timestamp()`,
      [this.goodsOwnerId],
    );
    if (!row) return undefined;
    const expiresAt = new Date(row.expires_at).toISOString();
    return { holder: row.holder, epoch: Number(row.epoch), mine: row.holder === this.holder, expiresAt };
  }
}

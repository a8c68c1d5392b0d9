import { toMilli } from '@samlast/contracts';
import type { MailData } from './bus.ts';
import type { Channel, KnownOrder, Line } from './channel.ts';
import type { Unheard } from './unheard.ts';

/** The row of one article in the channel's table `shelves`. */
export interface Shelf {
  readonly article: string;
  version?: number;
  level: bigint;
  sold: bigint;
  /** How much more of it was sold than the authority counts. */
  kept: bigint;
  allowance?: bigint;
  pending?: bigint;
  anchorNumber?: bigint;
  anchorAt?: number;
  againAfter?: number;
  shown?: bigint;
  shownVersion?: number;
  told?: { allowance: bigint; version: number };
  writableSince?: number;
  spentVersion?: number;
  renewedVersion?: number;
  wanted: number;
  done: number;
}

/** What was known of a shelf when the look at it began. */
export interface Row {
  readonly article: string;
  readonly version: number;
  readonly level: bigint;
  readonly sold: bigint;
  readonly kept: bigint;
  readonly uncounted: bigint;
  readonly open: bigint;
  readonly allowance?: bigint;
  readonly anchorNumber?: bigint;
  readonly feedReadPastAnchor: boolean;
  readonly shown?: bigint;
  readonly shownVersion?: number;
  readonly told?: { allowance: bigint; version: number };
  readonly spent: boolean;
  readonly renewed: boolean;
  readonly wanted: number;
  readonly unheard: ReturnType<Unheard['known']>;
}

/** What is recorded of one look at a shelf. */
export interface Result {
  done?: boolean;
  allowance?: bigint;
  anchor?: { number: bigint; at: number };
  againAfter?: number;
  shown?: { number: bigint; version: number };
  told?: { allowance: bigint; version: number };
  renewed?: number;
}

export const larger = (a: bigint | undefined, b: bigint | undefined) =>
  a === undefined ? b : b === undefined || a > b ? a : b;

/** With every column from the start: rows of one shape are read faster. */
const newShelf = (article: string): Shelf => ({
  article,
  version: undefined,
  level: 0n,
  sold: 0n,
  kept: 0n,
  allowance: undefined,
  pending: undefined,
  anchorNumber: undefined,
  anchorAt: undefined,
  againAfter: undefined,
  shown: undefined,
  shownVersion: undefined,
  told: undefined,
  writableSince: undefined,
  spentVersion: undefined,
  renewedVersion: undefined,
  wanted: 0,
  done: 0,
});

/** The channel's table `shelves`, as `ShelfBook` keeps it. */
export class ShelfTable {
  protected readonly rows = new Map<string, Shelf>();
  private readonly lines = new Map<string, Line[]>();

  constructor(protected readonly channel: Channel) {}

  row(article: string): Shelf {
    let row = this.rows.get(article);
    if (!row) this.rows.set(article, (row = newShelf(article)));
    return row;
  }

  want(article: string): void {
    const row = this.rows.get(article);
    if (row) row.wanted++;
  }

  /** Every shelf is looked at now and then, so that an edit by hand is found though nothing else happens. */
  wantAll(): void {
    for (const row of this.rows.values()) row.wanted++;
  }

  addLine(line: Line): void {
    const lines = this.lines.get(line.article);
    if (lines) lines.push(line);
    else this.lines.set(line.article, [line]);
  }

  /** How much more, or less, the shop has sold than it had by the last reading of an order. */
  addSold(before: KnownOrder | undefined, next: KnownOrder): void {
    const { world, plan } = this.channel;
    const change = (order: KnownOrder, sign: bigint) => {
      for (const line of order.lines) {
        const row = this.row(line.article);
        row.sold += sign * line.sold;
        row.kept += sign * world.deciders.unheardOf(order as never, line, plan.restocks);
        row.anchorNumber = undefined;
        row.anchorAt = undefined;
        row.wanted++;
      }
    };
    change(next, 1n);
    if (before) change(before, -1n);
  }

  hearLevels(levels: readonly MailData[]): void {
    for (const { article, version, channels } of levels) {
      const mine = channels[this.channel.code];
      const row = this.row(article);
      if (mine && (row.version === undefined || row.version < version)) {
        row.version = version;
        row.level = toMilli(mine.level);
        row.writableSince = mine.since;
        row.wanted++;
      }
      this.settle(article);
    }
  }

  settle(article: string): void {
    const version = this.rows.get(article)?.version;
    if (version === undefined) return;
    for (const line of this.lines.get(article) ?? [])
      if (
        line.unsettled &&
        line.countedFrom !== undefined &&
        line.countedFrom <= version &&
        line.sold <= line.counted
      )
        line.unsettled = false;
  }

  protected due(): Shelf[] {
    const { readStartedAt, plan } = this.channel;
    const readTo = readStartedAt === undefined ? -1 : readStartedAt - plan.feedLag;
    const due: Shelf[] = [];
    for (const row of this.rows.values()) {
      const again = row.againAfter !== undefined && row.againAfter < readTo;
      if (row.version !== undefined && (row.wanted > row.done || again)) due.push(row);
    }
    return due;
  }

  protected rowNow(row: Shelf): Row {
    let uncounted = 0n;
    let open = 0n;
    for (const line of this.lines.get(row.article) ?? []) {
      if (line.unsettled) {
        const counted = line.countedFrom !== undefined && line.countedFrom <= (row.version ?? 0);
        const beyond = line.sold > line.counted ? line.sold - line.counted : 0n;
        uncounted += counted ? beyond : (larger(line.sold, line.imported) ?? 0n);
      }
      const fulfilled = larger(line.fulfilled, line.told) ?? 0n;
      if (line.sold > fulfilled && !line.begun) open += line.sold - fulfilled;
    }
    const { article, version = 0, writableSince: since, spentVersion } = row;
    const { world, code } = this.channel;
    return {
      article,
      version,
      level: row.level,
      sold: row.sold,
      kept: row.kept,
      uncounted,
      open,
      allowance: world.deciders.allowedAtMost(row.allowance, row.pending),
      anchorNumber: row.anchorNumber,
      feedReadPastAnchor: this.channel.readPast(row.anchorAt),
      shown: row.shown,
      shownVersion: row.shownVersion,
      told: row.told,
      spent: since === 0 || (since !== undefined && spentVersion !== undefined && since <= spentVersion),
      renewed: row.renewedVersion === version,
      wanted: row.wanted,
      unheard: world.auditor.unheard.known(`${code}/${article}`),
    };
  }

  protected record(article: string, result: Result, row?: Row): void {
    const stored = this.row(article);
    if (result.done && row) stored.done = Math.max(stored.done, row.wanted);
    if (result.allowance !== undefined) stored.allowance = result.allowance;
    if (result.anchor) {
      const heard = stored.wanted !== row?.wanted;
      stored.anchorNumber = heard ? undefined : result.anchor.number;
      stored.anchorAt = heard ? undefined : result.anchor.at;
    }
    stored.againAfter = result.againAfter;
    stored.pending = undefined;
    if (result.shown) {
      stored.shown = result.shown.number;
      stored.shownVersion = result.shown.version;
    }
    if (result.renewed !== undefined) stored.renewedVersion = result.renewed;
    if (!result.told) return;
    stored.told = result.told;
    stored.spentVersion = Math.max(stored.spentVersion ?? 0, result.told.version);
  }
}

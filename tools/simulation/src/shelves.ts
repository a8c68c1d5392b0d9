import { toMilli } from '@samlast/contracts';
import type { ShelfDecision, ShelfReading } from '@samlast/channel-kit/shelf';
import type { Channel, Line } from './channel.ts';
import { quantity } from './gateway.ts';

/** The row of one article in the channel's table `shelves`. */
interface Shelf {
  readonly article: string;
  version?: number;
  level: bigint;
  sold: bigint;
  /** Of orders that were cancelled before they were read, and not put back. */
  kept: bigint;
  allowance?: bigint;
  pending?: bigint;
  anchorNumber?: bigint;
  anchorAt?: number;
  againAfter?: number;
  shown?: bigint;
  shownVersion?: number;
  told?: { allowance: bigint; version: number };
  wanted: number;
  done: number;
}

/** What was known of a shelf when the look at it began. */
type Row = Shelf & { uncounted: bigint; open: bigint; feedReadPastAnchor: boolean };

interface Work {
  readonly row: Row;
  read?: ShelfReading;
  decision?: ShelfDecision;
  written?: boolean;
  answer?: 'set' | 'changed' | 'lost';
  back?: ShelfReading;
}

/** A look at some shelves, and how far it has come. */
interface Look {
  stage: 'gathered' | 'read' | 'begun' | 'answered' | 'read back';
  works: Work[];
  readAt: number;
  answeredAt: number;
}

interface Result {
  done?: boolean;
  allowance?: bigint;
  anchor?: { number: bigint; at: number };
  againAfter?: number;
  shown?: { number: bigint; version: number };
  told?: { allowance: bigint; version: number };
}

const larger = (a: bigint | undefined, b: bigint | undefined) =>
  a === undefined ? b : b === undefined || a > b ? a : b;
const milli = (pieces: number) => BigInt(pieces) * 1000n;

/** What `ShelfWriter` and its table do, step by step: a sale, a message or a crash may come between any two. */
export class Shelves {
  private readonly rows = new Map<string, Shelf>();
  private readonly lines = new Map<string, Line[]>();
  private look?: Look;

  constructor(private readonly channel: Channel) {}

  get idle(): boolean {
    if (this.look) return false;
    for (const row of this.rows.values())
      if (row.wanted > row.done || row.againAfter !== undefined) return false;
    return true;
  }

  get looking(): boolean {
    return this.look !== undefined;
  }

  row(article: string): Shelf {
    let row = this.rows.get(article);
    if (!row) this.rows.set(article, (row = { article, level: 0n, sold: 0n, kept: 0n, wanted: 0, done: 0 }));
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
  addSold(before: readonly Line[], next: readonly Line[], unsent: boolean): void {
    const change = (lines: readonly Line[], sign: bigint) => {
      for (const { article, sold } of lines) {
        const row = this.row(article);
        row.sold += sign * sold;
        if (unsent) row.kept += sign * sold;
        row.anchorNumber = undefined;
        row.anchorAt = undefined;
        row.wanted++;
      }
    };
    change(next, 1n);
    change(before, -1n);
  }

  hearLevels(levels: readonly any[]): void {
    for (const { article, version, channels } of levels) {
      const mine = channels[this.channel.code];
      const row = this.row(article);
      if (mine && (row.version === undefined || row.version < version)) {
        Object.assign(row, { version, level: toMilli(mine.level) });
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
        line.sold <= line.imported
      )
        line.unsettled = false;
  }

  private due(): Shelf[] {
    const { readStartedAt, plan } = this.channel;
    const readTo = readStartedAt === undefined ? -1 : readStartedAt - plan.feedLag;
    return [...this.rows.values()].filter(
      (row) =>
        row.version !== undefined &&
        (row.wanted > row.done || (row.againAfter !== undefined && row.againAfter < readTo)),
    );
  }

  step(): boolean {
    const { look } = this;
    if (!look) return this.gather();
    switch (look.stage) {
      case 'gathered':
        return this.read(look);
      case 'read':
        return this.begin(look);
      case 'begun':
        return this.write(look);
      case 'answered':
        return this.readBack(look);
      case 'read back':
        return this.recordAnswers(look);
    }
  }

  private gather(): boolean {
    const { world } = this.channel;
    const due = this.due();
    if (due.length === 0) return false;
    const works = due.slice(0, world.random.between(1, 3)).map((row) => ({ row: this.rowNow(row) }));
    this.look = { stage: 'gathered', works, readAt: 0, answeredAt: 0 };
    return true;
  }

  private rowNow(row: Shelf): Row {
    let uncounted = 0n;
    let open = 0n;
    for (const line of this.lines.get(row.article) ?? []) {
      if (line.unsettled) {
        const counted = line.countedFrom !== undefined && line.countedFrom <= (row.version ?? 0);
        const beyond = line.sold > line.imported ? line.sold - line.imported : 0n;
        uncounted += counted ? beyond : (larger(line.sold, line.imported) ?? 0n);
      }
      const fulfilled = larger(line.fulfilled, line.told) ?? 0n;
      if (line.sold > fulfilled && !line.begun) open += line.sold - fulfilled;
    }
    const allowance = larger(row.allowance, row.pending);
    return { ...row, allowance, uncounted, open, feedReadPastAnchor: this.channel.readPast(row.anchorAt) };
  }

  private numberOf(article: string): ShelfReading {
    const { shop, plan } = this.channel;
    const number = milli(shop.numbers.get(article) ?? 0);
    return plan.method === 'stocked'
      ? { number, reserved: milli(shop.reserved.get(article) ?? 0) }
      : { number };
  }

  private read(look: Look): boolean {
    const { channel } = this;
    const { world, plan } = channel;
    const method = plan.method;
    look.readAt = world.now;
    for (const work of look.works) {
      const { row } = work;
      work.read = this.numberOf(row.article);
      const anchor =
        row.anchorNumber === undefined
          ? undefined
          : { number: row.anchorNumber, feedReadPast: row.feedReadPastAnchor };
      const toConfirm = channel.leases && row.told?.version !== row.version;
      work.decision = world.deciders.decideShelf(
        { ...row, method, wholePieces: true, ...(anchor && { anchor }), toConfirm, exact: channel.leases },
        work.read,
      );
      if (world.tracing) {
        const { sold, uncounted, level, version } = row;
        const allowance = row.allowance === undefined ? '?' : row.allowance / 1000n;
        world.trace(
          `${channel.code} looks at ${row.article}: v${version} level ${level / 1000n} uncounted ${uncounted / 1000n} ` +
            `sold ${sold / 1000n} allowance ${allowance} number ${work.read.number / 1000n} ` +
            `open ${row.open / 1000n} reserved ${(work.read.reserved ?? 0n) / 1000n} ` +
            `anchor ${row.anchorNumber ?? '?'}${row.feedReadPastAnchor ? ' past' : ''} -> ${text(work.decision)}`,
        );
      }
    }
    look.stage = 'read';
    const unchanged = look.works.filter((work) => !work.decision?.write);
    for (const work of unchanged) this.unchanged(work, look.readAt);
    if (unchanged.some((work) => work.decision?.again)) channel.wakeFeed();
    look.works = look.works.filter((work) => work.decision?.write);
    if (look.works.length === 0) this.look = undefined;
    return true;
  }

  private begin(look: Look): boolean {
    for (const { row, decision } of look.works) {
      const stored = this.row(row.article);
      stored.anchorNumber = undefined;
      stored.anchorAt = undefined;
      stored.told = undefined;
      stored.pending = larger(stored.pending, decision?.allowanceAfter);
    }
    look.stage = 'begun';
    return true;
  }

  /** One write reaches the shop, or none of the rest does. */
  private write(look: Look): boolean {
    const { channel } = this;
    const { world, shop } = channel;
    const faulty = world.mayFault();
    const work = look.works.find((one) => one.answer === undefined);
    if (!work?.decision || !work.read) {
      look.stage = 'answered';
      return true;
    }
    const from = Number(work.read.number / 1000n);
    const to = Number(work.decision.to / 1000n);
    const lost = faulty && world.random.oneIn(20);
    if (lost && world.random.oneIn(2)) work.answer = 'lost';
    else {
      if ((shop.numbers.get(work.row.article) ?? 0) !== from)
        world.faults.strike('sale between reading a number and writing it');
      const outcome = shop.write(work.row.article, from, to);
      work.answer = lost ? 'lost' : outcome;
      if (outcome === 'changed') world.faults.strike('stock write refused because the number had changed');
      if (world.tracing)
        world.trace(
          `${channel.code} writes ${work.row.article} ${from} -> ${to}: ${outcome}${lost ? ', answer lost' : ''}`,
        );
      world.auditor.numberChanged(channel, work.row.article);
    }
    if (lost) world.faults.strike('answer of a shop to a stock write lost');
    return true;
  }

  private readBack(look: Look): boolean {
    look.stage = 'read back';
    look.answeredAt = this.channel.world.now;
    if (this.channel.plan.method !== 'stocked') return this.recordAnswers(look);
    for (const work of look.works) if (work.answer === 'set') work.back = this.numberOf(work.row.article);
    return true;
  }

  private recordAnswers(look: Look): boolean {
    this.look = undefined;
    for (const work of look.works) this.answered(work, look.answeredAt);
    if (look.works.some((work) => work.answer === 'changed')) this.channel.wakeFeed();
    return true;
  }

  private answered({ row, decision, answer, back }: Work, at: number): void {
    if (!decision || answer === 'lost') return;
    if (answer === 'changed') return this.record(row.article, { allowance: decision.allowance });
    const { method } = this.channel.plan;
    const after = back ?? { number: decision.to, reserved: 0n };
    const again =
      decision.again ||
      method === 'absolute' ||
      (this.channel.leases && decision.provenByWrite === undefined);
    const told = this.toTell(row, decision.provenByWrite);
    const { anchorOf, offeredBy } = this.channel.world.deciders;
    this.record(
      row.article,
      {
        done: true,
        allowance: decision.allowanceAfter,
        told,
        anchor: { number: anchorOf(method, after), at },
        againAfter: again ? at : undefined,
        shown: { number: offeredBy(method, after), version: row.version ?? 0 },
      },
      row,
    );
    this.tell(row, told, offeredBy(method, after));
  }

  private toTell(row: Row, proven: bigint | undefined): Result['told'] {
    if (!this.channel.leases || proven === undefined) return undefined;
    const allowance = proven - row.kept;
    const version = row.version ?? 0;
    return row.told?.version === version && row.told.allowance === allowance
      ? undefined
      : { allowance, version };
  }

  private unchanged({ row, read, decision }: Work, readAt: number): void {
    if (!decision || !read) return;
    const { method } = this.channel.plan;
    const { anchorOf, offeredBy } = this.channel.world.deciders;
    const known = decision.allowance !== undefined || method === 'stocked' || method === 'none';
    const offered = offeredBy(method, read);
    const told = this.toTell(row, decision.proven);
    const news = known && (told !== undefined || row.shownVersion !== row.version || row.shown !== offered);
    const number = anchorOf(method, read);
    const anchor = decision.again && row.anchorNumber !== number ? { number, at: readAt } : undefined;
    this.record(
      row.article,
      {
        done: true,
        allowance: decision.allowance,
        told,
        anchor,
        againAfter: decision.again ? readAt : undefined,
        shown: known ? { number: offered, version: row.version ?? 0 } : undefined,
      },
      row,
    );
    if (news) this.tell(row, told, offered);
  }

  private record(article: string, result: Result, row?: Row): void {
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
    if (result.shown)
      Object.assign(stored, { shown: result.shown.number, shownVersion: result.shown.version });
    if (result.told) stored.told = result.told;
  }

  private tell(row: Row, told: Result['told'], offered: bigint): void {
    const { world, code } = this.channel;
    const { article, version = 0 } = row;
    const allowance = told && { allowance: textOf(told.allowance) };
    if (world.tracing)
      world.trace(
        `${code} says shelf.set ${article} v${version} ${allowance?.allowance ?? '-'} shows ${offered}`,
      );
    const data = { channel: code, article, version, ...allowance, shelf: textOf(offered) };
    world.post('authority', 'channel.shelves', { type: 'shelf.set', key: `${code}/${article}`, data });
  }

  crash(): void {
    const { look } = this;
    this.look = undefined;
    if (look?.stage !== 'begun') return;
    const { world, shop } = this.channel;
    world.faults.strike('channel crashed with a stock write on its way');
    for (const work of look.works) {
      if (work.answer !== undefined || !work.decision || !work.read || !world.random.oneIn(2)) continue;
      const [from, to] = [Number(work.read.number / 1000n), Number(work.decision.to / 1000n)];
      shop.write(work.row.article, from, to);
      world.auditor.numberChanged(this.channel, work.row.article);
    }
  }
}

const textOf = (amount: bigint) => quantity(Number(amount / 1000n));
const text = ({ to, allowanceAfter, write, again, proven, provenByWrite }: ShelfDecision) =>
  `${to / 1000n}${write ? '' : ' unchanged'}${again ? ' again' : ''} after ${allowanceAfter ?? '?'} ` +
  `proven ${proven ?? '-'} by write ${provenByWrite ?? '-'}`;

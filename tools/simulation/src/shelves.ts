import type { ShelfReading } from '@samlast/channel-kit/shelf';
import { type Look, milli, text, textOf, type Work } from './look.ts';
import { larger, type Result, type Row, ShelfTable } from './shelf-table.ts';

/** What `ShelfWriter` and its table do, step by step: a sale, a message or a crash may come between any two. */
export class Shelves extends ShelfTable {
  private look?: Look;

  get idle(): boolean {
    if (this.look) return false;
    for (const row of this.rows.values())
      if (row.wanted > row.done || row.againAfter !== undefined) return false;
    return true;
  }

  get looking(): boolean {
    return this.look !== undefined;
  }

  step(): boolean {
    const { look } = this;
    if (!look) return this.gather();
    switch (look.stage) {
      case 'gathered':
        return this.askFirst(look) || this.read(look);
      case 'read':
        return this.begin(look);
      case 'begun':
        return this.write(look);
      case 'answered':
        return this.askFirst(look) || this.readBack(look);
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

  /** Who stands at the payment is asked first, as a question of its own: who pays meanwhile is counted twice then. */
  private askFirst(look: Look): boolean {
    const { shop, plan } = this.channel;
    if (!plan.pays || plan.method !== 'stocked' || look.asked === look.stage) return false;
    look.asked = look.stage;
    for (const work of look.works) work.atPayment = milli(shop.atPayment.get(work.row.article) ?? 0);
    return true;
  }

  private numberOf({ row: { article }, atPayment }: Work): ShelfReading {
    const { shop, plan } = this.channel;
    const number = milli(shop.numbers.get(article) ?? 0);
    if (plan.method !== 'stocked') return { number };
    return { number, reserved: milli(shop.reserved.get(article) ?? 0), ...(plan.pays && { atPayment }) };
  }

  private read(look: Look): boolean {
    const { channel } = this;
    const { world, plan } = channel;
    const { method } = plan;
    const exact = channel.leases;
    look.readAt = world.now;
    for (const work of look.works) {
      const { row } = work;
      work.read = this.numberOf(work);
      const anchor =
        row.anchorNumber === undefined
          ? undefined
          : { number: row.anchorNumber, feedReadPast: row.feedReadPastAnchor };
      const told = row.told?.version === row.version && row.told ? row.told.allowance + row.kept : undefined;
      const { level, uncounted, open, sold, allowance, spent } = row;
      const facts = {
        method,
        wholePieces: true,
        level,
        uncounted,
        open,
        sold,
        allowance,
        spent,
        anchor,
        told,
        exact,
      };
      work.decision = world.deciders.decideShelf(facts, work.read);
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
      stored.pending = larger(
        stored.pending,
        decision && this.channel.world.deciders.allowedByBeginning(decision),
      );
      if (decision && decision.to > 0n) stored.spentVersion = Math.max(stored.spentVersion ?? 0, row.version);
    }
    look.stage = 'begun';
    return true;
  }

  /** One write reaches the shop, or none of the rest does. */
  private write(look: Look): boolean {
    const { channel } = this;
    const { world, shop, plan } = channel;
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
      world.auditor.written(channel, work.row.article, { from, to, level: Number(work.row.level / 1000n) });
      work.answer = lost ? 'lost' : outcome;
      if (plan.method === 'compare-and-set') work.number = milli(shop.numbers.get(work.row.article) ?? 0);
      this.countPayers(work, outcome);
      work.writtenAt = world.now;
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

  private countPayers({ row: { article }, decision, number }: Work, outcome: string): void {
    const { world, shop } = this.channel;
    if (outcome !== 'set' || !decision) return;
    if (number !== undefined && number > decision.to)
      world.faults.strike('shop kept more than was written for buyers at the payment');
    if (shop.canSell(article) > Math.max(0, shop.offered(article)))
      world.faults.strike('shelf lowered under buyers at the payment');
  }

  private readBack(look: Look): boolean {
    look.stage = 'read back';
    look.answeredAt = this.channel.world.now;
    if (this.channel.plan.method !== 'stocked') return this.recordAnswers(look);
    for (const work of look.works) if (work.answer === 'set') work.back = this.numberOf(work);
    return true;
  }

  private recordAnswers(look: Look): boolean {
    this.look = undefined;
    for (const work of look.works) this.answered(work, look.answeredAt);
    if (look.works.some((work) => work.answer === 'changed')) this.channel.wakeFeed();
    return true;
  }

  private answered({ row, decision, answer, back, number, writtenAt = 0 }: Work, at: number): void {
    if (!decision || answer === 'lost') return;
    if (answer === 'changed') return this.record(row.article, { allowance: decision.allowance });
    const { method } = this.channel.plan;
    const { anchorOf, keptBack, more, offeredBy } = this.channel.world.deciders;
    const after = back ?? { number: number ?? decision.to, reserved: 0n };
    const again =
      decision.again ||
      method === 'absolute' ||
      (this.channel.leases && decision.provenByWrite === undefined);
    const kept = keptBack(method, decision.to, after);
    const told = this.toTell(row, more(decision.provenByWrite, kept));
    this.record(
      row.article,
      {
        done: true,
        allowance: more(decision.allowanceAfter, kept),
        told,
        anchor: { number: anchorOf(method, after), at },
        againAfter: again || kept > 0n ? at : undefined,
        shown: { number: offeredBy(method, after), version: row.version },
      },
      row,
    );
    this.tell(row, told, offeredBy(method, after), back ? at : writtenAt);
  }

  private toTell(row: Row, proven: bigint | undefined, renew = false): Result['told'] {
    if (!this.channel.leases || proven === undefined) return undefined;
    const allowance = proven - row.kept;
    const version = row.version;
    return !renew && row.told?.version === version && row.told.allowance === allowance
      ? undefined
      : { allowance, version };
  }

  private unchanged({ row, read, decision }: Work, readAt: number): void {
    if (!decision || !read) return;
    const { method } = this.channel.plan;
    const { anchorOf, offeredBy } = this.channel.world.deciders;
    const known = decision.allowance !== undefined || method === 'stocked' || method === 'none';
    const offered = offeredBy(method, read);
    const renew = decision.renew === true && !row.renewed;
    const told = this.toTell(row, decision.proven, renew);
    const news = known && (told !== undefined || row.shownVersion !== row.version || row.shown !== offered);
    const number = anchorOf(method, read);
    const anchor = decision.again && row.anchorNumber !== number ? { number, at: readAt } : undefined;
    this.record(
      row.article,
      {
        done: true,
        allowance: decision.allowance,
        told,
        ...(renew && { renewed: row.version }),
        anchor,
        againAfter: decision.again ? readAt : undefined,
        shown: known ? { number: offered, version: row.version } : undefined,
      },
      row,
    );
    if (news) this.tell(row, told, offered, readAt, renew);
  }

  private tell(row: Row, told: Result['told'], offered: bigint, at: number, renew = false): void {
    const { world, code } = this.channel;
    const { article, version = 0 } = row;
    const allowance = told && { allowance: textOf(told.allowance) };
    if (world.tracing)
      world.trace(
        `${code} says shelf.set ${article} v${version} ${allowance?.allowance ?? '-'} shows ${offered}${renew ? ' renew' : ''}`,
      );
    const data = {
      channel: code,
      article,
      version,
      ...allowance,
      shelf: textOf(offered),
      ...(renew && { renew }),
    };
    if (allowance) world.auditor.unheard.reports(data, row.unheard);
    world.auditor.shows(data, at);
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

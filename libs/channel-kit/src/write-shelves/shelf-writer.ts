import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Channel, type Event, fitText, fromMilli, toMilli } from '@samlast/contracts';
import { UnitOfWork } from '@samlast/messaging';
import { Log, Metrics } from '@samlast/service';
import { DataSource } from 'typeorm';
import { OrderFeed } from '../import-orders/order-feed.ts';
import type { Shop } from '../shop.ts';
import type { ShelfAccess, ShelfAnswer, ShelfNumber } from '../shop-shelf.ts';
import { Loop } from '../take-turns/loop.ts';
import { Moments } from '../take-turns/moments.ts';
import { Turns } from '../take-turns/turns.ts';
import { CHANNEL, SHOP } from '../tokens.ts';
import {
  allowedByBeginning,
  anchorOf,
  decideShelf,
  keptBack,
  more,
  offeredBy,
  type ShelfDecision,
  type ShelfReading,
} from './shelf.ts';
import { shelfRefused, shelfSet, toReading, toTell } from './shelf-facts.ts';
import {
  beginWrites,
  recordShelves,
  type ShelfResult,
  type ShelfRow,
  wantAllShelves,
  wantedShelves,
} from './shelf-book.ts';

const LOOK_EVERY_MS = 500;
/** A number that somebody changed by hand is found though nothing else happens to its article. */
const LOOK_AT_ALL_EVERY_MS = 15 * 60_000;
const APART_MS = 20;
const READ_AT_ONCE = 100;
const WRITE_AT_ONCE = 8;

/** One article in work: what was known, what was read, what was decided. */
interface Look {
  readonly row: ShelfRow;
  readonly read: ShelfReading;
  readonly readAt: Date;
  readonly decision: ShelfDecision;
  readonly writeId: string;
}

interface Outcome {
  readonly result: ShelfResult;
  readonly event?: Event;
}

/**
 * Brings the shop's numbers to what they should be, newest level first and scarce articles first. A write is computed
 * at the moment it is sent, begun in the database before it, and never repeated: without an answer the number is read
 * and the decision made anew.
 */
@Injectable()
export class ShelfWriter {
  private readonly loop: Loop;
  private readonly writes;
  private last: Promise<unknown> = Promise.resolve();
  private lookAtAllAtMs = performance.now() + LOOK_AT_ALL_EVERY_MS;

  constructor(
    @Inject(CHANNEL) private readonly channel: Channel,
    @Inject(SHOP) private readonly shop: Shop,
    private readonly database: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly feed: OrderFeed,
    private readonly turns: Turns,
    private readonly moments: Moments,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.writes = metrics.counter('samlast_shelf_writes_total', 'Writes to the shop by outcome', ['outcome']);
    const turn = () => this.apart(() => this.look());
    this.loop = new Loop({ name: 'shelves', pauseMs: LOOK_EVERY_MS, apartMs: APART_MS, log, turn });
    if (!shop.shelf) return;
    turns.add(this.loop);
    feed.onRead(() => this.wake());
  }

  wake(): void {
    this.loop.wake();
  }

  /** From within a transaction whose wishes will be seen a moment later. */
  wakeAfterCommit(): void {
    this.loop.wakeSoon();
  }

  /**
   * Does this before or after a look, never during it, in a shop whose number falls with a fulfilment: what that takes
   * off between the reading and the write would be written back, and what is not fulfilled any more be sold again.
   */
  apart<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.shop.shelf?.method !== 'stocked') return work();
    const mine = this.last.then(work);
    this.last = mine.catch(() => undefined);
    return mine;
  }

  private get leases(): boolean {
    return this.channel.mode === 'lease';
  }

  private async look(): Promise<boolean> {
    const { shelf } = this.shop;
    if (!shelf || !this.turns.active || Date.now() < Date.parse(this.channel.startAt)) return false;
    const rows = await this.gather(shelf);
    if (rows.length === 0) return false;
    const numbers = await shelf.read(rows.map((row) => row.article));
    // After the answer: a sale that is in these numbers must not be taken for one that the feed had to show already.
    const readAt = await this.moments.next();
    const looks: Look[] = [];
    const outcomes: Outcome[] = [];
    for (const row of rows) {
      const number = numbers.get(row.article);
      if (number) looks.push(this.decide(shelf, row, toReading(number), readAt));
      else outcomes.push(this.refused(row, 'unknown-article'));
    }
    const toWrite = looks.filter((one) => one.decision.write);
    outcomes.push(...looks.filter((one) => !one.decision.write).map((one) => this.unchanged(shelf, one)));
    await this.record(outcomes);
    if (looks.some((one) => one.decision.again)) this.feed.wake();
    const now = toWrite.slice(0, shelf.atOnce ?? WRITE_AT_ONCE);
    if (now.length > 0) await this.write(shelf, now);
    return rows.length >= (shelf.readAtOnce ?? READ_AT_ONCE) || toWrite.length > 0;
  }

  private async gather(shelf: ShelfAccess): Promise<ShelfRow[]> {
    const all = performance.now() >= this.lookAtAllAtMs;
    if (all) this.lookAtAllAtMs = performance.now() + LOOK_AT_ALL_EVERY_MS;
    if (all) await wantAllShelves(this.database);
    const { feedLagMs } = this.shop.features;
    return wantedShelves(this.database, shelf.readAtOnce ?? READ_AT_ONCE, feedLagMs);
  }

  private decide(shelf: ShelfAccess, row: ShelfRow, read: ShelfReading, readAt: Date): Look {
    const { method, wholePieces } = shelf;
    const anchor =
      row.anchorNumber === undefined
        ? undefined
        : { number: row.anchorNumber, feedReadPast: row.feedReadPastAnchor };
    // Only who sells on lease has to prove what its shop may sell; another's readings would be for nothing.
    const told = row.told?.version === row.version ? row.told.allowance + row.kept : undefined;
    const decision = decideShelf({ ...row, method, wholePieces, anchor, told, exact: this.leases }, read);
    if (decision.editedByHand) {
      this.log.warn("the shop's number was changed by something that is no order of it", {
        channel: this.channel.code,
        article: row.article,
      });
    }
    return { row, read, readAt, decision, writeId: randomUUID() };
  }

  private async write(shelf: ShelfAccess, looks: Look[]): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const begun = looks.map((look) => ({
        article: look.row.article,
        writeId: look.writeId,
        allowance: allowedByBeginning(look.decision),
        ...(look.decision.to > 0n && { spends: look.row.version }),
      }));
      await beginWrites(tx, begun);
      return { events: [], answer: undefined };
    });
    const answers = await shelf.write(
      looks.map((look) => ({
        article: look.row.article,
        writeId: look.writeId,
        from: fromMilli(look.read.number),
        to: fromMilli(look.decision.to),
      })),
    );
    const byArticle = new Map(answers.map((answer) => [answer.article, answer]));
    const readBack = await this.readBack(shelf, answers);
    const answeredAt = await this.moments.next();
    const outcomes = looks.flatMap((look) => {
      const answer = byArticle.get(look.row.article);
      this.writes.inc({ outcome: answer?.outcome ?? 'unknown' });
      return answer ? [this.answered(shelf, look, answer, answeredAt, readBack)] : [];
    });
    await this.record(outcomes);
    // Sales that made a write fail, or that a number gives away, are in the feed now or soon.
    if (answers.some((answer) => answer.outcome === 'changed')) this.feed.wake();
  }

  /**
   * A lowered number of this kind does not undo sales that were not read yet: what the shop offers is read, not
   * assumed.
   */
  private async readBack(
    shelf: ShelfAccess,
    answers: readonly ShelfAnswer[],
  ): Promise<ReadonlyMap<string, ShelfNumber>> {
    if (shelf.method !== 'stocked') return new Map();
    const written = answers.filter((answer) => answer.outcome === 'set').map((answer) => answer.article);
    return written.length > 0 ? shelf.read(written) : new Map();
  }

  private answered(
    shelf: ShelfAccess,
    look: Look,
    answer: ShelfAnswer,
    at: Date,
    readBack: ReadonlyMap<string, ShelfNumber>,
  ): Outcome {
    const { row, decision } = look;
    if (answer.outcome === 'unknown-article') return this.refused(row, 'unknown-article');
    if (answer.outcome === 'refused') return this.refused(row, 'shop-refused', answer.text);
    if (answer.outcome === 'changed')
      return { result: { article: row.article, allowance: decision.allowance } };
    const back = readBack.get(row.article);
    const after = back
      ? toReading(back)
      : { number: answer.number === undefined ? decision.to : toMilli(answer.number), reserved: 0n };
    // A plain write may have erased a sale: only the feed tells, once it is read past this moment.
    const again =
      decision.again || shelf.method === 'absolute' || (this.leases && decision.provenByWrite === undefined);
    const kept = keptBack(shelf.method, decision.to, after);
    const told = this.leases ? toTell(row, more(decision.provenByWrite, kept)) : undefined;
    return {
      result: {
        article: row.article,
        done: row.wanted,
        allowance: more(decision.allowanceAfter, kept),
        told,
        anchor: { number: anchorOf(shelf.method, after), at },
        againAfter: again || kept > 0n ? at : undefined,
        editedByHand: decision.editedByHand,
        shown: { number: offeredBy(shelf.method, after), version: row.version },
      },
      event: this.shelfSet(shelf, look, after, told?.allowance),
    };
  }

  /** The shop shows what it should already, or nothing can be said before the feed has been read. */
  private unchanged(shelf: ShelfAccess, look: Look): Outcome {
    const { row, read, readAt, decision } = look;
    const known = decision.allowance !== undefined || shelf.method === 'stocked' || shelf.method === 'none';
    const offered = offeredBy(shelf.method, read);
    const renew = decision.renew === true && !row.renewed;
    const told = this.leases ? toTell(row, decision.proven, renew) : undefined;
    const news = known && (told !== undefined || row.shownVersion !== row.version || row.shown !== offered);
    const number = anchorOf(shelf.method, read);
    const anchor = decision.again && row.anchorNumber !== number ? { number, at: readAt } : undefined;
    return {
      result: {
        article: row.article,
        done: row.wanted,
        allowance: decision.allowance,
        told,
        renewed: renew ? row.version : undefined,
        anchor,
        againAfter: decision.again ? readAt : undefined,
        editedByHand: decision.editedByHand,
        shown: known ? { number: offered, version: row.version } : undefined,
      },
      event: news ? this.shelfSet(shelf, look, read, told?.allowance, renew) : undefined,
    };
  }

  private refused(row: ShelfRow, reason: 'unknown-article' | 'shop-refused', text?: string): Outcome {
    const refused = text ? `${reason}: ${fitText(text, 900)}` : reason;
    const event = shelfRefused(this.channel.code, row, reason, text);
    // Said once, not with every new level.
    return {
      result: { article: row.article, done: row.wanted, allowance: row.allowance, refused },
      event: row.refused === refused ? undefined : event,
    };
  }

  private shelfSet(
    { method }: ShelfAccess,
    look: Look,
    after: ShelfReading,
    allowance?: bigint,
    renew = false,
  ): Event {
    const { row, read, writeId } = look;
    const { code: channel } = this.channel;
    const written = { channel, article: row.article, version: row.version, writeId, method };
    return shelfSet(written, read, after, allowance, renew);
  }

  private async record(outcomes: readonly Outcome[]): Promise<void> {
    if (outcomes.length === 0) return;
    await this.unitOfWork.run(async (tx) => {
      await recordShelves(
        tx,
        outcomes.map((one) => one.result),
      );
      return { events: outcomes.flatMap((one) => one.event ?? []), answer: undefined };
    });
  }
}

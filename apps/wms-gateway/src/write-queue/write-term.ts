import { Fenced, type Term } from '../leadership.ts';
import { Wake } from '../wake.ts';
import { bookAnswers, countSettled } from './book-answers.ts';
import { StartTime } from './start-time.ts';
import { Turns } from './turns.ts';
import {
  keyOf,
  timedOut,
  type Answered,
  type Later,
  type OpenWrite,
  type Outcome,
  type WaitingWrite,
} from './write.ts';
import type { WriteParts } from './write-parts.ts';

/** How many writes of each lane are held ready, so that looking ahead is done in batches. */
const AHEAD_PER_LANE = 48;
const REFILL_BELOW = 16;
const GRACE_MS = 500;
/** For so many times its time-out a write that timed out is looked for before others are made. */
const LANDING_TIMEOUTS = 2;
const LANDING_LOOK_MS = { first: 50, most: 1_000 };
/** At most so many intents are open at one time; a process that is killed leaves them to be read back. */
const OPEN_AHEAD_MAX = 64;

/**
 * The writing of one term, as three loops side by side: one looks ahead, one commits intents and outcomes,
 * one sends. Requests are made one at a time; while one is under way, the outcomes before it and the
 * intents after it are committed.
 */
export class WriteTerm {
  private readonly ready = new Turns<WaitingWrite>();
  private readonly open = new Turns<OpenWrite>();
  /** Everything that is in memory, from the look ahead to the commit of its outcome. */
  private readonly held = new Set<string>();
  private answered: Answered[] = [];
  /** Running averages. */
  private sendMs = 0;
  private commitMs = 0;
  private readonly startTime: StartTime;
  private readonly toCommit = new Wake();
  private readonly toSend = new Wake();

  constructor(
    private readonly parts: WriteParts,
    private readonly term: Term,
  ) {
    this.startTime = new StartTime(parts.config.ORDER_TIMEOUT_MS);
  }

  async run(): Promise<void> {
    const { ongoing, orders } = this.parts;
    orders.forget();
    try {
      await Promise.all([this.keepAhead(), this.keepCommitting(), this.keepSending()]);
      // What was answered at the very end of a term is still recorded, if the lease allows it.
      if (this.answered.length > 0) await this.commit([]).catch(() => undefined);
    } finally {
      ongoing.permitWhile(() => false);
    }
  }

  private get over(): boolean {
    return this.term.ended.aborted;
  }

  private async keepAhead(): Promise<void> {
    const { signals, config, reachability } = this.parts;
    while (!this.over) {
      const pause = reachability.pauseMs();
      await signals.writes.wait(pause || config.QUEUE_POLL_MS, this.term.ended);
      if (this.over || reachability.pauseMs() > 0) continue;
      try {
        if (reachability.isBack()) await this.beginAnew();
        await this.lookAhead();
      } catch (error) {
        this.parts.log.debug('looking ahead failed, it is tried again', { error });
      }
    }
  }

  /** After an outage: in the order in which it came, and not in that of the tries that the outage has spoilt. */
  private async beginAnew(): Promise<void> {
    await this.parts.queue.hurry();
    for (const write of this.ready.clear()) {
      // Of an intent that ran out only this process knows that its request was never made.
      if ('startBy' in write) this.ready.add(write.lane, write);
      else this.held.delete(keyOf(write));
    }
  }

  private async lookAhead(): Promise<void> {
    const { queue, orders } = this.parts;
    // What was settled while the query ran is in its answer still.
    const heldBefore = new Set(this.held);
    const found = await queue.waiting(AHEAD_PER_LANE + this.held.size, this.term.epoch);
    const room = new Map<string, number>();
    const chosen = found.filter((write) => {
      if (heldBefore.has(keyOf(write)) || this.held.has(keyOf(write))) return false;
      const left = room.get(write.lane) ?? this.roomIn(write.lane);
      room.set(write.lane, left - 1);
      return left > 0;
    });
    if (chosen.length === 0) return;
    await orders.lookAhead(chosen.filter((write) => write.kind === 'order'));
    for (const write of chosen) {
      this.held.add(keyOf(write));
      this.ready.add(write.lane, write);
    }
    this.toCommit.ring();
  }

  /** Lanes are filled up in one go when they run low, not one by one. */
  private roomIn(lane: string): number {
    const size = this.ready.sizeOf(lane);
    return size > REFILL_BELOW ? 0 : AHEAD_PER_LANE - size;
  }

  private async keepCommitting(): Promise<void> {
    const { config, log } = this.parts;
    while (!this.over) {
      const missing = this.aheadAtOnce() - this.open.size;
      const next = this.takeReady(missing);
      if (this.answered.length === 0 && next.length === 0) {
        await this.toCommit.wait(config.QUEUE_POLL_MS * 5, this.term.ended);
        continue;
      }
      try {
        await this.commit(next);
      } catch (error) {
        if (error instanceof Fenced) {
          this.term.end();
          return;
        }
        for (const write of next) this.held.delete(keyOf(write));
        log.warn('what was written could not be recorded yet, it is tried again', { error });
        await this.toSend.wait(config.QUEUE_POLL_MS, this.term.ended);
      }
    }
  }

  /**
   * So many; where there are enough already, one of a lane that would be sent before them: a lone order does not wait
   * until the intents of a long lane are used up.
   */
  private takeReady(count: number): WaitingWrite[] {
    const { signals } = this.parts;
    const taken: WaitingWrite[] = [];
    const may = count > 0 ? undefined : (lane: string) => this.open.wouldComeFirst(lane);
    for (let i = 0; i < Math.max(1, count); i++) {
      const write = this.ready.take(may);
      if (!write) break;
      taken.push(write);
      if (this.ready.sizeOf(write.lane) === REFILL_BELOW) signals.writes.ring();
    }
    return taken;
  }

  /** One transaction: outcomes of what was answered, intents for what comes next. */
  private async commit(next: WaitingWrite[]): Promise<void> {
    const { config, queue, unitOfWork, signals } = this.parts;
    // A copy: answers that come while this commits belong to the next one.
    const answered = [...this.answered];
    const begun = performance.now();
    const { withinMs } = this.startTime;
    const deadlineMs = withinMs + config.ORDER_TIMEOUT_MS + GRACE_MS;
    const result = await unitOfWork.run(async (tx) => {
      await this.term.hold(tx, config.ONGOING_GOODS_OWNER_ID);
      const { events, settled } = await bookAnswers(this.parts, tx, answered);
      const opened = await queue.open(tx, next, {
        epoch: this.term.epoch,
        startBy: begun + withinMs,
        withinMs,
        deadlineMs,
      });
      return { events, answer: { opened, settled } };
    });
    this.commitMs += (performance.now() - begun - this.commitMs) / 8;
    this.answered = this.answered.slice(answered.length);
    for (const { write } of answered) this.held.delete(keyOf(write));
    const opened = new Set(result.opened.map(keyOf));
    for (const write of next) if (!opened.has(keyOf(write))) this.held.delete(keyOf(write));
    for (const write of result.opened) this.open.add(write.lane, write);
    countSettled(this.parts, result.settled);
    if (result.settled.length > 0) signals.stock.ring();
    // Behind a settled write there may be the next one of its number.
    if (answered.length > 0 && this.ready.size < REFILL_BELOW) signals.writes.ring();
    if (opened.size > 0) this.toSend.ring();
  }

  private async keepSending(): Promise<void> {
    const { config, reachability } = this.parts;
    while (!this.over) {
      const pause = reachability.pauseMs();
      if (pause > 0) {
        await this.toSend.wait(pause, this.term.ended);
        continue;
      }
      const write = this.open.take();
      if (!write) {
        await this.toSend.wait(config.QUEUE_POLL_MS * 5, this.term.ended);
        continue;
      }
      this.toCommit.ring();
      await this.send(write);
    }
  }

  private async send(write: OpenWrite): Promise<void> {
    const { ongoing } = this.parts;
    const mayStart = () => this.term.mayStart() && performance.now() < write.startBy;
    if (!mayStart()) {
      this.again(write);
      return;
    }
    ongoing.permitWhile(mayStart);
    const startedAt = performance.now();
    const verdict = await this.landed(write, await this.parts.attempt(write));
    this.sendMs += (performance.now() - startedAt - this.sendMs) / 8;
    if (verdict.kind === 'later' && verdict.expired) {
      this.again(write);
      return;
    }
    this.startTime.started();
    this.answered.push({ write, verdict });
    this.toCommit.ring();
  }

  /**
   * Ongoing carries writes out one by one: while one that timed out may still be done there, the next would only wait
   * behind it and time out as well. So it is looked for first, for a while.
   */
  private async landed(write: OpenWrite, verdict: Outcome | Later): Promise<Outcome | Later> {
    // An article cannot be told from what it was before, and writing it again changes nothing.
    if (!timedOut(verdict) || write.kind === 'article') return verdict;
    const until = performance.now() + LANDING_TIMEOUTS * this.parts.config.ORDER_TIMEOUT_MS;
    const sent = { ...write, sentBefore: true, tries: 1, lastFault: verdict.fault };
    let pauseMs = LANDING_LOOK_MS.first;
    while (!this.over && performance.now() < until) {
      await new Wake().wait(pauseMs, this.term.ended);
      pauseMs = Math.min(2 * pauseMs, LANDING_LOOK_MS.most);
      const look = await this.parts.attempt(sent);
      if (look.kind !== 'later') return look;
      // Nobody answers, so there is nobody to look with.
      if (!timedOut(look)) break;
    }
    return verdict;
  }

  /** Its time ran out before it was sent: it takes a new intent, which lasts longer. */
  private again(write: OpenWrite): void {
    const { subject, withinMs, startBy } = write;
    if (performance.now() >= startBy && this.startTime.ranOut(withinMs)) {
      const { log } = this.parts;
      log.warn('a write could not start in time, its next intent lasts longer', {
        number: subject,
        duration_ms: withinMs,
      });
    }
    this.ready.add(write.lane, write);
    this.toCommit.ring();
  }

  /**
   * As many as are sent while one transaction commits, so that quick answers do not wait for it; at slow
   * answers, one.
   */
  private aheadAtOnce(): number {
    const ahead = this.sendMs === 0 ? 1 : Math.ceil((1.5 * this.commitMs) / this.sendMs);
    return Math.min(OPEN_AHEAD_MAX, Math.max(1, ahead));
  }
}

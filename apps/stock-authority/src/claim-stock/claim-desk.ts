import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import { CONFIG, Log, Metrics } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import type { StockAuthorityConfig } from '../config.ts';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { reviewQueue } from '../review-queue/review-queue.ts';
import { countOfBuyers, countOfChannel } from '../tables/claims.ts';
import { closeBook, openBook } from '../tables/open-book.ts';
import { AskAgain } from './ask-again.ts';
import type { Claim } from './claim.ts';
import { type ClaimCommand, type ClaimOutcome, decideClaim } from './decide-claim.ts';
import { WaitingRoom } from './waiting-room.ts';

/** A command as it was asked for: its time counts from when it is decided. */
export type ClaimRequest = ClaimCommand extends infer Command
  ? Command extends { expiresAt: Date }
    ? Omit<Command, 'expiresAt'> & { readonly expiresInS: number }
    : Command
  : never;

interface Waiting {
  readonly request: ClaimRequest;
  readonly sinceMs: number;
  readonly answer: (outcome: ClaimOutcome) => void;
  readonly fail: (error: unknown) => void;
}

/** Enough for a batch to be worth its transaction, few enough for its rows to be quick. */
const BATCH_MOST = 512;
const RETRY_AFTER_S = 1;

/**
 * Decides claims in batches: whatever came while the last batch was committed is the next one, so a quiet moment costs
 * one transaction and a rush few more. Nobody is answered before the commit.
 */
@Injectable()
export class ClaimDesk implements BeforeApplicationShutdown {
  private waiting: Waiting[] = [];
  /** Keys that are being opened, so that the same key is not decided twice at once. */
  private readonly opening = new Set<string>();
  private readonly room: WaitingRoom;
  private working: Promise<void> | undefined;
  private ending = false;
  private readonly held = new Map<string, number>();
  private countedAt = 0;
  private readonly decided;

  constructor(
    @Inject(CONFIG) private readonly config: StockAuthorityConfig,
    private readonly terms: StockTerms,
    private readonly unitOfWork: UnitOfWork,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.room = new WaitingRoom(config.CLAIMS_WAIT_MOST_MS);
    this.decided = metrics.counter('samlast_claims_total', 'Requests about claims by what became of them', [
      'kind',
      'outcome',
    ]);
  }

  /** Throws AskAgain at once when more wait than can be served soon. */
  ask(request: ClaimRequest): Promise<ClaimOutcome> {
    if (this.ending) throw new AskAgain('ending', RETRY_AFTER_S);
    if (this.waiting.length >= this.config.CLAIMS_WAITING_MOST) this.refuse(request);
    // Who changes a claim holds its pieces already: only new ones can be put off.
    if (request.kind !== 'open') return this.queue(request);
    const name = `${request.channel}/${request.key}`;
    if (this.opening.has(name)) throw new AskAgain('in-flight', RETRY_AFTER_S);
    if (!this.room.enter(request.needs.keys())) this.refuse(request);
    this.opening.add(name);
    return this.queue(request).finally(() => {
      this.opening.delete(name);
      this.room.leave(request.needs.keys());
    });
  }

  private queue(request: ClaimRequest): Promise<ClaimOutcome> {
    return new Promise<ClaimOutcome>((answer, fail) => {
      this.waiting.push({ request, sinceMs: performance.now(), answer, fail });
      this.working ??= this.work();
    });
  }

  private refuse({ kind }: ClaimRequest): never {
    this.decided.inc({ kind, outcome: 'full' });
    throw new AskAgain('full', RETRY_AFTER_S);
  }

  /** What was asked for is still decided and answered. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ending = true;
    await this.working;
  }

  private async work(): Promise<void> {
    // What is asked for in the same turn of the event loop is one batch.
    await Promise.resolve();
    while (this.waiting.length > 0) await this.decideAll(this.waiting.splice(0, BATCH_MOST));
    this.working = undefined;
  }

  private async decideAll(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.unitOfWork.run(async (tx) => this.decide(tx, batch));
      this.room.answered(performance.now() - (batch[0]?.sinceMs ?? Infinity));
      for (const [index, one] of batch.entries()) {
        const outcome = outcomes[index] ?? { outcome: 'unknown' };
        this.decided.inc({ kind: one.request.kind, outcome: nameOf(outcome) });
        one.answer(outcome);
      }
    } catch (error) {
      // One request that cannot be decided must not take its neighbours with it.
      if (batch.length === 1) batch[0]?.fail(error);
      else {
        this.log.warn('claims are decided one by one, since together they failed', {
          count: batch.length,
          error,
        });
        for (const one of batch) await this.decideAll([one]);
      }
    }
  }

  private async decide(tx: EntityManager, batch: readonly Waiting[]) {
    const requests = batch.map((one) => one.request);
    const opened = requests.filter((request) => request.kind === 'open');
    const buyers = opened.flatMap(({ channel, buyer }) => (buyer === undefined ? [] : [{ channel, buyer }]));
    const terms = await this.terms.at(tx);
    // Sent together: what buyers hold is a quota and need not be of the same moment as the articles.
    const [now, byChannel, byBuyer, book] = await Promise.all([
      timeOf(tx),
      this.heldBy(tx, new Set(opened.map((request) => request.channel))),
      countOfBuyers(tx, buyers),
      openBook(tx, terms, {
        articles: new Set(opened.flatMap((request) => [...request.needs.keys()])),
        claims: requests,
      }),
    ]);
    const counts = { byChannel, byBuyer };
    const answer = requests.map((request): ClaimOutcome => {
      const outcome = decideClaim(book, commandOf(request, now), counts);
      // Later requests of the batch may change the claim; who asked gets it as it was then.
      return outcome.outcome === 'claim' ? { ...outcome, claim: { ...outcome.claim } as Claim } : outcome;
    });
    reviewQueue(book);
    return { events: await closeBook(tx, book), answer };
  }

  /**
   * A channel's quota keeps one broken shop from taking everything. It need not be exact, so it is counted once a
   * second and not once a batch: what was opened since is added, what has ended since is found out with the next count.
   */
  private async heldBy(tx: EntityManager, channels: ReadonlySet<string>): Promise<Map<string, number>> {
    if (performance.now() - this.countedAt > COUNT_KEPT_MS) {
      this.held.clear();
      this.countedAt = performance.now();
    }
    for (const channel of channels) {
      if (this.held.has(channel)) continue;
      const most = this.terms.channels.find((one) => one.code === channel)?.claimsMost ?? 0;
      this.held.set(channel, await countOfChannel(tx, channel, most));
    }
    return this.held;
  }
}

/** How old a count of a channel's claims may be. */
const COUNT_KEPT_MS = 1_000;

function commandOf(request: ClaimRequest, now: Date): ClaimCommand {
  if (!('expiresInS' in request)) return request;
  const { expiresInS, ...rest } = request;
  return { ...rest, expiresAt: new Date(now.getTime() + expiresInS * 1000) };
}

async function timeOf(tx: EntityManager): Promise<Date> {
  const rows: { now: Date }[] = await tx.query('SELECT clock_timestamp() AS now');
  return rows[0]?.now ?? new Date();
}

const nameOf = (outcome: ClaimOutcome) =>
  outcome.outcome === 'claim' ? outcome.claim.state : outcome.outcome;

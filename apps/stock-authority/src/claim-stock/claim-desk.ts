import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import { CONFIG, Log, Metrics } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import type { StockAuthorityConfig } from '../config.ts';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { reviewQueue } from '../review-queue/review-queue.ts';
import { claimName } from '../tables/article-book.ts';
import { countOfChannel, timeAndHeld } from '../tables/claims.ts';
import { closeBook, openBook } from '../tables/open-book.ts';
import { AskAgain, type WhyAgain } from './ask-again.ts';
import type { Claim } from './claim.ts';
import { type ClaimRequest, commandOf, type Opening } from './claim-request.ts';
import { type ClaimOutcome, decideClaim } from './decide-claim.ts';
import { Lane, type Waiting } from './lane.ts';
import { Pace } from './pace.ts';

/** For so long after somebody was put off for its sake, an article is decided on apart. */
const CROWDED_MS = 10_000;
/** How old a count of a channel's claims may be. */
const COUNT_KEPT_MS = 1_000;

/** Decides claims in batches. Nobody is answered before the commit. */
@Injectable()
export class ClaimDesk implements BeforeApplicationShutdown {
  /** Everything, while there is no crowd. */
  private readonly main: Lane;
  /**
   * New claims on articles that more want than can be served, so that a batch with many of them keeps no buyer of
   * another article waiting; and changes of claims, which may be on those articles, while there are such.
   */
  private readonly crowd: Lane;
  private readonly changes: Lane;
  /** Until when an article is taken for crowded. */
  private readonly crowds = new Map<string, number>();
  /** Keys that are being opened, so that the same key is not decided twice at once. */
  private readonly opening = new Set<string>();
  /** Where buyers wait: all claims of one in one lane, so that they are counted one after another. */
  private readonly buyers = new Map<string, { readonly lane: Lane; claims: number }>();
  private ending = false;
  private readonly held = new Map<string, number>();
  private countedAt = 0;
  private readonly decided;
  private readonly putOff = new Map<ClaimRequest['kind'], { inc(): void }>();

  constructor(
    @Inject(CONFIG) private readonly config: StockAuthorityConfig,
    private readonly terms: StockTerms,
    private readonly unitOfWork: UnitOfWork,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    const lane = (pace?: Pace) =>
      new Lane(config.CLAIMS_WAIT_MOST_MS, (batch) => this.decideAll(batch), pace);
    // The crowd's lane begins with what is known of the main one: it comes at the moment in which a belief would let in
    // all at once that a slow database can commit in half a second.
    const pace = new Pace();
    [this.main, this.crowd, this.changes] = [lane(pace), lane(pace), lane()];
    this.decided = metrics.counter('samlast_claims_total', 'Requests about claims by what became of them', [
      'kind',
      'outcome',
    ]);
  }

  /** Why a new claim would be put off whatever it wants: to be asked before anything of it is read. */
  putsOffAll(): WhyAgain | undefined {
    if (this.ending) return 'ending';
    const nowMs = performance.now();
    const full =
      this.isOverflowing() ||
      (this.main.room.isFull(nowMs) && (!this.hasCrowd(nowMs) || this.crowd.room.isFull(nowMs)));
    return full ? this.count('full') : undefined;
  }

  /** Why a new claim on these articles would be put off, where a crowd wants them: before it is read in full. */
  putsOffCrowd(articles: readonly string[]): WhyAgain | undefined {
    const nowMs = performance.now();
    if (!this.hasCrowd(nowMs) || !articles.some((article) => this.crowds.has(article))) return undefined;
    const entrance = this.crowd.room.entranceFor(articles, nowMs);
    if (entrance.open) return undefined;
    if (entrance.crowd !== undefined) this.crowds.set(entrance.crowd, nowMs + CROWDED_MS);
    return this.count('full');
  }

  /** Takes a new claim in, which is then answered; or tells at once why it is to be asked for again. */
  open(request: Opening, answer: Waiting['answer'], fail: Waiting['fail']): WhyAgain | undefined {
    if (this.ending) return 'ending';
    const name = claimName(request);
    if (this.opening.has(name)) return 'in-flight';
    const buyer = request.buyer === undefined ? undefined : `${request.channel}/${request.buyer}`;
    const lane = this.isOverflowing() ? undefined : this.laneFor(request, buyer);
    if (!lane) return this.count('full');
    this.opening.add(name);
    const done = () => {
      this.opening.delete(name);
      if (buyer !== undefined) this.forget(buyer);
    };
    lane.join({
      request,
      answer: (outcome) => {
        done();
        answer(outcome);
      },
      fail: (error) => {
        done();
        fail(error);
      },
    });
    return undefined;
  }

  /** Throws AskAgain at once when more wait than can be served soon. */
  ask(request: ClaimRequest): Promise<ClaimOutcome> {
    return new Promise((answer, fail) => {
      const why =
        request.kind === 'open' ? this.open(request, answer, fail) : this.change(request, answer, fail);
      if (why) fail(new AskAgain(why));
    });
  }

  /** Who changes a claim holds its pieces already: only new ones are put off for time's sake. */
  private change(
    request: ClaimRequest,
    answer: Waiting['answer'],
    fail: Waiting['fail'],
  ): WhyAgain | undefined {
    if (this.ending) return 'ending';
    if (this.isOverflowing()) return this.count('full', request.kind);
    const lane = this.hasCrowd(performance.now()) ? this.changes : this.main;
    lane.room.letIn([]);
    lane.join({ request, answer, fail });
    return undefined;
  }

  /** The lane that has let it in. */
  private laneFor({ needs }: Opening, buyer: string | undefined): Lane | undefined {
    const nowMs = performance.now();
    const known = buyer === undefined ? undefined : this.buyers.get(buyer);
    const crowded = this.hasCrowd(nowMs) && [...needs.keys()].some((article) => this.crowds.has(article));
    const lane = known?.lane ?? (crowded ? this.crowd : this.main);
    const entrance = lane.room.enter(needs.keys(), nowMs);
    if (!entrance.open) {
      if (entrance.crowd !== undefined) this.crowds.set(entrance.crowd, nowMs + CROWDED_MS);
      return undefined;
    }
    if (known) known.claims += 1;
    else if (buyer !== undefined) this.buyers.set(buyer, { lane, claims: 1 });
    return lane;
  }

  private forget(buyer: string): void {
    const known = this.buyers.get(buyer);
    if (!known) return;
    known.claims -= 1;
    if (known.claims === 0) this.buyers.delete(buyer);
  }

  private hasCrowd(nowMs: number): boolean {
    for (const [article, untilMs] of this.crowds) if (untilMs < nowMs) this.crowds.delete(article);
    return this.crowds.size > 0;
  }

  private isOverflowing(): boolean {
    const waiting = this.main.waiting + this.crowd.waiting + this.changes.waiting;
    return waiting >= this.config.CLAIMS_WAITING_MOST;
  }

  private count(why: 'full', kind: ClaimRequest['kind'] = 'open'): WhyAgain {
    // Looked up by its labels once: in a rush there are thousands a second.
    const counter = this.putOff.get(kind) ?? this.decided.labels({ kind, outcome: why });
    this.putOff.set(kind, counter);
    counter.inc();
    return why;
  }

  /** What was asked for is still decided and answered. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ending = true;
    await Promise.all([this.main, this.crowd, this.changes].map((lane) => lane.settled()));
  }

  private async decideAll(batch: readonly Waiting[]): Promise<() => void> {
    try {
      const outcomes = await this.unitOfWork.run(async (tx) => this.decide(tx, batch));
      return () => this.tell(batch, outcomes);
    } catch (error) {
      // One request that cannot be decided must not take its neighbours with it.
      if (batch.length === 1) return () => batch[0]?.fail(error);
      const count = batch.length;
      this.log.warn('claims are decided one by one, since together they failed', { count, error });
      for (const one of batch) (await this.decideAll([one]))();
      return () => {};
    }
  }

  private tell(batch: readonly Waiting[], outcomes: readonly ClaimOutcome[]): void {
    const counts = new Map<string, { kind: string; outcome: string; count: number }>();
    for (const [index, { request, answer }] of batch.entries()) {
      const outcome = outcomes[index] ?? { outcome: 'unknown' };
      const named = { kind: request.kind, outcome: nameOf(outcome) };
      const name = `${named.kind}/${named.outcome}`;
      const counted = counts.get(name);
      if (counted) counted.count += 1;
      else counts.set(name, { ...named, count: 1 });
      answer(outcome);
    }
    for (const { count, ...labels } of counts.values()) this.decided.inc(labels, count);
  }

  private async decide(tx: EntityManager, batch: readonly Waiting[]) {
    const requests = batch.map((one) => one.request);
    const opened = requests.filter((request) => request.kind === 'open');
    const changed = new Set(requests.flatMap((one) => (one.kind === 'open' ? [] : [claimName(one)])));
    const buyers = opened.flatMap(({ channel, buyer }) => (buyer === undefined ? [] : [{ channel, buyer }]));
    const terms = await this.terms.at(tx);
    // Sent together: what buyers hold is a quota and need not be of the same moment as the articles.
    const [{ nowMs, byBuyer }, byChannel, book] = await Promise.all([
      timeAndHeld(tx, buyers),
      this.heldBy(tx, new Set(opened.map((request) => request.channel))),
      openBook(tx, terms, {
        articles: new Set(opened.flatMap((request) => [...request.needs.keys()])),
        claims: requests.filter((request) => request.kind !== 'open'),
        newClaims: opened,
      }),
    ]);
    const counts = { byChannel, byBuyer };
    const answer = requests.map((request): ClaimOutcome => {
      const outcome = decideClaim(book, commandOf(request, nowMs), counts);
      // A later request of the batch may change the claim; who asked gets it as it was then.
      if (outcome.outcome !== 'claim' || !changed.has(claimName(request))) return outcome;
      return { ...outcome, claim: { ...outcome.claim } as Claim };
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

const nameOf = (outcome: ClaimOutcome) =>
  outcome.outcome === 'claim' ? outcome.claim.state : outcome.outcome;

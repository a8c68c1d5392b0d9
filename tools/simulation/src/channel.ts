import type { Mail, MailData } from './bus.ts';
import type { ChannelPlan } from './scenario.ts';
import { readingOf, soldOf } from './readings.ts';
import { Shelves } from './shelves.ts';
import { Shop, type Version } from './shop.ts';
import type { World } from './world.ts';

/** One article of one order, as the channel's table holds it; thousandths. */
export interface Line {
  readonly row: string;
  readonly article: string;
  sold: bigint;
  imported: bigint;
  fulfilled: bigint;
  unsettled: boolean;
  told: bigint;
  /** A call that fulfils it has begun and may have been carried out. */
  begun: boolean;
  countedFrom?: number;
  /** So many pieces levels from there on do not contain. */
  counted: bigint;
}

export interface KnownOrder {
  readonly id: string;
  number?: string;
  readonly shopNumber: string;
  state: string;
  decision: string;
  revision: number;
  sentRevision?: number;
  digest?: string;
  readonly placedAt?: string;
  changedAt: string;
  attention?: string;
  lines: Line[];
}

interface Job {
  readonly kind: 'fulfil' | 'cancel';
  readonly order: string;
}

interface FeedRead {
  readonly startedAt: number;
  from: number;
  /** Where the cursor stood when it began. */
  readonly position: number;
  readonly deep: boolean;
  pages: number;
}

const PAGE = 3;
const REFUSED = 'order.amendment-refused';

/** What a channel's service does: its tables, and what a process of it has in memory. */
export class Channel {
  readonly code: string;
  readonly leases: boolean;
  readonly shop: Shop;
  readonly shelves: Shelves;
  readonly orders = new Map<string, KnownOrder>();
  readonly byNumber = new Map<string, KnownOrder>();
  /** When the last complete read of the feed was started. */
  readStartedAt?: number;
  silent = false;
  jobs: Job[] = [];
  private position = 0;
  private readFrom = 0;
  private feed?: FeedRead;
  private wanted = true;

  constructor(
    readonly world: World,
    readonly plan: ChannelPlan,
  ) {
    this.code = plan.channel.code;
    this.leases = plan.channel.mode === 'lease';
    this.silent = plan.isLate;
    this.shop = new Shop(plan, (lag) => (lag === 0 ? 0 : world.feedDelay(lag)));
    this.shelves = new Shelves(this);
  }

  handle(topic: string, mails: readonly Mail[]): boolean {
    if (topic === 'stock.levels') this.shelves.hearLevels(mails.map((mail) => mail.data));
    else if (topic === 'stock.orders') this.hearDecisions(mails);
    else
      for (const { data } of mails) {
        const order = this.byNumber.get(data.number);
        if (order) this.jobs.push({ kind: 'fulfil', order: order.id });
      }
    return true;
  }

  private hearDecisions(mails: readonly Mail[]): void {
    const last = new Map<string, string>();
    const articles = new Set<string>();
    for (const { type, data } of mails) {
      const decision = decisionOf(type, data);
      const order = this.byNumber.get(data.number);
      if (!order) throw new Error(`${this.code} never imported ${data.number}`);
      for (const line of order.lines) articles.add(line.article);
      if (decision) last.set(data.number, decision);
      // What was decided of an older revision says nothing of the lines as they were sent on since.
      const isOfThese = data.revision >= (order.sentRevision ?? 1);
      for (const { article, version } of (decision || type === REFUSED) && isOfThese
        ? (data.counted ?? [])
        : [])
        for (const line of order.lines)
          if (line.article === article) Object.assign(line, { countedFrom: version, counted: line.imported });
      if (type === 'order.rejected') this.jobs.push({ kind: 'cancel', order: order.id });
    }
    for (const [number, decision] of last) {
      const order = this.byNumber.get(number);
      if (!order) continue;
      order.decision = decision;
      if (decision !== 'rejected' && decision !== 'released') continue;
      for (const line of order.lines) {
        const restocks = decision === 'rejected' && this.plan.restocks;
        if (restocks) line.countedFrom = undefined;
        line.unsettled = restocks
          ? order.state !== 'cancel-requested' && order.state !== 'cancelled'
          : line.unsettled && line.countedFrom !== undefined;
      }
    }
    for (const article of articles) {
      this.shelves.settle(article);
      this.shelves.want(article);
    }
  }

  /** One step of reading the feed: a page, or the end. */
  stepFeed(): boolean {
    const { world } = this;
    const feed = this.feed;
    if (!feed) {
      if (!this.wanted && !world.random.oneIn(8)) return false;
      this.wanted = false;
      const deep = world.random.oneIn(10) ? 300 : 0;
      this.feed = {
        startedAt: world.now,
        from: Math.max(0, Math.min(this.position, this.readFrom) - this.plan.feedLag - 1 - deep),
        position: this.position,
        deep: deep > 0,
        pages: 0,
      };
      return true;
    }
    const page = this.shop.changed(feed.from, world.now).slice(0, PAGE);
    if (page.length > 0) this.importPage(page);
    const last = page.at(-1);
    if (last && page.length === PAGE) {
      this.position = Math.max(this.position, last.changedAt);
      feed.from = last.changedAt + 1;
      feed.pages++;
      return true;
    }
    if (last) this.position = Math.max(this.position, last.changedAt);
    this.readStartedAt = Math.max(this.readStartedAt ?? 0, feed.startedAt);
    this.readFrom = feed.position;
    if (feed.deep) this.shelves.wantAll();
    this.feed = undefined;
    if (world.tracing) world.trace(`${this.code} has read its feed from ${feed.startedAt}`);
    return true;
  }

  /** Something will be in the feed now or soon. */
  wakeFeed(): void {
    this.wanted = true;
  }

  get hasReadFeed(): boolean {
    return !this.feed && !this.wanted;
  }

  get feedPages(): number {
    return this.feed?.pages ?? 0;
  }

  /** Whether everything that happened before this moment has been read. */
  readPast(at: number | undefined): boolean {
    return (
      at !== undefined && this.readStartedAt !== undefined && at < this.readStartedAt - this.plan.feedLag
    );
  }

  private importPage(page: readonly Version[]): void {
    const { world } = this;
    for (const order of page) {
      const known = this.orders.get(order.id);
      const changedAt = world.iso(order.changedAt);
      // The same reading again says nothing new; now and then that is put to the test.
      if (known?.changedAt === changedAt && !world.random.oneIn(16)) continue;
      const rules = { channel: this.plan.channel, restocksCancelled: this.plan.restocks };
      const reading = readingOf(order, world);
      const result = world.deciders.importOrder(known as never, reading, rules);
      if (!result.order) continue;
      this.record(known, result.order as unknown as KnownOrder);
      if (!result.event) {
        if (known || order.state !== 'cancelled') continue;
        world.faults.strike('cancel in a shop before its order was read');
        world.auditor.neverSent(this, order);
        if (order.claimKey !== undefined) world.buyers.endsWithout(this, order.claimKey);
        continue;
      }
      if (result.event.type === 'order.amended') {
        world.faults.strike('change of an order told');
        world.auditor.changeTold(this, order, result.order.revision);
      }
      if (world.tracing) world.trace(`${this.code} says ${result.event.type} ${result.event.key}`);
      world.post('authority', 'channel.orders', result.event);
    }
  }

  private record(known: KnownOrder | undefined, next: KnownOrder): void {
    const before = known?.lines ?? [];
    this.shelves.addSold(known, next);
    const lines = next.lines.map((line): Line => {
      const old = before.find((one) => one.row === line.row && one.article === line.article);
      const { row, article, sold, imported, fulfilled, unsettled } = line;
      if (old) return Object.assign(old, { sold, imported, fulfilled, unsettled });
      const rest = { told: 0n, counted: 0n, begun: false };
      const fresh: Line = { row, article, sold, imported, fulfilled, unsettled, ...rest };
      this.shelves.addLine(fresh);
      return fresh;
    });
    const order = known ? Object.assign(known, next, { lines }) : { ...next, lines };
    this.orders.set(order.id, order);
    if (order.number) this.byNumber.set(order.number, order);
  }

  /** One call to the shop. The shop knows a parcel or a cancel that it was told before. */
  stepJobs(): boolean {
    const { world } = this;
    const [job] = this.jobs;
    if (!job) return false;
    const known = this.orders.get(job.order);
    const order = this.shop.orders.get(job.order);
    if (!known || !order) throw new Error('a job without an order');
    // What a fulfilment takes off the number must not be written over: the two take turns.
    if (this.plan.method === 'stocked' && this.shelves.looking) return false;
    if (job.kind === 'fulfil') for (const line of known.lines) line.begun = true;
    if (job.kind === 'cancel') {
      if (this.shop.cancel(order, world.now)) world.auditor.isPutBack(this, order);
    } else this.shop.fulfil(order, (article) => soldOf(known, article), world.now);
    if (world.tracing) world.trace(`${this.code} tells its shop: ${job.kind} ${job.order}`);
    if (world.mayFault() && world.random.oneIn(20)) return true;
    this.jobs.shift();
    if (job.kind === 'fulfil')
      for (const line of known.lines) Object.assign(line, { told: line.sold, begun: false });
    for (const line of known.lines) this.shelves.want(line.article);
    this.wakeFeed();
    return true;
  }

  crash(): void {
    this.world.faults.strike('channel crashed');
    if (this.world.tracing) this.world.trace(`${this.code} crashed`);
    this.feed = undefined;
    this.readFrom = 0;
    this.wanted = true;
    this.shelves.crash();
  }
}

function decisionOf(type: string, data: MailData): string | undefined {
  switch (type) {
    case 'order.reserved':
      return 'reserved';
    case 'order.short':
      return data.outcome === 'held' || data.outcome === 'backordered' ? 'held' : undefined;
    case 'order.waiting':
      return 'open';
    case 'order.rejected':
      return 'rejected';
    case 'order.released':
      return data.cause === 'rejected' ? undefined : 'released';
    default:
      return undefined;
  }
}

import type { KnownFigures } from '@samlast/wms-gateway/decisions';
import type { GatewayTables, Write } from './gateway-tables.ts';
import type { World } from './world.ts';

interface Read {
  readonly articles: readonly string[];
  readonly started: number;
  /** Its answer is on its way until then. */
  answeredAt?: number;
  /** What the warehouse answered, once it has. */
  seen?: Map<string, { sellable: number; had: number }>;
  ended?: number;
  flying?: { number: string; revision: number; articles: readonly string[] }[];
}

/** Reads of stock, each between two ticks of the counter, several at a time, and what is told of them. */
export class Reads {
  private readonly known = new Map<string, KnownFigures>();
  private reads: Read[] = [];

  constructor(
    private readonly world: World,
    private readonly gateway: GatewayTables,
  ) {}

  get idle(): boolean {
    if (this.reads.length > 0) return false;
    for (const { started, unsettled } of this.known.values()) if (unsettled > started) return false;
    return true;
  }

  unsettle(article: string, step: number): void {
    const known = this.figures(article);
    if (known.unsettled < step) this.known.set(article, { ...known, unsettled: step });
  }

  private figures(article: string): KnownFigures {
    return this.known.get(article) ?? { figures: undefined, started: 0, ended: 0, unsettled: 0 };
  }

  /** For the count of faults only. */
  writeOpened(_write: Write): void {
    if (this.reads.some((read) => read.ended === undefined))
      this.world.faults.strike('write in flight during a stock read');
  }

  step(): boolean {
    const { random, scenario } = this.world;
    const seldom = scenario.extras.slowReads ? 2 : 4;
    const read = this.reads.length > 0 && !random.oneIn(seldom) ? random.pick(this.reads) : undefined;
    if (!read) return this.start();
    if (!read.seen) this.see(read);
    else if ((read.answeredAt ?? 0) > this.world.now && !this.world.calm) return false;
    else if (read.ended === undefined) this.end(read);
    else this.tell(read);
    return true;
  }

  private start(): boolean {
    const { random, scenario } = this.world;
    const { slowReads } = scenario.extras;
    if (this.reads.length >= (slowReads ? 6 : 3)) return false;
    const touched = this.world.offers.filter((article) => {
      const { started, unsettled } = this.figures(article);
      return unsettled > started;
    });
    const all = random.oneIn(slowReads ? 3 : 12);
    if (touched.length === 0 && !all) return false;
    this.begin(all ? this.world.offers : touched);
    return true;
  }

  begin(articles: readonly string[]): void {
    this.reads.push({ articles, started: ++this.gateway.steps });
  }

  private see(read: Read): void {
    const { warehouse, auditor, scenario, random, now } = this.world;
    if (scenario.extras.slowReads && random.oneIn(2)) read.answeredAt = now + random.between(1, 300);
    read.seen = new Map(
      read.articles.map((article) => [
        article,
        { sellable: warehouse.sellable(article), had: auditor.hasNow(article) },
      ]),
    );
  }

  private end(read: Read): void {
    const open = [...this.gateway.writes.values()].flat().filter((write) => write.sent !== undefined);
    const closed = this.gateway.closed.filter((one) => one.closed > read.started);
    read.ended = ++this.gateway.steps;
    read.flying = [...open, ...closed].map(({ number, revision, articles }) => ({
      number,
      revision,
      articles,
    }));
  }

  private tell(read: Read): void {
    const { world } = this;
    this.reads.splice(this.reads.indexOf(read), 1);
    for (const article of read.articles) {
      const seen = read.seen?.get(article);
      if (!seen || read.ended === undefined) continue;
      const known = this.figures(article);
      const figures = {
        status: 'active' as const,
        sellable: BigInt(seen.sellable) * 1000n,
        incoming: undefined,
      };
      if (known.started >= read.started) world.faults.strike('stock read overtaken by a newer one');
      const { started, ended } = read;
      const worth = world.deciders.worthTelling(known, figures, { started, begun: started, ended });
      if (worth === 'read-again') {
        world.faults.strike('two reads of stock at a time said different things');
        this.unsettle(article, ++this.gateway.steps);
      }
      if (worth !== 'tell') continue;
      this.known.set(article, { ...known, figures, started, ended });
      const inFlight = (read.flying ?? [])
        .filter((write) => write.articles.includes(article))
        .map(({ number, revision }) => ({ number, revision }));
      world.auditor.readTold(article, read.started, seen.had);
      this.gateway.say('wms.stock', {
        type: 'stock.observed',
        key: article,
        data: {
          article,
          status: 'active',
          sellable: String(seen.sellable),
          started,
          ended,
          inFlight,
          at: AT,
        },
      });
    }
  }

  crash(): void {
    // A gateway that has lost the lead without ending still tells what it has read.
    if (!this.world.scenario.extras.slowReads) this.reads = [];
    else if (this.reads.length > 0) this.world.faults.strike('read of a gateway that has lost the lead');
  }
}

const AT = '2026-11-24T10:00:00Z';

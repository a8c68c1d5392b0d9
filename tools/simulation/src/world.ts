import { Auditor } from './auditor.ts';
import { Authority } from './authority.ts';
import { Bus } from './bus.ts';
import { Buyers } from './buyers.ts';
import { Channel } from './channel.ts';
import type { Deciders } from './deciders.ts';
import { Faults } from './faults.ts';
import { Gateway } from './gateway.ts';
import { apart } from './kits.ts';
import { Payers } from './payers.ts';
import { Random } from './random.ts';
import type { Extras } from './extras.ts';
import { type Process, type Scenario, scenarioOf } from './scenario.ts';
import { Happenings } from './happenings.ts';
import { add, type Pieces } from './pieces.ts';
import { Warehouse } from './warehouse.ts';

const BASE_MS = Date.parse('2026-11-24T10:00:00Z');

/** Everything in one process, on one clock, driven by one seed. */
export class World {
  readonly random: Random;
  readonly scenario: Scenario;
  readonly faults = new Faults();
  readonly bus: Bus;
  readonly auditor: Auditor;
  readonly warehouse: Warehouse;
  readonly authority: Authority;
  readonly gateway: Gateway;
  readonly channels: readonly Channel[];
  readonly buyers: Buyers;
  readonly payers: Payers;
  readonly happenings: Happenings;
  now = 1;
  steps = 0;
  /** No more faults and no more buyers: everything that is under way comes to its end. */
  calm = false;
  readonly log: string[] = [];
  private readonly total: number;
  private readonly processes: Process[] = [];
  /** Up to where in the draw each of them is meant. */
  private readonly until: number[] = [];
  private readonly texts = new Map<number, string>();

  constructor(
    readonly seed: number,
    readonly deciders: Deciders,
    extras: Extras,
    readonly tracing = false,
  ) {
    this.random = new Random(seed);
    this.scenario = scenarioOf(seed, extras);
    this.bus = new Bus(this.random, this.faults, () => this.calm || !this.scenario.crashes);
    this.auditor = new Auditor(this);
    this.warehouse = new Warehouse(this.scenario.kits, {
      had: (article, change, kind) => this.auditor.changeOf(article, change, kind),
      cancelledThere: (number) => this.auditor.cancelledThere(number),
      putThere: (number, pieces) => this.auditor.putThere(number, pieces),
      changedThere: (number, pieces) => this.auditor.changedThere(number, pieces),
    });
    this.channels = this.scenario.channels.map((plan) => new Channel(this, plan));
    this.authority = new Authority(this);
    this.gateway = new Gateway(this);
    this.buyers = new Buyers(this);
    this.payers = new Payers(this);
    this.happenings = new Happenings(this);
    let until = 0;
    for (const [process, weight] of Object.entries(this.scenario.weights)) {
      this.processes.push(process as Process);
      this.until.push((until += weight));
    }
    this.total = until;
    for (const [index, article] of this.scenario.articles.entries()) {
      this.warehouse.receive(article, this.scenario.stock[index] ?? 0);
      for (const channel of this.channels) this.auditor.begins(channel, article, this.ownNumber());
    }
    this.gateway.reads.begin(this.offers);
  }

  /** Everything that shops may sell. */
  get offers(): readonly string[] {
    return [...this.scenario.articles, ...this.scenario.kits.keys()];
  }

  /** With every kit taken apart. */
  apart(pieces: Pieces): Pieces {
    return apart(this.scenario.kits, pieces);
  }

  private ownNumber(): number {
    if (!this.scenario.extras.ownNumbers) return 0;
    const number = this.random.below(6);
    if (number > 0) this.faults.strike('shop began with a number of its own');
    return number;
  }

  trace(text: string): void {
    this.log.push(`${this.now} ${text}`);
  }

  mayFault(): boolean {
    return this.scenario.crashes && !this.calm;
  }

  time(more = 0): Date {
    return new Date(BASE_MS + this.now + more);
  }

  /** The same few moments are asked for over and over, with every reading of an order. */
  iso(at: number): string {
    let text = this.texts.get(at);
    if (text === undefined) this.texts.set(at, (text = new Date(BASE_MS + at).toISOString()));
    return text;
  }

  feedDelay(lag: number): number {
    if (this.calm || this.random.oneIn(2)) return 0;
    this.faults.strike('feed showed an order late');
    return this.random.between(1, lag);
  }

  /** The warehouse refuses some orders for good, whatever they want. */
  refuses(number: string): boolean {
    return this.scenario.byHand && (number.charCodeAt(0) * 7 + number.length + this.seed) % 23 === 0;
  }

  basket(): Pieces {
    const { random, scenario } = this;
    const kit =
      scenario.kits.size > 0 && random.oneIn(3) ? random.pick([...scenario.kits.keys()]) : undefined;
    const pieces = new Map<string, number>([
      [kit ?? random.pick(scenario.articles), random.oneIn(3) ? random.between(2, 4) : 1],
    ]);
    if (kit !== undefined) this.faults.strike('kit wanted');
    if (random.oneIn(3)) add(pieces, random.pick(scenario.articles), 1);
    return pieces;
  }

  post(consumer: string, topic: string, event: { type: string; key: string; data: unknown }): void {
    this.bus.publish(consumer, topic, event, this.now);
  }

  /** One thing happens somewhere; false where the chosen one had nothing to do, which is no step. */
  step(): boolean {
    this.now++;
    const at = (this.random.next() / 4294967296) * this.total;
    let index = 0;
    while (at >= (this.until[index] ?? Infinity)) index++;
    const done = this.happenings.happen(this.processes[index] ?? 'buyer');
    this.steps += done;
    return done > 0;
  }
}

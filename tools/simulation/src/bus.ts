import type { Order } from '@samlast/contracts';
import type { Faults } from './faults.ts';
import type { Random } from './random.ts';

export interface Mail {
  readonly id: number;
  readonly type: string;
  readonly key: string;
  readonly data: MailData;
}

/** What the world itself looks at in messages; which of it is there, the type says. */
export interface MailData {
  readonly number: string;
  readonly article: string;
  readonly articles: readonly string[];
  readonly channel: string;
  readonly revision: number;
  readonly order: Order;
  readonly parts?: readonly { readonly article: string; readonly quantity: string }[];
  readonly outcome: string;
  readonly cause: string;
  readonly counted?: readonly { readonly article: string; readonly version: number }[];
  readonly version: number;
  readonly channels: Readonly<
    Record<string, { readonly level: string; readonly mode: string; readonly since?: number }>
  >;
  readonly allowance?: string;
}

/** One partition of one topic, as one consumer sees it. */
export interface Lane {
  readonly topic: string;
  readonly mails: Mail[];
  stalledUntil: number;
}

const PARTITIONS = 6;

/** What one consumer has before it, and what it has taken in: the inbox drops what comes twice. */
export class Intake {
  private readonly lanes = new Map<string, Lane[]>();
  readonly full: Lane[] = [];
  readonly seen = new Set<number>();

  add(topic: string, partition: number, mail: Mail): Lane {
    let ofTopic = this.lanes.get(topic);
    if (!ofTopic) this.lanes.set(topic, (ofTopic = []));
    const lane = (ofTopic[partition] ??= { topic, mails: [], stalledUntil: 0 });
    if (lane.mails.push(mail) === 1) this.full.push(lane);
    return lane;
  }

  drop(lane: Lane, count: number): void {
    lane.mails.splice(0, count);
    if (lane.mails.length > 0) return;
    const last = this.full.pop();
    const at = this.full.indexOf(lane);
    if (last && at >= 0) this.full[at] = last;
  }
}

/** Per topic and key in order, between topics and partitions in any order, at least once. */
export class Bus {
  private readonly intakes = new Map<string, Intake>();
  private made = 0;

  constructor(
    private readonly random: Random,
    private readonly faults: Faults,
    private readonly calm: () => boolean,
  ) {}

  intakeOf(consumer: string): Intake {
    let intake = this.intakes.get(consumer);
    if (!intake) this.intakes.set(consumer, (intake = new Intake()));
    return intake;
  }

  publish(
    consumer: string,
    topic: string,
    event: { type: string; key: string; data: unknown },
    now: number,
  ): void {
    const mail: Mail = { id: ++this.made, type: event.type, key: event.key, data: event.data as MailData };
    const partition = partitionOf(event.key);
    const intake = this.intakeOf(consumer);
    const lane = intake.add(topic, partition, mail);
    if (this.calm()) return;
    if (this.random.oneIn(60)) {
      this.faults.strike('message duplicated');
      intake.add(topic, partition, mail);
    }
    if (this.random.oneIn(150)) {
      this.faults.strike('lane of the bus stalled');
      lane.stalledUntil = now + this.random.between(50, 600);
    }
  }

  /** A random lane that has something to deliver now. */
  laneOf({ full }: Intake, now: number): Lane | undefined {
    if (full.length === 0) return undefined;
    const lane = full[this.random.below(full.length)];
    return lane && (this.calm() || lane.stalledUntil <= now) ? lane : undefined;
  }

  get empty(): boolean {
    for (const intake of this.intakes.values()) if (intake.full.length > 0) return false;
    return true;
  }
}

function partitionOf(key: string): number {
  let hash = 7;
  for (let index = 0; index < key.length; index++) hash = (hash * 31 + key.charCodeAt(index)) | 0;
  return (hash >>> 0) % PARTITIONS;
}

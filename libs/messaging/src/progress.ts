import { describe } from './failure.ts';
import type { Intake } from './intake.ts';
import type { MessagingOptions } from './options.ts';
import type { SideConnection } from './side-connection.ts';
import type { Position, Transport } from './transport.ts';

const STANDSTILL_MS = 120_000;
const LOOK_MOST_MS = 10_000;

/** Since the start of this process. */
export interface ProgressCounts {
  handled: number;
  duplicates: number;
  /** Passed over by `disregard`. */
  disregarded: number;
  /** Known types for which this service has no handler. */
  passedOver: number;
  parked: number;
  queued: number;
  /** Acknowledged by the bus. */
  published: number;
}

export interface ProgressFigures {
  /** Messages that wait on the bus for this group. */
  lag: number;
  /** Events in the outbox that the bus has not acknowledged; 0 with the embedded log. */
  unsent: number;
  /** Open dead letters, parked and queued. */
  deadLetters: number;
}

export function noCounts(): ProgressCounts {
  return { handled: 0, duplicates: 0, disregarded: 0, passedOver: 0, parked: 0, queued: 0, published: 0 };
}

/** Where a partition stood, and since when it has not moved. */
interface Standing {
  readonly next: bigint;
  readonly sinceMs: number;
}

/** Whether messages move. Readiness means progress: a consumer that lives but stands still is not ready. */
export class Progress {
  private readonly standing = new Map<string, Standing>();
  private readonly standstillMs: number;
  private readonly lookMs: number;
  private timer: NodeJS.Timeout | undefined;
  private reason: string | undefined = 'the consumer has not started yet';
  private told = false;
  private intake: Intake | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly side: SideConnection,
    private readonly options: MessagingOptions,
    readonly counts: Readonly<ProgressCounts>,
  ) {
    this.standstillMs = options.standstillMs ?? STANDSTILL_MS;
    this.lookMs = Math.min(LOOK_MOST_MS, this.standstillMs / 4);
  }

  /** undefined while messages move; otherwise why they do not, in words for a person. */
  fault(): string | undefined {
    return this.transport.death ?? this.reason ?? this.transport.trouble;
  }

  /** Asks the bus and the database; for /metrics. */
  async figures(): Promise<ProgressFigures> {
    const positions = await this.transport.positions();
    const [row] = await this.side.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM dead_letters WHERE state IN ('parked', 'queued')`,
    );
    return {
      lag: positions.reduce((sum, { next, end }) => sum + Number(end - next), 0),
      unsent: await this.transport.unsent(),
      deadLetters: row?.count ?? 0,
    };
  }

  /** Begins to look; the strategy calls it once the consumer runs. */
  watch(intake: Intake): void {
    this.intake = intake;
    this.reason = undefined;
    this.timer = setInterval(() => void this.look(), this.lookMs);
  }

  unwatch(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    let positions: Position[];
    try {
      positions = await this.transport.positions();
      await this.side.query('SELECT 1');
    } catch (error) {
      // Who cannot be asked cannot be blamed on the consumer: an outage makes not ready, but does not end the process.
      this.reason = `the bus or the database does not answer: ${describe(error)}`;
      this.standing.clear();
      if (this.transport.death) this.tell(this.transport.death);
      return;
    }
    const now = performance.now();
    const stuck = positions.filter((position) => this.standsStill(position, now));
    const [first] = stuck;
    this.reason = first && this.reasonOf(first, stuck.length);
    if (this.transport.death) this.tell(this.transport.death);
    const longest = Math.max(
      0,
      ...stuck.map((position) => now - (this.standing.get(nameOf(position))?.sinceMs ?? now)),
    );
    if (this.reason && longest >= 2 * this.standstillMs) this.tell(this.reason);
  }

  private standsStill(position: Position, now: number): boolean {
    const name = nameOf(position);
    const before = this.standing.get(name);
    if (position.end <= position.next || this.intake?.trying.has(name)) this.standing.delete(name);
    else if (!before || before.next !== position.next)
      this.standing.set(name, { next: position.next, sinceMs: now });
    else return now - before.sinceMs >= this.standstillMs;
    return false;
  }

  private reasonOf(position: Position, count: number): string {
    const { topic, partition, next, end } = position;
    const outage = this.intake?.outages.get(nameOf(position));
    return (
      `${end - next} messages wait on ${topic} partition ${partition} at offset ${next} and none was settled for ` +
      `${Math.round(this.standstillMs / 1000)} s${count > 1 ? `, and so in ${count - 1} more partitions` : ''}` +
      (outage ? `; the last try ended with: ${outage}` : '')
    );
  }

  private tell(reason: string): void {
    if (this.told) return;
    this.told = true;
    this.options.log.error('the consumer stands still', { group: this.options.group, reason });
    this.options.onStandstill?.(reason);
  }
}

function nameOf({ topic, partition }: Position): string {
  return `${topic}/${partition}`;
}

import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CONFIG, Log } from '@samlast/service';
import type { Config } from '../config.ts';
import { Ongoing } from '../ongoing.ts';
import { repeat } from '../pace.ts';
import { Reachability } from '../reachability.ts';
import { advise, type Registers } from './advice.ts';

/** A tenant's statuses are changed by people of its warehouse, now and then. */
const EVERY_MS = 10 * 60_000;

/**
 * What the tenant calls its statuses, and its warehouses: read beside everything else, by any process, since reads need
 * no lease. What the settings do not answer for is said once in the log, and to operators as long as it is so.
 */
@Injectable()
export class TenantRegisters implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private known: Registers = {};
  private readAt: Date | undefined;
  private warned: readonly string[] = [];

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly ongoing: Ongoing,
    private readonly reachability: Reachability,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    const { reachability, log } = this;
    const pace = { ended: this.stop.signal, reachability, log, name: 'registers', everyMs: EVERY_MS };
    this.running = repeat(pace, () => this.read());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.running;
  }

  /** `readAt` is undefined until something was read; what could not be read is missing. */
  show(): Registers & { readAt: Date | undefined; advice: string[] } {
    return { ...this.known, readAt: this.readAt, advice: advise(this.known, this.config) };
  }

  async read(): Promise<void> {
    const { signal } = this.stop;
    const { reads } = this.ongoing;
    await this.keep('orderStatuses', () => reads.orderStatuses(signal));
    await this.keep('purchaseStatuses', () => reads.purchaseOrderStatuses(signal));
    await this.keep('warehouses', () => reads.warehouses(signal));
    const advice = advise(this.known, this.config);
    for (const reason of advice.filter((one) => !this.warned.includes(one)))
      this.log.warn('the settings do not answer for how Ongoing is set up', { reason });
    this.warned = advice;
  }

  /** A register that cannot be read keeps nobody from anything, nor from the others. */
  private async keep<Name extends keyof Registers>(
    name: Name,
    ask: () => Promise<NonNullable<Registers[Name]>>,
  ): Promise<void> {
    if (this.stop.signal.aborted) return;
    try {
      this.known = { ...this.known, [name]: await ask() };
      this.readAt = new Date();
    } catch (error) {
      this.log.debug('a register of Ongoing could not be read', { kind: name, error });
    }
  }
}

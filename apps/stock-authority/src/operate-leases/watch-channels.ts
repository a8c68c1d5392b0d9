import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Log } from '@samlast/service';
import { DataSource } from 'typeorm';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { GiveUpLeases } from './give-up-leases.ts';

const LOOK_EVERY_MS = 5_000;

/**
 * Notices that a channel fell silent or is heard of again, which no message tells: a silent one is given nothing more,
 * and what it has is asked back.
 */
@Injectable()
export class WatchChannels implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly known = new Map<string, boolean>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private ended = false;

  constructor(
    private readonly source: DataSource,
    private readonly terms: StockTerms,
    private readonly leases: GiveUpLeases,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    if (this.terms.channels.some(({ mode }) => mode === 'lease')) this.lookLater();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ended = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private lookLater(): void {
    if (this.ended) return;
    this.timer = setTimeout(() => {
      this.running = this.look();
    }, LOOK_EVERY_MS).unref();
  }

  private async look(): Promise<void> {
    try {
      const terms = await this.terms.at(this.source.manager);
      for (const { code, mode } of terms.channels) {
        const { alive } = terms.shopOf(code);
        if (mode !== 'lease' || this.known.get(code) === alive) continue;
        const before = this.known.get(code);
        // After a start nothing is known of what was published before, so all is looked at once.
        await this.leases.publishAnew(code);
        this.known.set(code, alive);
        if (before !== undefined)
          this.log.warn(
            alive
              ? 'a channel is heard of again'
              : 'a channel is silent: it is given nothing, and what it has is asked back',
            { channel: code },
          );
      }
    } catch (error) {
      this.log.warn('the channels could not be looked at and are looked at again', { error });
    }
    this.lookLater();
  }
}

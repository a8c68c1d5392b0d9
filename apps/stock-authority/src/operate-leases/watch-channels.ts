import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Log } from '@samlast/service';
import { DataSource } from 'typeorm';
import { PublishLevels } from '../publish-levels/publish-levels.ts';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { GiveUpLeases } from './give-up-leases.ts';
import { RepeatedLook } from '../repeated-look.ts';

const LOOK_EVERY_MS = 5_000;

/**
 * Notices that a channel fell silent or is heard of again, which no message tells: a silent one is given nothing more,
 * and what it has is asked back. And that a shop is written in another way, or that it is known at last in which.
 */
@Injectable()
export class WatchChannels implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly known = new Map<string, boolean>();
  /** The terms on which all levels are known to be made. */
  private settled = '';
  private readonly looks = new RepeatedLook(LOOK_EVERY_MS, () => this.look());

  constructor(
    private readonly source: DataSource,
    private readonly terms: StockTerms,
    private readonly levels: PublishLevels,
    private readonly leases: GiveUpLeases,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    if (this.terms.channels.some(({ mode }) => mode === 'lease')) this.looks.begin();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.looks.end();
  }

  /** Something was learned of a channel just now. */
  lookSoon(): void {
    this.looks.soon();
  }

  private async look(): Promise<boolean> {
    try {
      const terms = await this.terms.at(this.source.manager);
      // Who had read the old terms may publish a level after this: so until a later look finds none.
      if (terms.digest !== this.settled && (await this.levels.publishOutdated()) === 0)
        this.settled = terms.digest;
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
    return false;
  }
}

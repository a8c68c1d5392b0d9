import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Log } from '@samlast/service';
import { DataSource } from 'typeorm';

const LOOK_EVERY_MS = 3_600_000;
/** Longer than any topic keeps a message, so that nothing that was told to the shop can be told again. */
const DAYS = 37;

/** What was told to the shop may hold words of buyers, and is kept no longer than it takes to tell it once. */
@Injectable()
export class ForgetDone implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.look();
    }, LOOK_EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Calls that a person has still to decide on stay, and so do claims that an order is waited for. */
  async forget(): Promise<void> {
    for (const calls of ['jobs', 'inbound_calls'])
      await this.database.query(
        `DELETE FROM ${calls} WHERE state = 'done' AND ended_at < now() - make_interval(days => $1)`,
        [DAYS],
      );
    await this.database.query(
      `DELETE FROM claims WHERE state <> 'confirmed' AND ends_at < now() - make_interval(days => $1)`,
      [DAYS],
    );
  }

  private async look(): Promise<void> {
    try {
      await this.forget();
    } catch (error) {
      this.log.warn('what was told to the shop long ago could not be deleted, the next hour tries again', {
        error,
      });
    }
  }
}

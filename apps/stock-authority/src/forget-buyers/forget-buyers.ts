import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Log } from '@samlast/service';
import { DataSource } from 'typeorm';
import { forgetBodies, lastOrderId } from '../tables/orders.ts';

const LOOK_EVERY_MS = 3_600_000;
/** As long as the bus keeps an order. */
const DAYS = 35;
/** Orders that are looked at in one statement. */
const RANGE = 10_000n;

/**
 * An order that has gone on to the warehouse, or has ended, is never sent from here again: after a while its address
 * and texts are forgotten. That it was there, and how many pieces it took, is kept for good.
 */
@Injectable()
export class ForgetBuyers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly source: DataSource,
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

  /** How many orders were forgotten. */
  async forget(): Promise<number> {
    const last = await lastOrderId(this.source.manager);
    let count = 0;
    for (let after = 0n; after < last; after += RANGE)
      count += await forgetBodies(this.source.manager, { after, upTo: after + RANGE, days: DAYS });
    return count;
  }

  private async look(): Promise<void> {
    try {
      const count = await this.forget();
      if (count > 0) this.log.info('addresses and texts of old orders were forgotten', { count });
    } catch (error) {
      this.log.warn('addresses of old orders could not be forgotten, the next hour tries again', { error });
    }
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, Log } from '@samlast/service';
import { DataSource } from 'typeorm';
import type { Config } from '../config.ts';
import { Hints } from './hints.ts';
import { leftNumbers } from './statuses.ts';

/**
 * Orders that rest at a number which the settings took for another one before: nothing changes at them any more, so no
 * feed would ever bring them. At the start of a writer, those that have left are fetched where no parcel was told.
 */
@Injectable()
export class RestingOrders {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DataSource,
    private readonly hints: Hints,
    private readonly log: Log,
  ) {}

  async lookAgain(): Promise<void> {
    // As long as the bus keeps an order.
    const rows = await this.database.query<{ wmsOrderId: number; number: string }[]>(
      `SELECT wms_order_id AS "wmsOrderId", number FROM orders
       WHERE state = 'accepted' AND wms_order_id IS NOT NULL AND status_number = ANY($1) AND parcels = '[]'
         AND updated_at > now() - interval '35 days'`,
      [leftNumbers(this.config)],
    );
    if (rows.length === 0) return;
    await this.hints.add(this.database.manager, rows);
    this.log.info('orders that have left and of which no parcel was told are looked at again', {
      count: rows.length,
    });
  }
}

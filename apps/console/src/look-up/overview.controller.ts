import { Controller, Get, Header, Inject, UseGuards } from '@nestjs/common';
import type { Channel } from '@samlast/contracts';
import { CHANNELS, Public } from '@samlast/service';
import { DataSource } from 'typeorm';
import { SessionGuard } from '../sign-in/session.guard.ts';
import { OrderSearch } from './order-search.ts';
import type { HeldOrders, Overview } from './shapes.ts';

/** What the console knows by itself, without asking anybody. */
@Public()
@UseGuards(SessionGuard)
@Controller('api')
export class OverviewController {
  constructor(
    private readonly orders: OrderSearch,
    private readonly database: DataSource,
    @Inject(CHANNELS) private readonly channels: Channel[],
  ) {}

  @Get('overview')
  @Header('cache-control', 'no-store')
  async overview(): Promise<Overview> {
    const signs = await this.database.query<{ channel: string; last_at: Date; last_type: string }[]>(
      'SELECT channel, last_at, last_type FROM channel_signs',
    );
    return {
      states: await this.orders.countByState(),
      lateBackOrders: await this.orders.countLate(),
      channels: this.channels.map(({ code, name, kind }) => {
        const sign = signs.find(({ channel }) => channel === code);
        return { code, name, kind, lastAt: sign?.last_at.toISOString(), lastType: sign?.last_type };
      }),
    };
  }

  @Get('held')
  @Header('cache-control', 'no-store')
  async held(): Promise<HeldOrders> {
    return { orders: await this.orders.held(), backOrders: await this.orders.backOrders() };
  }
}

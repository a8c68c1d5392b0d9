import { Controller, Inject, Module } from '@nestjs/common';
import { type Event, OrderPlaced, OrderReserved } from '@samlast/contracts';
import { Consumes, type MessageOf } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import { startSamlastService } from '../samlast-service.ts';
import type { ContestantSettings } from './order-effects.ts';

const SETTINGS = Symbol('settings');

/** One row per order, written by the batch, and where asked for one event per order. */
@Controller()
class FollowOrders {
  constructor(@Inject(SETTINGS) private readonly settings: ContestantSettings) {}

  @Consumes(OrderPlaced)
  async onOrders(messages: MessageOf<typeof OrderPlaced>[], tx: EntityManager): Promise<Event[]> {
    await tx.query(
      `INSERT INTO effects (message_id, number, channel, lines)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[])`,
      [
        messages.map(({ id }) => id),
        messages.map(({ data }) => data.number),
        messages.map(({ data }) => data.channel),
        messages.map(({ data }) => data.lines.length),
      ],
    );
    if (!this.settings.answers) return [];
    return messages.map(({ data: order }) =>
      OrderReserved.of({
        number: order.number,
        channel: order.channel,
        revision: order.revision,
        order,
        counted: order.lines.map(({ article }) => ({ article, version: 1 })),
      }),
    );
  }
}

@Module({})
class OrdersModule {}

export async function startSamlast(settings: ContestantSettings): Promise<void> {
  const module = {
    module: OrdersModule,
    controllers: [FollowOrders],
    providers: [{ provide: SETTINGS, useValue: settings }],
  };
  await startSamlastService({ ...settings, module });
}

import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, KafkaContext, Payload, Transport } from '@nestjs/microservices';
import { ChannelOrders, type DataOf, type OrderPlaced, OrderReserved, StockOrders } from '@samlast/contracts';
import { randomUUID } from 'node:crypto';
import type { KafkaMessage } from 'kafkajs';
import { DataSource, type EntityManager } from 'typeorm';
import { dataSource } from '../schema.ts';
import { startRowByRow } from '../relay/row-by-row.ts';
import { GROUP } from '../samlast-service.ts';
import type { ContestantSettings } from './order-effects.ts';

const SETTINGS = Symbol('settings');
/** TypeORM's own default. */
const POOL = 10;

type PlacedOrder = DataOf<typeof OrderPlaced>;

/**
 * What one writes with Nest's own Kafka transport for the same durable effect: each message its
 * transaction, with the inbox against repeats and the outbox where an event follows, and a poller that
 * sends what is in there. It checks no schema, which ours does.
 */
export function controllerFor(topic: string) {
  @Controller()
  class FollowOrders {
    constructor(
      @Inject(SETTINGS) private readonly settings: ContestantSettings,
      private readonly source: DataSource,
    ) {}

    @EventPattern<string>(topic)
    async onOrder(@Payload() order: PlacedOrder, @Ctx() context: KafkaContext): Promise<void> {
      const id = idOf(context.getMessage());
      const row = effectOf(id, order);
      const event = this.settings.answers ? answerTo(order) : undefined;
      if (this.settings.oneStatement) await inOneStatement(this.source, row, event);
      else await this.source.transaction((tx) => inOneTransaction(tx, row, event));
    }
  }
  return FollowOrders;
}

function idOf(message: KafkaMessage): string {
  return String(message.headers?.ce_id);
}

const effectOf = (id: string, order: PlacedOrder) => [id, order.number, order.channel, order.lines.length];

function answerTo(order: PlacedOrder): unknown[] {
  const id = randomUUID();
  const { number, channel, revision, lines } = order;
  const counted = lines.map(({ article }) => ({ article, version: 1 }));
  const headers = {
    ce_specversion: '1.0',
    ce_id: id,
    ce_type: OrderReserved.type,
    ce_source: 'nest/bench',
    ce_time: new Date().toISOString(),
    ce_subject: number,
    'content-type': 'application/json',
    samlast_channel: channel,
  };
  const data = { number, channel, revision, order, counted };
  return [
    StockOrders.name,
    Number(number.at(-4)) % StockOrders.partitions,
    id,
    number,
    JSON.stringify(headers),
    JSON.stringify(data),
  ];
}

async function inOneTransaction(tx: EntityManager, row: unknown[], event?: unknown[]): Promise<void> {
  const claimed: unknown[] = await tx.query(
    'INSERT INTO inbox (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id',
    row.slice(0, 1),
  );
  if (claimed.length === 0) return;
  await tx.query('INSERT INTO effects (message_id, number, channel, lines) VALUES ($1, $2, $3, $4)', row);
  if (!event) return;
  await tx.query(
    'INSERT INTO outbox (topic, partition, id, key, headers, data) VALUES ($1, $2, $3, $4, $5, $6)',
    event,
  );
}

async function inOneStatement(source: DataSource, row: unknown[], event?: unknown[]): Promise<void> {
  const effect = `
    WITH claimed AS (INSERT INTO inbox (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id),
         effect AS (INSERT INTO effects (message_id, number, channel, lines)
                    SELECT id, $2, $3, $4::int FROM claimed)`;
  if (!event) await source.query(`${effect} SELECT 1`, row);
  else {
    await source.query(
      `${effect} INSERT INTO outbox (topic, partition, id, key, headers, data)
         SELECT $5, $6::int, $7::uuid, $8, $9::json, $10 FROM claimed`,
      [...row, ...event],
    );
  }
}

@Module({})
class RootModule {}

/** Nest's microservice with Transport.KAFKA; what is not given stays at its default. */
export async function startNest(settings: ContestantSettings): Promise<void> {
  const source = dataSource(settings.databaseUrl, settings.schema, POOL);
  await source.initialize();
  const root = {
    module: RootModule,
    controllers: [controllerFor(settings.prefix + ChannelOrders.name)],
    providers: [
      { provide: SETTINGS, useValue: settings },
      { provide: DataSource, useValue: source },
    ],
  };
  const app = await NestFactory.createMicroservice(root, {
    transport: Transport.KAFKA,
    logger: ['error', 'warn'],
    options: {
      client: { brokers: settings.brokers },
      consumer: { groupId: GROUP + settings.prefix },
      subscribe: { fromBeginning: true },
      ...(settings.atOnce && { run: { partitionsConsumedConcurrently: settings.atOnce } }),
    },
  });
  await app.listen();
  if (settings.answers)
    await startRowByRow(source, { ...settings, selectsBatches: settings.oneStatement ?? false });
}

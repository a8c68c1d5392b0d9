import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import {
  OrderCancelForwarded,
  OrderReserved,
  type DataOf,
  type Event,
  type EventDefinition,
  type Order,
} from '@samlast/contracts';
import { UnitOfWork } from '@samlast/messaging';
import { startSimulator, type KnobSettings, type Simulator } from '@samlast/ongoing-simulator';
import { defineConfig, defineService, startService, type RunningService } from '@samlast/service';
import { eventually, testDatabase, type TestDatabase } from '@samlast/test-stack';
import { service } from '../service.ts';

@Module({})
class NothingElse {}

/** Publishes what the stock authority and the channels would say. */
const driver = defineService({
  name: 'driver',
  config: defineConfig({}),
  schema: () => 'driver',
  group: () => 'driver',
  migrations: [],
  module: () => NothingElse,
});

const channels = [
  { code: 'SE', kind: 'http', orderType: { code: 'B2C' }, startAt: '2020-01-01T00:00:00Z' },
  { code: 'EU', kind: 'http', orderType: { code: 'B2C' }, startAt: '2020-01-01T00:00:00Z' },
  {
    code: 'ERP',
    kind: 'http',
    orderType: { code: 'B2B' },
    articleMaster: true,
    startAt: '2020-01-01T00:00:00Z',
  },
];

export interface Stage {
  simulator: Simulator;
  database: TestDatabase;
  /** What a gateway is started with. */
  env: Record<string, string>;
  publish(...events: Event[]): Promise<void>;
  /** Everything of one kind that stands on the bus, in the order of each key. */
  told<D extends EventDefinition>(definition: D): Promise<DataOf<D>[]>;
  /** A gateway in this process. */
  gateway(env?: Record<string, string>): Promise<RunningService>;
  close(): Promise<void>;
}

/**
 * A simulated Ongoing, a database with the bus in it, and somebody who speaks for the other services.
 * @param lines members of channels.json by channel, over those above
 */
export async function setStage(knobs: KnobSettings = {}, lines: Record<string, object> = {}): Promise<Stage> {
  const simulator = await startSimulator({ knobs });
  const database = await testDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'samlast-gateway-'));
  const channelsFile = join(folder, 'channels.json');
  writeFileSync(
    channelsFile,
    JSON.stringify({ channels: channels.map((one) => ({ ...one, ...lines[one.code] })) }),
  );
  const base = {
    DATABASE_URL: database.url,
    BUS: 'embedded',
    CHANNELS_FILE: channelsFile,
    LOG_LEVEL: 'silent',
  };
  const env = {
    ...base,
    ONGOING_URL: simulator.apiUrl,
    ONGOING_USER: simulator.user,
    ONGOING_PASSWORD: simulator.password,
    ONGOING_GOODS_OWNER_ID: String(simulator.goodsOwnerId),
    INSTALLATION: 'test',
    WEBHOOK_TOKEN: 'webhook-token-of-the-test',
    ORDER_POLL_MS: '200',
    STOCK_POLL_MS: '200',
    ARTICLE_POLL_MS: '3600000',
    INBOUND_POLL_MS: '100',
    RETRY_MIN_MS: '20',
    RETRY_MAX_MS: '500',
  };
  const speaker = await startService(driver, base);
  const gateways: RunningService[] = [];
  return {
    simulator,
    database,
    env,
    publish: (...events) =>
      speaker.app.get(UnitOfWork).run(() => Promise.resolve({ events, answer: undefined })),
    async told({ type, topic, schema }) {
      const rows = await database.query<{ data: string }>(
        `SELECT data FROM bus.messages WHERE topic = $1 AND headers ->> 'ce_type' = $2 ORDER BY partition, "offset"`,
        [topic.name, type],
      );
      return rows.map(({ data }) => schema.parse(JSON.parse(data)) as never);
    },
    async gateway(more = {}) {
      const started = await startService(service, { ...env, ...more });
      let ending: Promise<void> | undefined;
      const gateway = { ...started, close: () => (ending ??= started.close()) };
      gateways.push(gateway);
      return gateway;
    },
    async close() {
      for (const gateway of gateways) await gateway.close();
      await speaker.close();
      await simulator.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the gateway has told of this kind, once there are so many. */
export function toldBy<D extends EventDefinition>(
  stage: Stage,
  definition: D,
  count = 1,
): Promise<DataOf<D>[]> {
  return eventually(
    async () => {
      const all = await stage.told(definition);
      return all.length >= count && all;
    },
    { message: `${count} of ${definition.type}`, withinMs: 30_000 },
  );
}

/** An order of two lines, one of which is not picked. */
export function anOrder(shopNumber: string, channel: 'SE' | 'EU' | 'ERP', more: Partial<Order> = {}): Order {
  return {
    number: `${shopNumber}-${channel}`,
    channel,
    shopNumber,
    shopOrderId: `gid-${shopNumber}`,
    revision: 1,
    type: { code: channel === 'ERP' ? 'B2B' : 'B2C' },
    placedAt: '2026-03-01T10:00:00Z',
    consignee: {
      name: 'Karin Ek',
      address1: 'Storgatan 4',
      postCode: '11122',
      city: 'Stockholm',
      countryCode: 'SE',
    },
    lines: [
      { row: '1', article: 'TEE', quantity: '2', picked: true },
      { row: '2', article: 'FREIGHT', quantity: '1', picked: false },
    ],
    ...more,
  };
}

export function reserved(order: Order): Event {
  const { number, channel, revision } = order;
  return OrderReserved.of({ number, channel, revision, order, counted: [] });
}

export function cancelForwarded(order: Order): Event {
  const { number, channel, revision } = order;
  return OrderCancelForwarded.of({ number, channel, revision: revision + 1 });
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { OrderReserved, type Event } from '@samlast/contracts';
import type { Control } from '@samlast/ongoing-simulator';
import { startProcess, type StartedProcess } from '@samlast/test-stack';
import { connect, OwnDatabase } from '../authority/own-database.ts';
import { EmbeddedLog } from '../authority/samlast/embedded-log.ts';
import type { Stage } from '../benchmark.ts';
import { startLoneSimulator } from '../installation/simulator.ts';
import { articles } from '../installation/stock-up.ts';

const PASSWORD = 'bench-password';
const GOODS_OWNER = 41;
const LOOK_EVERY_MS = 10;
/** Orders that a warm gateway has pushed. */
export const WARM = 20;

/** The gateway's process between a log that is filled from outside and a simulated Ongoing. */
export class GatewayRound {
  private constructor(
    readonly control: Control,
    private readonly simulator: StartedProcess,
    readonly gateway: StartedProcess,
    readonly database: OwnDatabase,
    private readonly bell: Awaited<ReturnType<typeof connect>>,
    private readonly log: EmbeddedLog,
  ) {}

  /** Ready and warm. */
  static async start(stage: Stage, writeLatencyMs: number, pieces: number): Promise<GatewayRound> {
    const round = await GatewayRound.startCold(stage, pieces);
    await round.append(reserved('EU', 'warm-', WARM));
    await round.there(WARM);
    await round.control.knobs({ writeLatencyMs });
    return round;
  }

  /** Just started. @param prepare is done to the warehouse before */
  static async startCold(
    stage: Stage,
    pieces: number,
    prepare: (control: Control) => Promise<void> = () => Promise.resolve(),
    env: Record<string, string> = {},
  ): Promise<GatewayRound> {
    const { url, control, process: simulator } = await startLoneSimulator(PASSWORD, pieces);
    await prepare(control);
    const database = await OwnDatabase.make(stage);
    const channels = join(stage.folder, 'gateway-channels.json');
    await writeFile(channels, JSON.stringify({ channels: ['SE', 'EU'].map(channel) }));
    const gateway = await startProcess({
      args: ['--import', './tools/typescript.mjs', 'apps/wms-gateway/src/main.ts'],
      env: {
        DATABASE_URL: database.url,
        BUS: 'embedded',
        CHANNELS_FILE: channels,
        LOG_LEVEL: 'info',
        SERVICE_PORT: undefined,
        SERVICE_TOKENS: undefined,
        TOPIC_PREFIX: undefined,
        ONGOING_URL: `${url}/demo/api/v1/`,
        ONGOING_USER: 'WSI-demo',
        ONGOING_PASSWORD: PASSWORD,
        ONGOING_GOODS_OWNER_ID: String(GOODS_OWNER),
        INSTALLATION: 'bench',
        ...env,
      },
      ready: /"url":"(http[^"]+)".*"msg":"ready"/,
    });
    const bell = await connect(database.url);
    const log = new EmbeddedLog(database.client, bell);
    return new GatewayRound(control, simulator, gateway, database, bell, log);
  }

  async append(events: Event[]): Promise<void> {
    await this.log.append(this.log.rowsOf(events, 'samlast/stock-authority'));
  }

  /** When the simulator has so many orders; counted by what it has made, not by what was asked. */
  async there(count: number): Promise<void> {
    for (;;) {
      const { puts } = await this.control.counts();
      if (Object.values(puts).filter(({ done }) => done > 0).length >= count) return;
      await wait(LOOK_EVERY_MS);
    }
  }

  /** Orders per second from the first to the last of them, as the bare client's are counted once it is warm. */
  async push(orders: number): Promise<number> {
    await this.append(reserved('SE', '', orders));
    await this.there(WARM + 1);
    const beganAt = performance.now();
    await this.there(WARM + orders);
    const seconds = (performance.now() - beganAt) / 1_000;
    const twice = Object.values((await this.control.counts()).puts).filter(({ done }) => done > 1);
    if (twice.length > 0) throw new Error(`${twice.length} orders were written twice.`);
    return (orders - 1) / seconds;
  }

  /** Lets one channel queue so many orders; answers how long the gateway took to read them off the bus. */
  async queueUp(queued: number): Promise<number> {
    const before = await this.taken();
    await this.append(reserved('SE', '', queued));
    const beganAt = performance.now();
    await this.takenIn(before + queued);
    return (performance.now() - beganAt) / 1_000;
  }

  /** Another channel's order, one alone: how long it takes to be written, and how many of the others are before it. */
  async single(name: string): Promise<{ ms: number; writesBefore: number }> {
    const offeredAt = Date.now();
    await this.append(reserved('EU', name, 1));
    for (;;) {
      const [order] = await this.control.orders({ numbers: [`${name}0-EU`] });
      if (order) {
        const ms = Date.parse(order.createdAt) - offeredAt;
        const others = (await this.control.orders()).filter(
          (one) => one.number.endsWith('-SE') && Date.parse(one.createdAt) >= offeredAt,
        );
        // The one that was under way when this one came is among them.
        return { ms, writesBefore: others.filter((one) => one.orderId < order.orderId).length };
      }
      await wait(LOOK_EVERY_MS);
    }
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    await this.simulator.stop();
    await this.bell.end();
    await this.database.drop();
  }

  async takenIn(count: number): Promise<void> {
    while ((await this.taken()) < count) await wait(LOOK_EVERY_MS);
  }

  private async taken(): Promise<number> {
    // Only of the numbers that begin with a digit, by their index: a look at a million others every 10 ms would be what
    // is measured.
    const sql = "SELECT count(*)::int AS count FROM wms_gateway.orders WHERE number < 'a'";
    return (await this.database.one<{ count: number }>(sql)).count;
  }
}

const channel = (code: string) => ({
  code,
  kind: 'http',
  orderType: { code: 'B2C' },
  startAt: '2020-01-01T00:00:00Z',
});

export function reserved(code: string, prefix: string, count: number): Event[] {
  return Array.from({ length: count }, (_, at) => {
    const shopNumber = `${prefix}${at}`;
    const number = `${shopNumber}-${code}`;
    const order = {
      number,
      channel: code,
      shopNumber,
      shopOrderId: `gid-${shopNumber}`,
      revision: 1,
      type: { code: 'B2C' },
      placedAt: '2030-01-01T10:00:00Z',
      consignee: {
        name: 'Kim Buyer',
        address1: 'Hamngatan 1',
        postCode: '11147',
        city: 'Stockholm',
        countryCode: 'SE',
      },
      lines: [{ row: '1', article: String(articles[at % articles.length]), quantity: '1', picked: true }],
    };
    return OrderReserved.of({ number, channel: code, revision: 1, order, counted: [] });
  });
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startSimulator, type Simulator } from '@samlast/ongoing-simulator';
import { Client } from 'pg';
import { Chance } from '../testing/chance.ts';
import { offer } from './bus.ts';
import { differences, type HeldOrder } from './differences.ts';
import { gatewayEnv, Gateways } from './gateways.ts';
import { articles, channels, drawSent, type Sent } from './sent.ts';

const PAGE = 1_000;
/** Nothing is settled for so long: something is stuck. */
const STUCK_MS = 180_000;
/** Long enough for the other one to take over and write: a lease runs out after 2.5 s, a request after 1.5. */
const betweenTroublesMs = (orders: number) =>
  orders < 1_000 ? { least: 6_000, most: 12_000 } : { least: 8_000, most: 25_000 };

/** Everything that may go wrong with a request, and how often. */
const FAULTS = {
  faultRate: 0.02,
  faultKind: 'both',
  disconnectRate: 0.01,
  dropResponseAfterCommit: 0.02,
  tooManyRate: 0.005,
  nullIdRate: 0.01,
  oddRate: 0.01,
  slowRate: 0.003,
  slowMs: 700,
} as const;
const NO_FAULTS = Object.fromEntries(
  Object.keys(FAULTS)
    .filter((name) => name.endsWith('Rate') || name.startsWith('drop'))
    .map((name) => [name, 0]),
);

export interface AuditOptions {
  orders: number;
  seed?: number | undefined;
  /** An empty database of a server that runs. */
  databaseUrl: string;
  say: (line: string) => void;
}

export interface AuditResult {
  seed: number;
  faults: string[];
  /** Orders that were refused on the way and went out when a person had them sent again. */
  retried: number;
  messages: number;
  kills: number;
  freezes: number;
  seconds: number;
  /** How often each answer was given to a write of an order. */
  answers: Record<string, number>;
}

/**
 * Lets two gateways push so many orders to a warehouse where everything goes wrong, one of them killed or frozen
 * every few seconds, and then compares what was sent with what is there.
 */
export async function runAudit({ orders, seed, databaseUrl, say }: AuditOptions): Promise<AuditResult> {
  const chance = new Chance(seed);
  const folder = await mkdtemp(join(tmpdir(), 'samlast-audit-'));
  const simulator = await startSimulator({ knobs: { seed: chance.seed } });
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const channelsFile = join(folder, 'channels.json');
  await writeFile(channelsFile, JSON.stringify({ channels: channels.map(channelEntry) }));
  const gateways = new Gateways(gatewayEnv(simulator, databaseUrl, channelsFile));
  const beganAt = performance.now();
  try {
    await simulator.control.seed({ articles: articles.map((number) => ({ number, stock: 1_000_000 })) });
    await gateways.start();
    await simulator.control.knobs(FAULTS);
    const sent = drawSent(orders, chance);
    const early = await offer(client, sent, 'early', chance);
    say(`${orders} orders in ${early} messages`);
    const late = await letThemWork({ client, simulator, gateways, chance, sent, say });
    await simulator.control.knobs(NO_FAULTS);
    await simulator.control.disarm();
    const retried = await retryRefused(client, gateways.url);
    await settled(client, sent, say);
    return {
      seed: chance.seed,
      faults: [
        ...differences(sent, await heldBy(simulator), await writesOf(simulator)),
        ...(await setAside(client)),
      ],
      retried,
      messages: early + late,
      kills: gateways.kills,
      freezes: gateways.freezes,
      seconds: (performance.now() - beganAt) / 1_000,
      answers: await answersOf(simulator),
    };
  } finally {
    await gateways.stop();
    await client.end();
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Work {
  client: Client;
  simulator: Simulator;
  gateways: Gateways;
  chance: Chance;
  sent: readonly Sent[];
  say: (line: string) => void;
}

/** Answers how many messages came when half of the orders were there. */
async function letThemWork({ client, simulator, gateways, chance, sent, say }: Work): Promise<number> {
  const { least, most } = betweenTroublesMs(sent.length);
  const over = new AbortController();
  const troubles = (async () => {
    while (!over.signal.aborted) {
      // A request that hangs is found out about by the next one.
      await simulator.control.arm({ on: 'PUT /orders', kind: 'hang', afterCommit: chance.next() < 0.5 });
      await wait(least + chance.below(most - least));
      if (!over.signal.aborted) await gateways.trouble(chance);
    }
  })();
  try {
    await settled(client, sent, say, sent.length / 2);
    const late = await offer(client, sent, 'late', chance);
    say(`${late} messages more: changes and cancels of what is there`);
    await settled(client, sent, say);
    return late;
  } finally {
    over.abort();
    await troubles;
  }
}

/** Until each order was taken from the bus and no more than so many writes wait. */
async function settled(
  client: Client,
  sent: readonly Sent[],
  say: (line: string) => void,
  leftOver = 0,
): Promise<void> {
  let before = '';
  let since = performance.now();
  let saidAt = since;
  for (;;) {
    const { rows } = await client.query<{ taken: number; waiting: number; unread: number }>(
      `SELECT (SELECT count(*)::int FROM wms_gateway.orders) AS taken,
         (SELECT count(*)::int FROM wms_gateway.writes WHERE kind = 'order') AS waiting,
         (SELECT count(*)::int FROM bus.cursors c JOIN bus.partitions p USING (topic, partition)
          WHERE c.topic = 'stock.orders.v1' AND c.next_offset < p.next_offset) AS unread`,
    );
    const { taken = 0, waiting = 0, unread = 0 } = rows[0] ?? {};
    if (taken >= sent.length && waiting <= leftOver && unread === 0) return;
    const now = `${taken} taken, ${waiting} waiting`;
    if (now !== before) since = performance.now();
    before = now;
    if (performance.now() - saidAt > 15_000) {
      saidAt = performance.now();
      say(`  ${now}`);
    }
    if (performance.now() - since > STUCK_MS) throw new Error(`Nothing moves any more: ${now}`);
    await wait(250);
  }
}

/** What a person would do with the list of refused orders once the warehouse answers rightly again. */
async function retryRefused(client: Client, url: string): Promise<number> {
  const { rows } = await client.query<{ number: string }>(
    `SELECT number FROM wms_gateway.orders WHERE state = 'refused' ORDER BY number`,
  );
  for (const { number } of rows) {
    await fetch(`${url}/ops/orders/${encodeURIComponent(number)}/retry`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ author: 'audit', reason: 'the warehouse answers rightly again' }),
    });
  }
  return rows.length;
}

/** What still needs a person at the end. */
async function setAside(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ number: string; what: string }>(
    `SELECT number, 'is refused: ' || refusal_text AS what FROM wms_gateway.orders WHERE state = 'refused'
     UNION ALL SELECT key, 'is parked: ' || coalesce(reason, '') FROM wms_gateway.dead_letters`,
  );
  return rows.map(({ number, what }) => `${number} ${what}`);
}

/** All orders of the warehouse, asked for as anybody may. */
async function heldBy({ apiUrl, user, password, goodsOwnerId }: Simulator): Promise<HeldOrder[]> {
  const held: HeldOrder[] = [];
  let from = 0;
  for (;;) {
    const url = new URL('orders', apiUrl);
    url.search = new URLSearchParams({
      goodsOwnerId: String(goodsOwnerId),
      orderIdFrom: String(from),
      maxOrdersToGet: String(PAGE),
    }).toString();
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const response = await fetch(url, { headers: { authorization } });
    const page = (await response.json()) as (HeldOrder & { orderInfo: { orderId: number } })[];
    held.push(...page);
    const last = page.at(-1);
    if (!last) return held;
    from = last.orderInfo.orderId + 1;
  }
}

async function writesOf({ control }: Simulator): Promise<Map<string, number>> {
  const { puts } = await control.counts();
  return new Map(Object.entries(puts).map(([number, { done }]) => [number, done]));
}

async function answersOf({ control }: Simulator): Promise<Record<string, number>> {
  const { answers } = await control.counts();
  return Object.fromEntries(Object.entries(answers).filter(([name]) => name.startsWith('PUT /orders ')));
}

const channelEntry = (code: string) => ({
  code,
  kind: 'http',
  orderType: { code: 'B2C' },
  startAt: '2020-01-01T00:00:00Z',
  ...(code === 'ERP' && { articleMaster: true }),
});

import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { messageId } from '../../order-messages.ts';
import { placedOrders, workloads } from '../workloads.ts';
import { conditionalUpdate } from './conditional-update.ts';
import { rowPerPiece } from './row-per-piece.ts';
import { GO, LAY_OUT, type RivalCommand, type RivalKind, type RivalSettings } from './tables.ts';
import { textbook } from './textbook.ts';
import type { Decide, Wish } from './wish.ts';

// A rival has its orders in memory before the clock starts: it neither reads nor parses a log, which ours does.

const deciders: Record<RivalKind, Decide> = {
  textbook,
  'conditional update': conditionalUpdate,
  'row per piece': rowPerPiece,
};

const settings = JSON.parse(process.argv[2] ?? '{}') as RivalSettings;
const decide = deciders[settings.kind];
const workload = workloads[settings.workload];
const clients = await Promise.all(Array.from({ length: settings.connections }, open));
let wishes: Wish[] = [];

async function open(): Promise<Client> {
  const client = new Client({ connectionString: settings.databaseUrl });
  await client.connect();
  return client;
}

function layOut({ first, count }: RivalCommand): void {
  if (!workload) throw new Error(`There is no workload ${settings.workload}.`);
  wishes = placedOrders(workload, first, count).map(({ data: order }, index) => ({
    id: messageId(),
    order,
    wants: workload.wants(first + index),
  }));
}

/** Each connection takes the next order when it is free, and not before it is offered. Answers the first offer. */
async function go({ perSecond }: RivalCommand): Promise<number> {
  const from = performance.now();
  let next = 0;
  const work = async (client: Client) => {
    for (let at = next++; at < wishes.length; at = next++) {
      const early = perSecond ? from + (at * 1_000) / perSecond - performance.now() : 0;
      if (early > 0) await wait(early);
      await decide(client, wishes[at] as Wish, settings.events);
    }
  };
  await Promise.all(clients.map(work));
  return performance.timeOrigin + from;
}

const ear = await open();
ear.on('notification', ({ channel, payload = '{}' }) => {
  const command = JSON.parse(payload) as RivalCommand;
  if (channel === LAY_OUT) {
    layOut(command);
    console.log(`laid out ${command.first}.`);
    return;
  }
  go(command).then(
    (from) => console.log(`done ${command.first} since ${from}.`),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
await ear.query(`LISTEN ${LAY_OUT}`);
await ear.query(`LISTEN ${GO}`);
console.log('ready');

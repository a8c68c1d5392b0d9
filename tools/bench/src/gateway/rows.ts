import { setTimeout as wait } from 'node:timers/promises';
import type { Stage } from '../benchmark.ts';
import { interleave, ratios } from '../rounds.ts';
import { figure, figures, type Table } from '../table.ts';
import { GatewayRound, reserved, WARM } from './gateway-round.ts';

const LOOK_EVERY_MS = 10;

/** What a gateway reaches that has so many orders in its tables already, in orders per second. */
export interface RowsFigures {
  readonly takenIn: number;
  readonly pushed: number;
  readonly followed: number;
}

/** The same work with few rows in the gateway's own tables and with many, in turns. */
export async function rows(stage: Stage, sizes: readonly number[], orders: number, rounds: number) {
  const contestants = sizes.map((size) => ({
    name: size.toLocaleString('en-US'),
    run: () => withRows(stage, size, orders),
  }));
  return interleave<RowsFigures>(contestants, rounds, (name, round, one) =>
    stage.say(
      `  ${name} rows, round ${round + 1}: ${figure(one.takenIn)} taken in, ${figure(one.pushed)} pushed, ` +
        `${figure(one.followed)} followed a second`,
    ),
  );
}

async function withRows(stage: Stage, size: number, orders: number): Promise<RowsFigures> {
  const round = await GatewayRound.start(stage, 0, 10 * orders + 1_000);
  try {
    await fill(round, size);
    // Read off the bus while nobody is let in, so that pushing takes nothing of it.
    await round.control.knobs({ apiAccess: false });
    const offeredAt = performance.now();
    await round.append(reserved('SE', '', orders));
    await round.takenIn(orders);
    const takenIn = orders / ((performance.now() - offeredAt) / 1_000);
    await round.control.knobs({ apiAccess: true });
    await round.there(WARM + 1);
    const beganAt = performance.now();
    await round.there(WARM + orders);
    const pushed = (orders - 1) / ((performance.now() - beganAt) / 1_000);
    return { takenIn, pushed, followed: await follow(round, orders) };
  } finally {
    await round.stop();
  }
}

/** Orders of the past, as the gateway keeps them: sent, collected, with a parcel each. */
async function fill({ database }: GatewayRound, size: number): Promise<void> {
  await database.client.query(
    `INSERT INTO wms_gateway.orders (number, number_key, claimed, channel, origin, state, revision, accepted_revision,
       lines, wms_lines, wms_order_id, status_number, parcels, updated_at)
     SELECT 'old-' || n || '-SE', 'old-' || n || '-se', true, 'SE', 'bench:SE:old-' || n, 'accepted', 1, 1,
       '[{"row": "1", "article": "MUG-BLUE", "quantity": "1", "picked": true}]',
       '[{"row": "1", "article": "MUG-BLUE", "quantity": "1"}]', 10000000 + n, 500,
       jsonb_build_array(jsonb_build_object('parcel', 'P' || n, 'lines', '[]'::jsonb)),
       now() - n * interval '10 seconds'
     FROM generate_series(1, $1) AS n`,
    [size],
  );
  await database.client.query('VACUUM ANALYZE wms_gateway.orders');
  // The queue is counted while it is empty, as in a quiet night: the worst that its statistics can be.
  await database.client.query('ANALYZE wms_gateway.writes');
  // Writing them to the disk is no part of what is measured.
  await database.client.query('CHECKPOINT');
}

/** Half of the orders leave the warehouse; until the last of them is told. */
async function follow({ control, database }: GatewayRound, orders: number): Promise<number> {
  const leaving = Array.from({ length: Math.ceil(orders / 2) }, (_, at) => `${at}-SE`);
  const beganAt = performance.now();
  for (const order of leaving) {
    await control.pick({ order });
    await control.ship({ order, parcels: [{ number: `P-${order}` }] });
  }
  for (;;) {
    const { told } = await database.one<{ told: number }>(
      `SELECT count(*)::int AS told FROM bus.messages
       WHERE topic = 'wms.orders.v1' AND headers ->> 'ce_type' = 'order.shipped'`,
    );
    if (told >= leaving.length) return leaving.length / ((performance.now() - beganAt) / 1_000);
    await wait(LOOK_EVERY_MS);
  }
}

export function rowsTable(all: ReadonlyMap<string, RowsFigures[]>): Table {
  const [few = [], many = []] = [...all.values()];
  const line = (what: string, of: (one: RowsFigures) => number) => [
    what,
    ...[...all.values()].map((each) => figures(each.map(of))),
    figures(ratios(many.map(of), few.map(of))),
  ];
  return {
    title: 'Orders a second, with so many orders in the tables of the gateway before',
    columns: ['', ...all.keys(), 'many / few, each round'],
    rows: [
      line('taken in from the bus', (one) => one.takenIn),
      line('pushed to Ongoing', (one) => one.pushed),
      line('parcels told', (one) => one.followed),
    ],
    note: 'Ongoing answers at once. Parcels: from the first that is shipped to the last that is told; shipping itself is in it.',
  };
}

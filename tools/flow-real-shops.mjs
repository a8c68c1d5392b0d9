// Plays the flow of real shops in any size. usage: npm run flow:real-shops -- [--orders N] [--rounds N] [--faults]
// [--seed N] [--only mixed-day|last-piece]. It needs the real shops (tools/real-shops) and KAFKA_BROKERS.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

const usage = `usage: npm run flow:real-shops -- [options]

  --orders N    orders over all shops while services are killed (200)
  --faults      as many again with the warehouse's faults on and answers lost (60 otherwise)
  --rounds N    rounds of twenty buyers on one piece (50)
  --seed N      draws the same again
  --only NAME   mixed-day or last-piece alone`;

function fail(why) {
  console.error(`${why}\n\n${usage}`);
  process.exit(64);
}

function given() {
  const text = { type: 'string' };
  try {
    const options = {
      orders: { ...text, default: '200' },
      rounds: { ...text, default: '50' },
      faults: { type: 'boolean', default: false },
      seed: text,
      only: text,
    };
    return parseArgs({ options }).values;
  } catch (error) {
    return fail(error.message);
  }
}

const { orders, rounds, faults, seed, only } = given();
for (const [name, value] of Object.entries({ orders, rounds, seed }))
  if (value !== undefined && !/^[1-9]\d*$/.test(value))
    fail(`--${name} takes a whole number, not '${value}'.`);
if (only !== undefined && !existsSync(`flows/src/real-shops/${only}.long.spec.ts`))
  fail(`There is no flow '${only}': it is mixed-day or last-piece.`);
if (!process.env.KAFKA_BROKERS)
  fail('KAFKA_BROKERS is not set. Start a Kafka: export "$(tools/kafka-local/kafka-local start)"');

const { status } = spawnSync(process.execPath, ['tools/test.mjs', `flows/src/real-shops/${only ?? ''}`], {
  stdio: 'inherit',
  env: {
    ...process.env,
    SUITE: 'long',
    FLOW_ORDERS: orders,
    FLOW_ROUNDS: rounds,
    ...(faults && { FLOW_TROUBLED_ORDERS: orders }),
    ...(seed && { FLOW_SEED: seed }),
  },
});
process.exit(status ?? 1);

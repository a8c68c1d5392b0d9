import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '@samlast/test-stack';
import { runAudit } from './run-audit.ts';

const SHOWN = 20;
const USAGE = 'usage: npm run audit:gateway -- [--orders 10000] [--seed N]';
const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { orders: { type: 'string', default: '10000' }, seed: { type: 'string' } },
  });
  const orders = Number(values.orders);
  const seed = values.seed === undefined ? undefined : Number(values.seed);
  if (!Number.isInteger(orders) || orders < 1 || Number.isNaN(seed)) throw new Error(USAGE);
  const dir = await mkdtemp(join(tmpdir(), 'samlast-audit-postgres-'));
  const postgres = await startPostgres({ dir, durable: true, databases: ['audit'] });
  try {
    const databaseUrl = postgres.url('audit');
    const { faults, ...rest } = await runAudit({ orders, seed, databaseUrl, say });
    say(JSON.stringify(rest, null, 2));
    for (const fault of faults.slice(0, SHOWN)) say(fault);
    say(
      faults.length === 0
        ? `${orders} orders: none lost, none twice, none changed.`
        : `${faults.length} differences; --seed ${rest.seed} draws the same again.`,
    );
    return faults.length === 0 ? 0 : 1;
  } finally {
    await postgres.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

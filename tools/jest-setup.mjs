// One real Postgres for the whole run, unless TEST_POSTGRES_URL names one. Specs take databases of their own in it.
import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { availableMemory } from 'node:process';
import '@oxc-node/core/register';

const GIB = 2 ** 30;
const memory = '/dev/shm';
/** Their specs start services as processes: bundled, as they are deployed, and in a fifth of the processor's time. */
const suitesOfProcesses = ['flow', 'browser', 'shops', 'long'];

export default async function setup() {
  if (suitesOfProcesses.includes(process.env.SUITE)) {
    const { buildApps } = await import('../libs/test-stack/src/apps.ts');
    await buildApps();
  }
  if (process.env.TEST_POSTGRES_URL) return;
  const { isAlive, startPostgres } = await import('../libs/test-stack/src/postgres.ts');
  const parent = roomInMemory() ? memory : tmpdir();
  removeLeftovers(parent, isAlive);
  const dir = mkdtempSync(join(parent, `samlast-test-${process.pid}-`));
  chmodSync(dir, 0o755);
  const postgres = await startPostgres({ dir: join(dir, 'postgres'), durable: false });
  process.env.TEST_POSTGRES_URL = postgres.url('postgres');
  globalThis.stopTestPostgres = async () => {
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  };
}

/**
 * A new database is some 300 files, and a run makes hundreds of databases: 18 ms each in memory, where one disk took
 * 370. Postgres' log of writes grows to 1 GiB, and nothing else may be pushed out by it.
 */
function roomInMemory() {
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize > 3 * GIB && availableMemory() > 6 * GIB;
  } catch {
    return false;
  }
}

/** A run that was killed could not remove its folder, and in memory that would stay until the machine ends. */
function removeLeftovers(parent, isAlive) {
  for (const name of readdirSync(parent)) {
    const pid = Number(/^samlast-test-(\d+)-/.exec(name)?.[1]);
    if (pid && !isAlive(pid)) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

// One real Postgres for the whole run, unless TEST_POSTGRES_URL names one. Specs take databases of their own in it.
import { mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@oxc-node/core/register';

export default async function setup() {
  if (process.env.TEST_POSTGRES_URL) return;
  const { startPostgres } = await import('../libs/test-stack/src/postgres.ts');
  const dir = mkdtempSync(join(tmpdir(), 'samlast-test-'));
  chmodSync(dir, 0o755);
  const postgres = await startPostgres({ dir: join(dir, 'postgres'), durable: false });
  process.env.TEST_POSTGRES_URL = postgres.url('postgres');
  globalThis.stopTestPostgres = async () => {
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  };
}

import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { Client } from 'pg';
import { Lead } from './lead.ts';
import { Leadership } from './leadership.ts';
import { setStage, type Stage } from './testing/stage.ts';

let stage: Stage;
afterEach(() => stage.close());
beforeEach(async () => {
  stage = await setStage();
});

it('a gateway that is told to stop while it takes the lease stops, and leaves the lease to others', async () => {
  const first = await stage.gateway();
  const leadership = first.app.get(Leadership);
  await eventually(() => leadership.current());
  await first.close();
  const other = new Client({ connectionString: stage.database.url });
  await other.connect();
  await other.query('BEGIN');
  await other.query('SELECT 1 FROM wms_gateway.writer_lease FOR UPDATE');
  const { app } = await stage.gateway();
  await eventually(async () => {
    const waits = await stage.database.query(
      `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%epoch = epoch + 1%'
         AND datname = current_database()`,
    );
    return waits.length > 0;
  });
  const stopped = app.get(Lead).beforeApplicationShutdown();
  await other.query('COMMIT');
  await other.end();
  await stopped;
  expect(await app.get(Leadership).current()).toBeUndefined();
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '@samlast/contracts';
import { UnitOfWork } from '@samlast/messaging';
import { type RunningService, startService } from '@samlast/service';
import { testDatabase } from '@samlast/test-stack';
import { service } from '../service.ts';
import { OwnerStandIn, TOKEN } from './owners-stand-in.ts';

export const PASSWORD = 'correct horse battery';

const startAt = '2026-01-01T00:00:00Z';
const channel = (code: string, name: string, orderType: string) => ({
  code,
  kind: 'http',
  name,
  orderType: { code: orderType },
  startAt,
});

/** A console on a database and an embedded log of its own, with stand-ins for the services that it asks. */
export async function runningConsole(changes: Record<string, string> = {}) {
  const database = await testDatabase();
  const dir = mkdtempSync(join(tmpdir(), 'samlast-console-'));
  const channels = [
    channel('SE', 'Demo shop SE', 'B2C'),
    channel('EU', 'Demo shop EU', 'B2C'),
    { ...channel('ERP', 'Demo ERP', 'B2B'), articleMaster: true },
  ];
  writeFileSync(join(dir, 'channels.json'), JSON.stringify({ channels }));
  const authority = await new OwnerStandIn().start();
  const gateway = await new OwnerStandIn().start();
  const channelEu = await new OwnerStandIn().start();
  const gone = await new OwnerStandIn().start();
  const goneUrl = gone.url;
  await gone.stop();
  const stopOwners = () => Promise.all([authority.stop(), gateway.stop(), channelEu.stop()]);
  const started: RunningService = await startService(service, {
    DATABASE_URL: database.url,
    BUS: 'embedded',
    CHANNELS_FILE: join(dir, 'channels.json'),
    LOG_LEVEL: 'silent',
    CONSOLE_PASSWORD: PASSWORD,
    SERVICES: `stock-authority=${authority.url},wms-gateway=${gateway.url},channel-eu=${channelEu.url},channel-se=${goneUrl}`,
    SERVICES_TOKEN: TOKEN,
    ...changes,
  }).catch(async (error: unknown) => {
    await stopOwners();
    throw error;
  });
  return {
    url: started.url,
    database,
    authority,
    gateway,
    channelEu,
    /** As the services would: on the bus, from where the console reads it. */
    publish: (...events: Event[]) =>
      started.app.get(UnitOfWork).run(async () => ({ events, answer: undefined })),
    async stop() {
      await started.close();
      await stopOwners();
      await database.drop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

import { Module } from '@nestjs/common';
import { startSamlastService } from '../samlast-service.ts';
import { dataSource } from '../schema.ts';
import type { RelaySettings } from './relay.benchmark.ts';
import { startRowByRow } from './row-by-row.ts';

@Module({})
class Nothing {}

const settings = JSON.parse(process.argv[2] ?? '{}') as RelaySettings;
if (settings.kind === 'samlast') await startSamlastService({ ...settings, module: { module: Nothing } });
else {
  const source = dataSource(settings.databaseUrl, settings.schema, 2);
  await source.initialize();
  await startRowByRow(source, { ...settings, selectsBatches: settings.kind === 'batch select' });
}
console.log('ready');

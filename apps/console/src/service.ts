import { defineService } from '@samlast/service';
import { config } from './config.ts';
import { ConsoleModule } from './console.module.ts';
import { ExpectedGoods1764600000000, Inbound1764500000000 } from './follow-inbound/inbound.migration.ts';
import { migrations } from './migrations/projection.ts';

const needed = ['stock-authority', 'wms-gateway'];

export const service = defineService({
  name: 'console',
  config,
  schema: () => 'console',
  group: () => 'console',
  migrations: [...migrations, Inbound1764500000000, ExpectedGoods1764600000000],
  module: () => ConsoleModule,
  faults: ({ SERVICES }) =>
    needed
      .filter((name) => !SERVICES.has(name))
      .map((name) => `SERVICES has no ${name}: add ${name}=http://host:port`),
});

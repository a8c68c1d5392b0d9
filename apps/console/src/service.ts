import { defineService } from '@samlast/service';
import { config } from './config.ts';
import { ConsoleModule } from './console.module.ts';
import { migrations } from './migrations/projection.ts';

const needed = ['stock-authority', 'wms-gateway'];

export const service = defineService({
  name: 'console',
  config,
  schema: () => 'console',
  group: () => 'console',
  migrations,
  module: () => ConsoleModule,
  faults: ({ SERVICES }) =>
    needed
      .filter((name) => !SERVICES.has(name))
      .map((name) => `SERVICES has no ${name}: add ${name}=http://host:port`),
});

import { defineService } from '@samlast/service';
import { config } from './config.ts';
import { Schema1764000000000 } from './schema.migration.ts';
import { WmsGatewayModule } from './wms-gateway.module.ts';

export const service = defineService({
  name: 'wms-gateway',
  config,
  schema: () => 'wms_gateway',
  group: () => 'wms-gateway',
  migrations: [Schema1764000000000],
  module: () => WmsGatewayModule,
});

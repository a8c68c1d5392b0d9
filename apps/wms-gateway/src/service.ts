import { defineService } from '@samlast/service';
import { config } from './config.ts';
import { Expected1764600000000 } from './follow-inbound/expected.migration.ts';
import { Returns1764700000000 } from './follow-inbound/returns.migration.ts';
import { Edits1764400000000, LinesThere1764800000000 } from './follow-orders/edits.migration.ts';
import { Inbound1764500000000 } from './push-inbound/inbound.migration.ts';
import { Schema1764000000000 } from './schema.migration.ts';
import { EmptiedArticles1764500000000, StockGate1764300000000 } from './stock-gate.migration.ts';
import { WmsGatewayModule } from './wms-gateway.module.ts';

export const service = defineService({
  name: 'wms-gateway',
  config,
  schema: () => 'wms_gateway',
  group: () => 'wms-gateway',
  migrations: [
    Schema1764000000000,
    StockGate1764300000000,
    Edits1764400000000,
    Inbound1764500000000,
    Expected1764600000000,
    Returns1764700000000,
    LinesThere1764800000000,
    EmptiedArticles1764500000000,
  ],
  module: () => WmsGatewayModule,
});

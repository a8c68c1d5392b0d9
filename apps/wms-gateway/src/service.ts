import { defineService } from '@samlast/service';
import { config } from './config.ts';
import { Expected1764600000000 } from './follow-inbound/expected.migration.ts';
import { PurchaseHints1765050000000 } from './follow-inbound/purchase-hints.migration.ts';
import { Returns1764700000000 } from './follow-inbound/returns.migration.ts';
import {
  Edits1764400000000,
  LinesThere1764800000000,
  StandingEdits1765900000000,
} from './follow-orders/edits.migration.ts';
import {
  Inbound1764500000000,
  InboundLinesThere1766000001000,
  InboundWaitsForArticles1766300000000,
  RefusedInbound1766000000000,
} from './push-inbound/inbound.migration.ts';
import { Catalogue1765000000000, SeenAtStep1765000001000 } from './publish-articles/catalogue.migration.ts';
import { WebhookGaps1765100000000 } from './receive-webhooks/gaps.migration.ts';
import { Amendments1765200000000 } from './push-orders/amendments.migration.ts';
import { Schema1764000000000 } from './schema.migration.ts';
import {
  EmptiedArticles1764500000000,
  ReadsEnd1764900000000,
  StockGate1764300000000,
} from './stock-gate.migration.ts';
import { VanishedArticles1766200000000 } from './watch-stock/vanished.migration.ts';
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
    ReadsEnd1764900000000,
    Catalogue1765000000000,
    PurchaseHints1765050000000,
    SeenAtStep1765000001000,
    WebhookGaps1765100000000,
    Amendments1765200000000,
    StandingEdits1765900000000,
    RefusedInbound1766000000000,
    InboundLinesThere1766000001000,
    VanishedArticles1766200000000,
    InboundWaitsForArticles1766300000000,
  ],
  module: () => WmsGatewayModule,
});

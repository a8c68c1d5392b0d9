import { defineService } from '@samlast/service';
import { config } from './config.ts';
import { StockAuthorityModule } from './stock-authority.module.ts';
import { migrations } from './tables/migrations.ts';

export const service = defineService({
  name: 'stock-authority',
  config,
  schema: () => 'stock_authority',
  group: () => 'stock-authority',
  migrations,
  module: () => StockAuthorityModule,
  // Batches of one moment want the same articles and would only queue for their rows in the database.
  concurrency: 1,
});

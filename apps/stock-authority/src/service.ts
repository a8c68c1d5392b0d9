import { defineService } from '@samlast/service';
import { config } from './config.ts';
import { StockAuthorityModule } from './stock-authority.module.ts';
import { CreateStockAuthority1764000000000 } from './tables/schema.ts';

export const service = defineService({
  name: 'stock-authority',
  config,
  schema: () => 'stock_authority',
  group: () => 'stock-authority',
  migrations: [CreateStockAuthority1764000000000],
  module: () => StockAuthorityModule,
  // Batches of one moment want the same articles and would only queue for their rows in the database.
  concurrency: 1,
});

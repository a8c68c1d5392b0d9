import { ClaimsAndLeases1764200000000 } from './claims-and-leases.ts';
import { OrderTexts1764500000000 } from './order-texts.ts';
import { CreateStockAuthority1764000000000 } from './schema.ts';
import { WarehouseAndPieces1764400000000 } from './warehouse-and-pieces.ts';

/** In order; one that was released is never changed. */
export const migrations = [
  CreateStockAuthority1764000000000,
  ClaimsAndLeases1764200000000,
  WarehouseAndPieces1764400000000,
  OrderTexts1764500000000,
];

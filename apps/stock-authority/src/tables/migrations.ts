import { ClaimsByChannel1765200000000 } from './claims-by-channel.ts';
import { ClaimsAndLeases1764200000000 } from './claims-and-leases.ts';
import { ExpectedGoods1764600000000 } from './expected-goods.ts';
import { FewerIndexes1764650000000 } from './fewer-indexes.ts';
import { LedgerPacks1764650000001 } from './ledger-packs.ts';
import { OrderTexts1764500000000 } from './order-texts.ts';
import { CreateStockAuthority1764000000000 } from './schema.ts';
import { WarehouseAndPieces1764400000000 } from './warehouse-and-pieces.ts';

/** In order; one that was released is never changed. */
export const migrations = [
  CreateStockAuthority1764000000000,
  ClaimsAndLeases1764200000000,
  WarehouseAndPieces1764400000000,
  OrderTexts1764500000000,
  ExpectedGoods1764600000000,
  FewerIndexes1764650000000,
  LedgerPacks1764650000001,
  ClaimsByChannel1765200000000,
];

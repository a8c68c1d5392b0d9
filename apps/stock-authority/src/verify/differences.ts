import type { EntityManager } from 'typeorm';
import { compareExpectations, compareShortfalls } from './compare-announced.ts';
import { compareArticles } from './compare-articles.ts';
import { compareLines } from './compare-lines.ts';
import { compareClaims, compareOrders } from './compare-orders.ts';
import type { Difference } from './difference.ts';
import type { Fold } from './fold.ts';

/** All rows that were changed past the ledger: articles with their leases first, then orders with their lines. */
export async function differences(tx: EntityManager, fold: Fold): Promise<Difference[]> {
  return [
    ...(await compareArticles(tx, fold)),
    ...(await compareOrders(tx, fold)),
    ...(await compareClaims(tx, fold)),
    ...(await compareLines(tx, fold)),
    ...(await compareExpectations(tx, fold)),
    ...(await compareShortfalls(tx, fold)),
  ];
}

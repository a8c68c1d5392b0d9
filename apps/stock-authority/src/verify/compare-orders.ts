import type { EntityManager } from 'typeorm';
import { changesOf, type Difference } from './difference.ts';
import type { Fold } from './fold.ts';

export async function compareOrders(tx: EntityManager, fold: Fold): Promise<Difference[]> {
  const rows: { id: string; number: string; state: string; standing: boolean }[] = await tx.query(
    'SELECT id, number, state, standing FROM orders ORDER BY id',
  );
  const found: Difference[] = [];
  const missing = new Set(fold.orders.keys());
  for (const { id, number, state, standing } of rows) {
    missing.delete(number);
    const order = fold.orders.get(number);
    if (order?.state === state && order.standing === standing) continue;
    const should = order ? `should be ${order.state}` : 'is in no entry';
    const changes = changesOf(
      { state, standing: String(standing) },
      { state: order?.state ?? null, standing: order ? String(order.standing) : null },
    );
    found.push({
      entry: order?.entry ?? null,
      difference: `Order ${number} was changed past the ledger: it is ${state} and ${should}.`,
      of: { number },
      changes,
      ...(order && {
        mend: (to) =>
          to.query('UPDATE orders SET state = $2, standing = $3, changed_at = now() WHERE id = $1', [
            id,
            order.state,
            order.standing,
          ]),
      }),
    });
  }
  for (const number of missing) {
    const difference = `Order ${number} is in the ledger, but not in its table.`;
    found.push({ entry: fold.orders.get(number)?.entry ?? null, difference, of: { number }, changes: [] });
  }
  return found;
}

export async function compareClaims(tx: EntityManager, fold: Fold): Promise<Difference[]> {
  const rows: { id: string; name: string; state: string }[] = await tx.query(
    "SELECT id, channel || '/' || key AS name, state FROM claims ORDER BY id",
  );
  const found: Difference[] = [];
  const missing = new Set(fold.claims.keys());
  for (const { id, name, state } of rows) {
    missing.delete(name);
    const claim = fold.claims.get(name);
    if (claim?.state === state) continue;
    const should = claim ? `should be ${claim.state}` : 'is in no entry';
    found.push({
      entry: claim?.entry ?? null,
      difference: `Claim ${name} was changed past the ledger: it is ${state} and ${should}.`,
      of: { claim: name },
      changes: changesOf({ state }, { state: claim?.state ?? null }),
      ...(claim && {
        // A new version, so that an expiry that was decided on the wrong state cannot end it.
        mend: (to) =>
          to.query('UPDATE claims SET state = $2, version = version + 1, changed_at = now() WHERE id = $1', [
            id,
            claim.state,
          ]),
      }),
    });
  }
  for (const name of missing) {
    const entry = fold.claims.get(name)?.entry ?? null;
    found.push({ entry, difference: `Claim ${name} is not in its table.`, of: { claim: name }, changes: [] });
  }
  return found;
}

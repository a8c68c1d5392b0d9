import type { EntityManager } from 'typeorm';

/** Rows of a table of the gateway's that this transaction has read so far, one each time that it was. */
export async function touchedRows(tx: EntityManager, table: string): Promise<number> {
  const [row]: { count: string }[] = await tx.query(
    `SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) AS count FROM pg_stat_xact_user_tables
     WHERE schemaname = 'wms_gateway' AND relname = $1`,
    [table],
  );
  return Number(row?.count);
}

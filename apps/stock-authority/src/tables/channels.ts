import type { ShelfMethod } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';
import type { Registration } from '../register-channel/register.ts';

interface Row {
  code: string;
  kind: string;
  shop_identity: string;
  instance_id: string;
  seen_at: Date;
  method: ShelfMethod | null;
  standby_id: string | null;
  standby_seen_at: Date | null;
}

const registrationOf = (row: Row): Registration => ({
  kind: row.kind,
  shopIdentity: row.shop_identity,
  instanceId: row.instance_id,
  seenAt: row.seen_at.getTime(),
  ...(row.method && { method: row.method }),
  ...(row.standby_id && { standbyId: row.standby_id, standbySeenAt: row.standby_seen_at?.getTime() }),
});

const COLUMNS = 'code, kind, shop_identity, instance_id, seen_at, standby_id, standby_seen_at, method';

/**
 * Who holds a code, with the code locked, and the database's own time: the clocks of several processes may
 * differ.
 */
export async function lockRegistration(
  tx: EntityManager,
  code: string,
): Promise<{ known?: Registration; now: number }> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`channel ${code}`]);
  const [time]: { now: Date }[] = await tx.query('SELECT clock_timestamp() AS now');
  const [row]: Row[] = await tx.query(`SELECT ${COLUMNS} FROM channels WHERE code = $1`, [code]);
  return { now: time?.now.getTime() ?? Date.now(), ...(row && { known: registrationOf(row) }) };
}

export async function saveRegistration(tx: EntityManager, code: string, holder: Registration): Promise<void> {
  await tx.query(
    `INSERT INTO channels (${COLUMNS}) VALUES ($1, $2, $3, $4, to_timestamp($5 / 1000.0), $6, to_timestamp($7 / 1000.0), $8)
     ON CONFLICT (code) DO UPDATE SET kind = excluded.kind, shop_identity = excluded.shop_identity,
       instance_id = excluded.instance_id, seen_at = excluded.seen_at, standby_id = excluded.standby_id,
       standby_seen_at = excluded.standby_seen_at, method = excluded.method`,
    [
      code,
      holder.kind,
      holder.shopIdentity,
      holder.instanceId,
      holder.seenAt,
      holder.standbyId ?? null,
      holder.standbySeenAt ?? null,
      holder.method ?? null,
    ],
  );
}

/** Gives a code free; false where nobody held it. */
export async function deleteRegistration(tx: EntityManager, code: string): Promise<boolean> {
  const [rows]: [Row[], number] = await tx.query('DELETE FROM channels WHERE code = $1 RETURNING code', [
    code,
  ]);
  return rows.length > 0;
}

export async function listRegistrations(tx: EntityManager): Promise<Map<string, Registration>> {
  const rows: Row[] = await tx.query(`SELECT ${COLUMNS} FROM channels`);
  return new Map(rows.map((row) => [row.code, registrationOf(row)]));
}

/** How each channel's shop takes stock writes, and whether its service was heard of lately by the database's clock. */
export async function readShops(
  tx: EntityManager,
  silentForS: number,
): Promise<Map<string, { method?: ShelfMethod; alive: boolean }>> {
  const rows: { code: string; method: ShelfMethod | null; alive: boolean }[] = await tx.query(
    `SELECT code, method, NOT paused AND seen_at > clock_timestamp() - make_interval(secs => $1) AS alive
     FROM channels`,
    [silentForS],
  );
  return new Map(rows.map(({ code, method, alive }) => [code, { alive, ...(method && { method }) }]));
}

/** A paused channel counts as silent. False where nobody has ever held its code. */
export async function pauseChannel(tx: EntityManager, code: string, paused: boolean): Promise<boolean> {
  const [rows]: [unknown[], number] = await tx.query(
    'UPDATE channels SET paused = $2 WHERE code = $1 RETURNING code',
    [code, paused],
  );
  return rows.length > 0;
}

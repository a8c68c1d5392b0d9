import type { EntityManager } from 'typeorm';

/** Which orders, articles and announcements a page that shows them should read again. `many`: too many to name. */
export interface Changes {
  orders: string[];
  articles: string[];
  /** Numbers of purchase orders and returns. */
  inbound?: string[];
  many?: boolean;
}

export const LIVE = 'samlast_console_live';

/** Postgres takes 8000 bytes for a notice; a batch of hundreds of orders is a reason to read the whole page again. */
const NOTICE_BYTES_MAX = 7000;

/** Told with the commit and only then, to every instance of the console, because Postgres carries it. */
export async function tellLive(tx: EntityManager, changes: Changes): Promise<void> {
  if (changes.orders.length + changes.articles.length + (changes.inbound ?? []).length === 0) return;
  let notice = JSON.stringify(changes);
  if (Buffer.byteLength(notice) > NOTICE_BYTES_MAX) {
    notice = JSON.stringify({ orders: [], articles: [], many: true } satisfies Changes);
  }
  await tx.query('SELECT pg_notify($1, $2)', [LIVE, notice]);
}

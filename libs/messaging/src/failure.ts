/** SQLSTATE classes and codes that say something about the database's state, not about what was asked of it. */
const OUTAGE_SQLSTATE = /^(08|53|57P|58|XX)|^(25006|40001|40P01|55P03|57014)$/;
const RERUN_SQLSTATE = /^(40001|40P01)$/;
const OUTAGE_CODE =
  /^(ECONN\w+|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENETDOWN|ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL|EMFILE|ENFILE)$/;
/** node-postgres and TypeORM give no code for these. */
const OUTAGE_MESSAGE = new RegExp(
  [
    'connection terminated',
    'connection timeout',
    'timeout exceeded when trying to connect',
    'query read timeout',
    'connection error and is not queryable',
    'client was closed',
    'cannot use a pool after calling end',
    'connection is not established',
    'datasource is not (set|initialized)',
    'server closed the connection',
  ].join('|'),
  'i',
);

/** The error and all that it was caused by, nearest first. */
function* chain(error: unknown): Generator<{ code?: unknown; message?: unknown }> {
  const seen = new Set<unknown>();
  const queue: unknown[] = [error];
  for (const next of queue) {
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    const { cause, driverError, errors } = next as {
      cause?: unknown;
      driverError?: unknown;
      errors?: unknown;
    };
    yield next;
    // A loop over an array comes to what is pushed meanwhile, too.
    queue.push(driverError, cause, ...(Array.isArray(errors) ? errors : []));
  }
}

function codeOf(error: unknown): string | undefined {
  for (const { code } of chain(error)) if (typeof code === 'string') return code;
  return undefined;
}

/**
 * Connection, serialisation, timeout, resources: no message is to blame, so the whole batch is tried again for ever.
 */
export function isOutage(error: unknown): boolean {
  for (const { code, message } of chain(error)) {
    if (typeof code === 'string' && (OUTAGE_SQLSTATE.test(code) || OUTAGE_CODE.test(code))) return true;
    if (typeof message === 'string' && OUTAGE_MESSAGE.test(message)) return true;
  }
  return false;
}

/** Two transactions met: the database has undone this one, and the same work may succeed at once. */
export function isConflict(error: unknown): boolean {
  return RERUN_SQLSTATE.test(codeOf(error) ?? '');
}

/**
 * An error in words that may be shown and stored: database errors can quote the data that they choked on, so of those
 * only the code and the names of table and constraint are kept.
 */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const database = [...chain(error)].find((link) => 'severity' in link) as
    { code?: string; table?: string; constraint?: string } | undefined;
  if (!database) return `${error.name}: ${error.message.slice(0, 300)}`;
  const { code, table, constraint } = database;
  return ['database error', code, table && `table ${table}`, constraint && `constraint ${constraint}`]
    .filter(Boolean)
    .join(', ');
}

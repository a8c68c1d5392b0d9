const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH', 'EAI_AGAIN']);

const codeOf = (error: unknown) => (error as { code?: unknown } | undefined)?.code;

/** What kept the database from being opened, in words that name the variable; else the error itself. */
export function databaseFault(error: unknown, url: string): unknown {
  const code = String(codeOf(error) ?? '');
  const { host, pathname } = new URL(url);
  const fault = (message: string) => new Error(message, { cause: error });
  if (code === '3D000')
    return fault(`DATABASE_URL names the database ${pathname.slice(1)}, which is not on ${host}: create it.`);
  if (code === '28P01' || code === '28000')
    return fault(`Postgres on ${host} refuses the user of DATABASE_URL: check its name and its password.`);
  if (UNREACHABLE.has(code))
    return fault(
      `Postgres does not answer at ${host} (DATABASE_URL): does it run there? ${code} was the answer.`,
    );
  return error;
}

/** The same for the port that the service wants to listen on. */
export function portFault(error: unknown, port: number, host: string): unknown {
  if (codeOf(error) !== 'EADDRINUSE') return error;
  return new Error(`Port ${port} of ${host} is taken: stop what listens there, or set SERVICE_PORT.`, {
    cause: error,
  });
}

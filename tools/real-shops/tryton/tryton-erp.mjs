// How a test starts an ERP: as a process of its own, which it can kill. Needs a loader for TypeScript, as Jest and
// tools/typescript.mjs are.
import { freePort, startProcess } from '@samlast/test-stack';

export async function startTryton({ code, postgres, ...more }) {
  const args = {
    code,
    port: more.port ?? (await freePort()),
    postgres,
    database: more.database,
    articles: more.articles?.join(','),
    stock: more.stock,
  };
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  const process = await startProcess({
    args: [
      'tools/real-shops/tryton/tryton.mjs',
      'start',
      ...given.flatMap(([name, value]) => [`--${name}`, String(value)]),
      ...(more.fresh ? ['--fresh'] : []),
    ],
    ready: /^tryton ready (\{.*\})$/m,
    // A first one on a Postgres server makes the tables of all others: a minute on a quiet machine.
    readyWithinMs: 600_000,
  });
  return { ...JSON.parse(process.readyMatch[1]), process };
}

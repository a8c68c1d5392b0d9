// How a test starts a shop: as a process of its own, which it can kill. Needs a loader for TypeScript, as Jest and
// tools/typescript.mjs are.
import { freePort, startProcess } from '@samlast/test-stack';

/**
 * Runs a shop's command and waits until it sells.
 *
 * @param more options of this kind of shop by their names on the command line
 */
export async function startShop(kind, program, options, more = {}) {
  const { code, postgres, database, fresh, plugin, stock } = options;
  const args = {
    code,
    port: options.port ?? (await freePort()),
    postgres,
    database,
    articles: options.skus?.join(','),
    stock,
    plugin: plugin && JSON.stringify(plugin),
    ...more,
  };
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  const process = await startProcess({
    args: [
      program,
      'start',
      ...given.flatMap(([name, value]) => [`--${name}`, String(value)]),
      ...(fresh ? ['--fresh'] : []),
    ],
    ready: new RegExp(`^${kind} ready (\\{.*\\})$`, 'm'),
    readyWithinMs: 600_000,
  });
  return { ...JSON.parse(process.readyMatch[1]), process };
}

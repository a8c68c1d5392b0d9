// How a test starts a shop: as a process of its own, which it can kill. Needs a loader for TypeScript, as Jest and
// tools/typescript.mjs are.
import { freePort, startProcess } from '@samlast/test-stack';

export async function startMedusaShop({ code, postgres, webhook, ...more }) {
  const args = {
    code,
    port: more.port ?? (await freePort()),
    postgres,
    database: more.database,
    articles: more.skus?.join(','),
    stock: more.stock,
    'first-order': more.firstOrder,
    'webhook-url': webhook?.url,
    'webhook-secret': webhook?.secret,
  };
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  const process = await startProcess({
    args: [
      'tools/real-shops/medusa.mjs',
      'start',
      ...given.flatMap(([name, value]) => [`--${name}`, String(value)]),
      ...(more.fresh ? ['--fresh'] : []),
    ],
    ready: /^medusa ready (\{.*\})$/m,
    readyWithinMs: 180_000,
  });
  return { ...JSON.parse(process.readyMatch[1]), process };
}

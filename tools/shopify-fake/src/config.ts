import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { FakeOptions } from './start.ts';

const USAGE = `usage: shopify-fake [--port 7460] [--host 127.0.0.1] [--domain fake.myshopify.com] [--bucket 2000] [--restore 100]
environment: SHOPIFY_CLIENT_ID, SHOPIFY_CLIENT_SECRET, SHOPIFY_ACCESS_TOKEN (defaults: fake-client, fake-client-secret, shpat_fake)`;

const Settings = z.strictObject({
  port: z.coerce.number().int().min(0).max(65_535).default(7460),
  host: z.string().min(1).default('127.0.0.1'),
  domain: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/, 'must read name.myshopify.com')
    .default('fake.myshopify.com'),
  bucket: z.coerce.number().int().min(1).default(2000),
  restore: z.coerce.number().int().min(1).default(100),
});

/** Reads flags and environment; throws an error that names every fault at once. */
export function readConfig(argv = process.argv.slice(2), env = process.env): FakeOptions {
  const text = { type: 'string' } as const;
  const options = { port: text, host: text, domain: text, bucket: text, restore: text };
  const parsed = Settings.safeParse(parseArgs({ args: argv, options }).values);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`);
    throw new Error(`${faults.join('\n')}\n${USAGE}`);
  }
  return {
    ...parsed.data,
    clientId: env.SHOPIFY_CLIENT_ID ?? 'fake-client',
    clientSecret: env.SHOPIFY_CLIENT_SECRET ?? 'fake-client-secret',
    accessToken: env.SHOPIFY_ACCESS_TOKEN ?? 'shpat_fake',
  };
}

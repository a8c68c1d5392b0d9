import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { FakeOptions } from './start.ts';

export const USAGE = `usage: woocommerce-fake [--port 7500] [--host 127.0.0.1] [--zone America/New_York] [--hold-minutes 60]
  [--stock-endpoint] [--tracking-extension]
environment: WOOCOMMERCE_KEY (default ck_fake), WOOCOMMERCE_SECRET (default cs_fake)`;

const zones = new Set(Intl.supportedValuesOf('timeZone'));
const Settings = z.strictObject({
  port: z.coerce.number().int().min(0).max(65_535).default(7500),
  host: z.string().min(1).default('127.0.0.1'),
  zone: z
    .string()
    .refine((zone) => zones.has(zone), 'must be a time zone such as Europe/Stockholm')
    .optional(),
  'hold-minutes': z.coerce.number().int().min(0).max(10_000).optional(),
  'stock-endpoint': z.boolean().optional(),
  'tracking-extension': z.boolean().optional(),
});

/** Reads flags and environment; throws an error that names every fault at once. */
export function readConfig(argv = process.argv.slice(2), env = process.env): FakeOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      zone: { type: 'string' },
      'hold-minutes': { type: 'string' },
      'stock-endpoint': { type: 'boolean' },
      'tracking-extension': { type: 'boolean' },
    },
  });
  const parsed = Settings.safeParse(values);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`);
    throw new Error(`${faults.join('\n')}\n${USAGE}`);
  }
  const { port, host, zone, ...rest } = parsed.data;
  const { WOOCOMMERCE_KEY: key = 'ck_fake', WOOCOMMERCE_SECRET: secret = 'cs_fake' } = env;
  return {
    port,
    host,
    ...(zone && { zone }),
    ...(rest['hold-minutes'] !== undefined && { holdMinutes: rest['hold-minutes'] }),
    stockEndpoint: rest['stock-endpoint'] ?? false,
    trackingExtension: rest['tracking-extension'] ?? false,
    keys: [{ key, secret, permissions: 'read_write' }],
  };
}

import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { SimulatorOptions } from './start.ts';

export const USAGE = `usage: ongoing-simulator [--port 7400] [--host 127.0.0.1] [--warehouse demo] [--goods-owner 41] [--state file.json]
environment: ONGOING_USER (default WSI-demo), ONGOING_PASSWORD (default demo)`;

const Settings = z.strictObject({
  port: z.coerce.number().int().min(0).max(65_535).default(7400),
  host: z.string().min(1).default('127.0.0.1'),
  warehouse: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,40}$/, 'must be letters and digits, such as demo')
    .default('demo'),
  'goods-owner': z.coerce.number().int().min(1).default(41),
  state: z.string().min(1).optional(),
});

/** Reads flags and environment; throws an error that names every fault at once. */
export function readConfig(argv = process.argv.slice(2), env = process.env): SimulatorOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      warehouse: { type: 'string' },
      'goods-owner': { type: 'string' },
      state: { type: 'string' },
    },
  });
  const parsed = Settings.safeParse(values);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`);
    throw new Error(`${faults.join('\n')}\n${USAGE}`);
  }
  const { port, host, warehouse, state, 'goods-owner': goodsOwnerId } = parsed.data;
  return {
    port,
    host,
    warehouse,
    goodsOwnerId,
    stateFile: state,
    user: env.ONGOING_USER ?? 'WSI-demo',
    password: env.ONGOING_PASSWORD ?? 'demo',
  };
}

import { readFileSync } from 'node:fs';
import { Channels } from '@samlast/contracts';
import { z } from 'zod';

/** Environment variables are texts: 'true' and 'false', nothing else. */
export const Flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** `caller:token,caller:token`: which callers may use this service, and how they prove who they are. */
const Tokens = z
  .string()
  .transform((text, context) => {
    const tokens = new Map<string, string>();
    for (const entry of text.split(',').filter(Boolean)) {
      const at = entry.indexOf(':');
      const token = entry.slice(at + 1).trim();
      if (at < 1 || token.length < 16) {
        context.addIssue({
          code: 'custom',
          message: 'must read caller:token,caller:token with tokens of at least 16 characters',
        });
        return z.NEVER;
      }
      tokens.set(token, entry.slice(0, at).trim());
    }
    return tokens;
  })
  .default(new Map());

/** What every service reads. A secret may also be given as a file: NAME_FILE instead of NAME. */
export const baseShape = {
  SERVICE_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  SERVICE_HOST: z.string().default('127.0.0.1'),
  SERVICE_TOKENS: Tokens,
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgres:// address'),
  DATABASE_POOL: z.coerce.number().int().min(2).max(100).default(8),
  BUS: z.enum(['kafka', 'embedded']),
  KAFKA_BROKERS: z
    .string()
    .transform((text) => text.split(',').map((broker) => broker.trim()))
    .refine(
      (brokers) => brokers.every((broker) => /^[^\s:]+:\d+$/.test(broker)),
      'must read host:port,host:port',
    )
    .optional(),
  KAFKA_SSL: Flag.default(false),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
  TOPIC_PREFIX: z
    .string()
    .regex(/^([a-z0-9][a-z0-9-]{0,29}\.)?$/, "must be lower case and end with a dot, such as 'acme.'")
    .default(''),
  CHANNELS_FILE: z.string().min(1),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  STANDSTILL_S: z.coerce.number().int().min(5).default(120),
};

/** A service's own variables beside those that every service has. */
export function defineConfig<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object({ ...baseShape, ...shape });
}

export type BaseConfig = z.output<z.ZodObject<typeof baseShape>>;

/** Everything that is wrong with a configuration, one line each, with what to do. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(
    service: string,
    readonly faults: string[],
  ) {
    super(
      `${service} does not start: its configuration has ${faults.length} fault(s).\n` +
        `${faults.map((fault) => `  - ${fault}`).join('\n')}\n` +
        'Correct them in the environment and start again; docs/operating.md lists every variable.',
    );
  }
}

type Environment = Record<string, string | undefined>;

/** Parses the environment and channels.json before anything starts. Throws ConfigurationError with all faults. */
export function readConfig<Config extends BaseConfig>(
  service: string,
  schema: z.ZodType<Config>,
  environment: Environment,
): { config: Config; channels: Channels } {
  const faults: string[] = [];
  const parsed = schema.safeParse(withFiles(environment, variablesOf(schema), faults));
  if (!parsed.success) {
    faults.push(...parsed.error.issues.map((issue) => variableFault(issue, environment)));
  }
  const file = environment.CHANNELS_FILE;
  const channels = file ? readChannels(file, faults) : undefined;
  if (parsed.success) faults.push(...contradictions(parsed.data));
  if (faults.length > 0 || !parsed.success || !channels) throw new ConfigurationError(service, faults);
  return { config: parsed.data, channels };
}

function variableFault(issue: z.core.$ZodIssue, environment: Environment): string {
  const variable = String(issue.path[0] ?? '');
  if (environment[variable] === undefined) return `${variable} is not set`;
  return `${variable} ${issue.message}`;
}

/** Only these may come from files: other programs have variables that end in _FILE too. */
function variablesOf(schema: z.ZodType): ReadonlySet<string> {
  return new Set(Object.keys((schema as { shape?: object }).shape ?? {}));
}

function withFiles(environment: Environment, variables: ReadonlySet<string>, faults: string[]): Environment {
  const values: Environment = {};
  for (const [name, value] of Object.entries(environment)) if (value !== '') values[name] = value;
  for (const [name, path] of Object.entries(values)) {
    const target = name.slice(0, -'_FILE'.length);
    if (!name.endsWith('_FILE') || !variables.has(target) || !path) continue;
    if (values[target] !== undefined) {
      faults.push(`${target} and ${name} are both set: keep one of them`);
      continue;
    }
    try {
      values[target] = readFileSync(path, 'utf8').trim();
    } catch (error) {
      faults.push(
        `${name} names a file that cannot be read (${(error as NodeJS.ErrnoException).code}): ${path}`,
      );
    }
  }
  return values;
}

function contradictions(config: BaseConfig): string[] {
  const faults: string[] = [];
  if (config.BUS === 'kafka' && !config.KAFKA_BROKERS)
    faults.push('KAFKA_BROKERS is not set, but BUS is kafka');
  const loopback = ['127.0.0.1', '::1', 'localhost'].includes(config.SERVICE_HOST);
  if (!loopback && config.SERVICE_TOKENS.size === 0) {
    faults.push(
      `SERVICE_HOST is ${config.SERVICE_HOST}, but SERVICE_TOKENS is not set: without tokens a service listens on loopback only`,
    );
  }
  if (config.KAFKA_SASL_MECHANISM && !(config.KAFKA_SASL_USERNAME && config.KAFKA_SASL_PASSWORD)) {
    faults.push(
      'KAFKA_SASL_MECHANISM is set, so KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD must be set too',
    );
  }
  return faults;
}

function readChannels(file: string, faults: string[]): Channels | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    faults.push(
      `CHANNELS_FILE names a file that cannot be read (${(error as NodeJS.ErrnoException).code}): ${file}`,
    );
    return undefined;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    faults.push(`${file} is not JSON: check commas, quotes and brackets`);
    return undefined;
  }
  const parsed = Channels.safeParse(json);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues)
    faults.push(`${file}: ${issue.path.join('.') || '(top)'} ${issue.message}`);
  return undefined;
}

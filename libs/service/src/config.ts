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

export type BaseConfig = z.output<z.ZodObject<typeof baseShape>>;

/** What must hold between several variables; the first one is the one to be corrected. */
interface Rule {
  readonly names: readonly (keyof BaseConfig)[];
  readonly holds: (config: BaseConfig) => boolean;
  readonly message: string;
}

const loopback = ['127.0.0.1', '::1', 'localhost'];

const rules: readonly Rule[] = [
  {
    names: ['KAFKA_BROKERS', 'BUS'],
    holds: (config) => config.BUS !== 'kafka' || config.KAFKA_BROKERS !== undefined,
    message: 'is not set, but BUS is kafka',
  },
  {
    names: ['SERVICE_TOKENS', 'SERVICE_HOST'],
    holds: (config) => loopback.includes(config.SERVICE_HOST) || config.SERVICE_TOKENS.size > 0,
    message:
      'is not set, but SERVICE_HOST is not loopback: without tokens a service listens on loopback only',
  },
  {
    names: ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'],
    holds: (config) =>
      !config.KAFKA_SASL_MECHANISM || Boolean(config.KAFKA_SASL_USERNAME && config.KAFKA_SASL_PASSWORD),
    message: 'is set, so KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD must be set too',
  },
];

/** A service's own variables beside those that every service has. */
export function defineConfig<Shape extends z.ZodRawShape>(shape: Shape) {
  return rules.reduce(
    (schema, { names, holds, message }) =>
      schema.refine((config) => holds(config as unknown as BaseConfig), {
        path: names.slice(0, 1),
        message,
        when: readable(...names),
      }),
    z.object({ ...baseShape, ...shape }),
  );
}

/**
 * For `when` of a rule between several variables: it is looked at as soon as these can be read, whatever is wrong with
 * others, so that all faults are told at once.
 */
export function readable(...names: string[]) {
  return ({ issues }: { issues: readonly { path?: PropertyKey[] }[] }) =>
    !issues.some((issue) => names.includes(String(issue.path?.[0])));
}

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
  if (faults.length > 0 || !parsed.success || !channels) throw new ConfigurationError(service, faults);
  return { config: parsed.data, channels };
}

function variableFault(issue: z.core.$ZodIssue, environment: Environment): string {
  const variable = String(issue.path[0] ?? '');
  // What rules say of a variable is about its value, also when that is the default.
  if (environment[variable] === undefined && issue.code !== 'custom') return `${variable} is not set`;
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

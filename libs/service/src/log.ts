import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';

/**
 * What may stand in a log line. Everything else is left out, because whole orders with names and addresses pass through
 * every service and a log cannot be edited afterwards.
 */
export interface LogFields {
  article?: string;
  attempt?: number;
  caller?: string;
  channel?: string;
  code?: string;
  count?: number;
  duration_ms?: number;
  error?: unknown;
  group?: string;
  id?: string | number;
  instance?: string;
  key?: string;
  kind?: string;
  method?: string;
  number?: string;
  offset?: string;
  partition?: number;
  path?: string;
  port?: number;
  reason?: string;
  revision?: number;
  service?: string;
  signal?: string;
  status?: number;
  step?: number;
  topic?: string;
  type?: string;
  url?: string;
  version?: number;
}

const allowed: ReadonlySet<string> = new Set<keyof LogFields>([
  'article', 'attempt', 'caller', 'channel', 'code', 'count', 'duration_ms', 'group', 'id', 'instance', 'key',
  'kind', 'method', 'number', 'offset', 'partition', 'path', 'port', 'reason', 'revision', 'service', 'signal',
  'status', 'step', 'topic', 'type', 'url', 'version',
]); // prettier-ignore

/** One JSON line per event, with allow-listed fields only. */
export class Log {
  private readonly logger: Logger;

  constructor(service: string, level: string, destination?: DestinationStream) {
    const options = { level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime };
    this.logger = destination ? pino(options, destination) : pino(options);
  }

  debug(message: string, fields: LogFields = {}): void {
    this.logger.debug(permitted(fields), message);
  }

  info(message: string, fields: LogFields = {}): void {
    this.logger.info(permitted(fields), message);
  }

  warn(message: string, fields: LogFields = {}): void {
    this.logger.warn(permitted(fields), message);
  }

  error(message: string, fields: LogFields = {}): void {
    this.logger.error(permitted(fields), message);
  }
}

function permitted(fields: LogFields): Record<string, unknown> {
  const line: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) if (allowed.has(name)) line[name] = value;
  if (fields.error !== undefined) line.error = describeError(fields.error);
  return line;
}

/**
 * What of an error may be logged. Messages of JSON and database errors can quote the data they choked on, so of those
 * only the kind and the code are kept.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const { name, stack } = error;
  const { code, status } = error as { code?: unknown; status?: unknown };
  const quotes =
    name === 'SyntaxError' || name === 'QueryFailedError' || name === 'ZodError' || isDatabaseError(error);
  const frames = stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 6)
    .map((line) => line.trim());
  return {
    name,
    ...(typeof code === 'string' && { code }),
    ...(typeof status === 'number' && { status }),
    ...(!quotes && { message: error.message.slice(0, 500) }),
    ...(frames && { at: frames }),
  };
}

function isDatabaseError(error: Error): boolean {
  return 'severity' in error || 'driverError' in error;
}

/** Nest's own messages, in the same form. Its objects are not printed: they could hold anything. */
export class NestLog implements LoggerService {
  constructor(private readonly to: Log) {}

  log(message: unknown, context?: string): void {
    this.to.debug(text(message), { kind: context });
  }

  warn(message: unknown, context?: string): void {
    this.to.warn(text(message), { kind: context });
  }

  error(message: unknown, _stack?: string, context?: string): void {
    if (message instanceof Error)
      this.to.error('an error reached the framework', { error: message, kind: context });
    else this.to.error(text(message), { kind: context });
  }

  debug(message: unknown, context?: string): void {
    this.to.debug(text(message), { kind: context });
  }
}

function text(message: unknown): string {
  return typeof message === 'string' ? message.slice(0, 500) : 'a message that is not text';
}

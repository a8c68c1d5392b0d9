import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@samlast/service';
import { z } from 'zod';
import type { ConsoleConfig } from '../config.ts';

const TIMEOUT_MS = 4_000;

/** What came of asking a service. Only `answered` is a yes; the texts are for the operator's eyes. */
export type Answer<T> =
  | { outcome: 'answered'; value: T }
  | { outcome: 'refused'; status: number; text: string }
  | { outcome: 'unreachable'; text: string };

const Readiness = z.object({ ready: z.boolean(), faults: z.record(z.string(), z.string()).optional() });
const NOT_READY = 503;
const Refusal = z.object({ message: z.union([z.string(), z.array(z.string())]).optional() });

/** Asks the services that own the data, by HTTP. A service that is down is an answer, never an error. */
@Injectable()
export class Owners {
  private readonly services: ReadonlyMap<string, string>;
  private readonly token: string | undefined;

  constructor(@Inject(CONFIG) config: ConsoleConfig) {
    this.services = config.SERVICES;
    this.token = config.SERVICES_TOKEN;
  }

  names(): string[] {
    return [...this.services.keys()];
  }

  channels(): string[] {
    return this.names().filter((name) => name.startsWith('channel-'));
  }

  knows(service: string): boolean {
    return this.services.has(service);
  }

  get<T>(service: string, path: string, schema: z.ZodType<T>): Promise<Answer<T>> {
    return this.ask(service, 'GET', path, schema);
  }

  /** A service that is not ready says why, under a status that is otherwise a failure. */
  readiness(service: string): Promise<Answer<z.output<typeof Readiness>>> {
    return this.ask(service, 'GET', '/health/ready', Readiness);
  }

  post<T>(service: string, path: string, body: object, schema: z.ZodType<T>): Promise<Answer<T>> {
    return this.ask(service, 'POST', path, schema, body);
  }

  private async ask<T>(
    service: string,
    method: string,
    path: string,
    schema: z.ZodType<T>,
    body?: object,
  ): Promise<Answer<T>> {
    const address = this.services.get(service);
    if (!address) return { outcome: 'unreachable', text: `${service} is not in SERVICES of the console` };
    try {
      const response = await fetch(`${address}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          ...(this.token && { authorization: `Bearer ${this.token}` }),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return await read(service, path, response, schema);
    } catch (error) {
      const late = (error as Error).name === 'TimeoutError';
      const text = late
        ? `${service} did not answer within ${TIMEOUT_MS / 1000} s`
        : `${service} cannot be reached`;
      return { outcome: 'unreachable', text };
    }
  }
}

async function read<T>(
  service: string,
  path: string,
  response: Response,
  schema: z.ZodType<T>,
): Promise<Answer<T>> {
  const text = await response.text();
  const json = text === '' ? undefined : parse(text);
  if (!response.ok && !(response.status === NOT_READY && path === '/health/ready')) {
    const said = Refusal.safeParse(json).data?.message;
    const words = Array.isArray(said) ? said.join('; ') : said;
    if (response.status === 401 || response.status === 403) {
      const why = `${service} does not let the console in: SERVICES_TOKEN must be one of its SERVICE_TOKENS`;
      return { outcome: 'refused', status: response.status, text: why };
    }
    return {
      outcome: 'refused',
      status: response.status,
      text: words ?? `${service} answered ${response.status}`,
    };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { outcome: 'answered', value: parsed.data };
  const fields = parsed.error.issues.slice(0, 3).map((issue) => issue.path.join('.') || '(top)');
  return {
    outcome: 'refused',
    status: 502,
    text: `${service} answered ${path} in an unknown form (${fields.join(', ')}): are both of one version?`,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

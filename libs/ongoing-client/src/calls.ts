import { z } from 'zod';
import { id as idPart, optional } from './answer-parts.ts';
import {
  OngoingAccessError,
  OngoingAnswerInvalid,
  OngoingReadRefused,
  OngoingUnreachable,
} from './errors.ts';
import { HttpTransport } from './http-transport.ts';
import { readItems, type OddItem, type ReadItems } from './odd-items.ts';
import type { Refused, Unknown, UnknownCause } from './outcome.ts';
import { problemOf } from './problem.ts';
import { refusalText } from './refusal-text.ts';
import { TransportFailure, type Transport, type TransportResponse } from './transport.ts';

/**
 * What may be logged or measured of a request. The path is a pattern, and nothing that was sent or answered
 * is in it.
 */
export interface RequestReport {
  method: string;
  path: string;
  status?: number | undefined;
  failure?: string | undefined;
  /** So long the server asks to be left alone. */
  retryAfterMs?: number | undefined;
  durationMs: number;
}

export interface ClientOptions {
  /** Such as `https://api.ongoingsystems.se/demo/api/v1/`. */
  baseUrl: string;
  user: string;
  password: string;
  goodsOwnerId: number;
  transport?: Transport;
  /** Per request, from its start to the last byte of its answer. */
  timeoutMs?: number;
  maxResponseBytes?: number;
  onRequest?: (report: RequestReport) => void;
  /** Told of entries of lists that cannot be read, which are left out then. Without it they are errors. */
  onOddItem?: (odd: OddItem) => void;
  /** Told of whole answers that cannot be understood: of reads, which throw then, and of writes, which are unknown. */
  onOddAnswer?: (odd: OddItem) => void;
}

export type Query = Record<string, string | number | boolean | string[] | undefined> | object;
export type Written = { outcome: 'done'; id: number; status: number } | Refused | Unknown;
type WriteMethod = 'PUT' | 'PATCH' | 'DELETE';

/** Makes the requests and turns whatever comes back into answers, outcomes and typed errors. */
export class Calls {
  private readonly base: URL;
  private readonly transport: Transport;
  private readonly headers: Record<string, string>;

  constructor(private readonly options: ClientOptions) {
    this.base = new URL(options.baseUrl.endsWith('/') ? options.baseUrl : `${options.baseUrl}/`);
    this.transport = options.transport ?? new HttpTransport();
    const credential = Buffer.from(`${options.user}:${options.password}`, 'utf8').toString('base64');
    this.headers = { authorization: `Basic ${credential}`, accept: 'application/json' };
  }

  close(): void {
    this.transport.close();
  }

  async read<T extends z.ZodType>(path: string, query: Query, schema: T, signal?: AbortSignal) {
    const operation = `GET ${path}`;
    const response = await this.readResponse(path, path, query, signal);
    if (response.status >= 400) {
      throw new OngoingReadRefused(operation, response.status, refusalText(response.body));
    }
    return { answer: this.parse(operation, schema, response), date: isoDate(response.date) };
  }

  /** A list, entry by entry. */
  async readList<T extends z.ZodType>(
    path: string,
    query: Query,
    schema: T,
    signal?: AbortSignal,
  ): Promise<ReadItems<z.output<T>>> {
    const read = await this.read(path, query, z.array(z.unknown()), signal);
    return this.named(() => readItems(`GET ${path}`, schema, read, this.options.onOddItem));
  }

  async readOne<T extends z.ZodType>(path: string, pattern: string, schema: T, signal?: AbortSignal) {
    const operation = `GET ${pattern}`;
    const response = await this.readResponse(path, pattern, {}, signal);
    if (response.status === 404) return undefined;
    if (response.status >= 400) {
      throw new OngoingReadRefused(operation, response.status, refusalText(response.body));
    }
    return this.parse(operation, schema, response);
  }

  async write(
    method: WriteMethod,
    path: string,
    query: Query,
    body: object | undefined,
    idMember: string,
    signal?: AbortSignal,
  ): Promise<Written> {
    let response: TransportResponse;
    try {
      response = await this.send(method, path, patternOf(path), query, body, signal);
    } catch (error) {
      if (!(error instanceof TransportFailure)) throw error;
      return unknown({ kind: error.kind, detail: error.code, sent: error.sent });
    }
    const { status } = response;
    if (status >= 500 || status === 429 || status === 408) {
      return unknown({ kind: 'server-fault', status, detail: `status ${status}`, sent: true });
    }
    const json = asJson(response.body);
    const odd = (field: string, problem: string) =>
      this.options.onOddAnswer?.({ operation: `${method} ${patternOf(path)}`, field, problem });
    if (json === undefined) {
      odd('the answer', NO_JSON);
      return unknown({ kind: 'not-json', status, detail: `the answer ${NO_JSON}`, sent: true });
    }
    if (status >= 400) return { outcome: 'refused', status, text: refusalText(response.body, body) };
    const parsed = z.object({ [idMember]: optional(idPart) }).safeParse(json);
    const id = parsed.success ? parsed.data[idMember] : undefined;
    if (status >= 300 || id === undefined) {
      odd(idMember, 'is missing');
      return unknown({ kind: 'no-id', status, detail: `the answer has no ${idMember}`, sent: true });
    }
    return { outcome: 'done', id, status };
  }

  private parse<T extends z.ZodType>(
    operation: string,
    schema: T,
    { status, body }: TransportResponse,
  ): z.output<T> {
    return this.named(() => {
      if (status >= 300)
        throw new OngoingAnswerInvalid(operation, 'the answer', `has status ${status}; check the base URL`);
      const json = asJson(body);
      if (json === undefined) {
        this.options.onOddAnswer?.({ operation, field: 'the answer', problem: NO_JSON });
        throw new OngoingUnreachable(operation, 'it answered with a page instead of JSON');
      }
      const result = schema.safeParse(json);
      if (result.success) return result.data;
      const [issue] = result.error.issues;
      const field = issue?.path.length ? z.core.toDotPath(issue.path) : 'the answer';
      throw new OngoingAnswerInvalid(operation, field, problemOf(issue));
    });
  }

  /** What is not understood is told of before it is thrown. */
  private named<T>(understand: () => T): T {
    try {
      return understand();
    } catch (error) {
      if (error instanceof OngoingAnswerInvalid) this.options.onOddAnswer?.(error);
      throw error;
    }
  }

  private async readResponse(path: string, pattern: string, query: Query, signal?: AbortSignal) {
    const operation = `GET ${pattern}`;
    let response: TransportResponse;
    try {
      response = await this.send('GET', path, pattern, query, undefined, signal);
    } catch (error) {
      if (error instanceof TransportFailure) throw new OngoingUnreachable(operation, error.message);
      throw error;
    }
    const { status } = response;
    if (status >= 500 || status === 429 || status === 408) {
      throw new OngoingUnreachable(operation, `it answered ${status}`, status);
    }
    return response;
  }

  private async send(
    method: WriteMethod | 'GET',
    path: string,
    pattern: string,
    query: Query,
    body: object | undefined,
    signal: AbortSignal | undefined,
  ): Promise<TransportResponse> {
    const startedAt = performance.now();
    const report = (rest: Pick<RequestReport, 'status' | 'failure' | 'retryAfterMs'>) =>
      this.options.onRequest?.({ method, path: pattern, durationMs: performance.now() - startedAt, ...rest });
    try {
      const response = await this.transport.send({
        method,
        url: urlOf(this.base, path, query),
        headers: body ? { ...this.headers, 'content-type': 'application/json; charset=utf-8' } : this.headers,
        ...(body ? { body: JSON.stringify(body) } : {}),
        timeoutMs: this.options.timeoutMs ?? 60_000,
        maxResponseBytes: this.options.maxResponseBytes ?? 64 * 1024 * 1024,
        signal,
      });
      report({ status: response.status, retryAfterMs: retryAfterMs(response) });
      if (response.status === 401 || response.status === 403) {
        throw new OngoingAccessError(response.status, this.options.goodsOwnerId);
      }
      return response;
    } catch (error) {
      if (error instanceof TransportFailure) report({ failure: error.code });
      throw error;
    }
  }
}

const NO_JSON = 'is no JSON';
const patternOf = (path: string) => path.replaceAll(/\/\d+/g, '/{id}');

/** Arrays become repeated keys: a comma-joined value matches nothing (ongoing-api reference, section 1.4). */
export function urlOf(base: URL, path: string, query: Query): URL {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(one));
  }
  return url;
}

function asJson(body: string): unknown {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}

function isoDate(header: string | undefined): string | undefined {
  const time = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** Its time is on the server's clock, as far as that is said. */
function retryAfterMs({ status, retryAfter, date }: TransportResponse): number | undefined {
  if (retryAfter === undefined || (status !== 429 && status !== 503)) return undefined;
  if (/^\d{1,9}$/.test(retryAfter.trim())) return Number(retryAfter) * 1000;
  const [at, now] = [Date.parse(retryAfter), Date.parse(date ?? '')];
  if (Number.isNaN(at)) return undefined;
  return Math.max(0, at - (Number.isNaN(now) ? Date.now() : now));
}

function unknown(cause: UnknownCause): Unknown {
  return { outcome: 'unknown', cause };
}

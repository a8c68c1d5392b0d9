import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { fitText } from '@samlast/contracts';
import { ShopRefused, ShopUnavailable } from './shop-errors.ts';

const TRIES_OF_A_READING = 3;
const TRIED_AGAIN_AFTER_MS = 100;

export interface ShopHttpSettings {
  /** Everything is asked for below this address; a redirect is refused, so no answer can lead elsewhere. */
  readonly url: string;
  /** Read at each call, so that a token may be renewed. */
  readonly headers?: () => Record<string, string> | Promise<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly bodyBytesMax?: number;
  /** Headers that prove a call that changes something, by its body; asked for at each try. */
  readonly sign?: (id: string, body: string) => Record<string, string>;
  /** Calls that may start in a second, and in one burst; unlimited when left out. */
  readonly perSecond?: number;
}

export interface ShopRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the settings' url, without a leading slash; encode its parts. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Names what a body asks for, the same for every try of it; a signed call carries it. */
  readonly messageId?: string;
  /** It changes nothing, so it may be asked again where no answer came; a GET is so unless told. */
  readonly readsOnly?: boolean;
  /** Statuses that are answers to be looked at, besides 2xx. */
  readonly accept?: readonly number[];
}

export interface ShopResponse {
  readonly status: number;
  /** Parsed JSON; undefined for an empty body. Untrusted: parse it with a schema. */
  readonly body: unknown;
  readonly headers: Headers;
}

/** HTTP and JSON towards a shop, with its failures sorted: `ShopRefused` for good, `ShopUnavailable` for now. */
export class ShopHttp {
  private readonly base: string;
  private nextAt = 0;

  constructor(private readonly settings: ShopHttpSettings) {
    this.base = settings.url.replace(/\/*$/, '/');
  }

  /**
   * A reading that the shop failed to answer is asked again, twice and soon: the feed is read in many calls, and while
   * each of them may fail alone, hardly ever would all of one turn succeed.
   *
   * @throws ShopUnavailable for no answer, a timeout, 408, 425, 429, 5xx and 401/403 (a token that a person must renew
   * must not lose what waits); ShopRefused for other statuses that `accept` does not name, and for what is not JSON.
   */
  async request(request: ShopRequest): Promise<ShopResponse> {
    const { method = 'GET', readsOnly = method === 'GET' } = request;
    for (let tries = 1; ; tries++) {
      try {
        return await this.once(request);
      } catch (error) {
        if (!readsOnly || tries >= TRIES_OF_A_READING || !mayBeAChance(error)) throw error;
        await wait(TRIED_AGAIN_AFTER_MS * tries * (0.5 + Math.random()));
      }
    }
  }

  private async once(request: ShopRequest): Promise<ShopResponse> {
    await this.turn();
    const { method = 'GET', path, accept = [], messageId = randomUUID() } = request;
    const sent = request.body === undefined ? undefined : JSON.stringify(request.body);
    const what = `${method} ${path.split('?')[0]}`;
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.address(request), {
        method,
        redirect: 'manual',
        signal: AbortSignal.timeout(this.settings.timeoutMs ?? 15_000),
        headers: {
          accept: 'application/json',
          ...(sent !== undefined && { 'content-type': 'application/json' }),
          ...(await this.settings.headers?.()),
          ...request.headers,
          ...(sent !== undefined && this.settings.sign?.(messageId, sent)),
        },
        body: sent,
      });
      text = await readText(response, this.settings.bodyBytesMax ?? 16 * 1024 * 1024);
    } catch (error) {
      if (error instanceof ShopRefused || error instanceof ShopUnavailable) throw error;
      const isLate = (error as Error).name === 'TimeoutError';
      throw new ShopUnavailable(`The shop did not answer ${what} (${causeOf(error)}).`, { isLate });
    }
    const { status } = response;
    if (!response.ok && !accept.includes(status)) throw failure(response, what, text);
    return { status, body: parse(text, what), headers: response.headers };
  }

  private address({ path, query = {} }: ShopRequest): URL {
    const url = new URL(path, this.base);
    const climbs = path.split('/').some((part) => /^(\.|%2e){1,2}$/i.test(part));
    if (climbs || !url.href.startsWith(this.base))
      throw new ShopRefused(`'${path}' leads away from the shop's address.`);
    for (const [name, value] of Object.entries(query)) {
      if (value === undefined) continue;
      for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(one));
    }
    return url;
  }

  private async turn(): Promise<void> {
    const { perSecond } = this.settings;
    if (!perSecond) return;
    const now = performance.now();
    // A burst of one second's calls may be saved up, not more.
    this.nextAt = Math.max(this.nextAt, now - 1000) + 1000 / perSecond;
    if (this.nextAt > now) await wait(this.nextAt - now);
  }
}

/** Not where the shop says when to come again or whom it lets in, nor where it is so slow that more calls harm it. */
function mayBeAChance(error: unknown): boolean {
  if (!(error instanceof ShopUnavailable) || error.retryAfterMs || error.isLate) return false;
  return error.status === undefined || error.status >= 500;
}

function failure(response: Response, what: string, text: string): Error {
  const { status } = response;
  const key = status === 401 || status === 403 ? ' Are its key and its rights those of the README?' : '';
  const message = `The shop answered ${status} to ${what}.${key}`;
  const said = saying(text);
  if (status >= 500 || [401, 403, 408, 425, 429].includes(status)) {
    const seconds = Number(response.headers.get('retry-after'));
    const retryAfterMs = seconds > 0 ? Math.min(seconds, 600) * 1000 : undefined;
    return new ShopUnavailable(message, { status, retryAfterMs, said });
  }
  return new ShopRefused(message, { status, said });
}

/** Only the `message` of an answer is kept for people: the rest could repeat the order with its address. */
function saying(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' ? fitText(message, 300) : undefined;
  } catch {
    return undefined;
  }
}

function parse(text: string, what: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new ShopUnavailable(`The shop's answer to ${what} is not JSON: is its address right?`);
  }
}

async function readText(response: Response, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new ShopRefused(`The shop's answer is longer than ${bytesMax} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function causeOf(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: string } };
  return cause?.code ?? name;
}

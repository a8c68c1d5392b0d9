/** The code of a request that was held back at the last moment. */
export const FENCED = 'FENCED';

/** One HTTP request, complete: nothing is added to it on the way. */
export interface TransportRequest {
  method: 'GET' | 'PUT' | 'DELETE' | 'PATCH' | 'POST';
  url: URL;
  headers: Record<string, string>;
  body?: string;
  /** From the start of the request to the last byte of its answer. */
  timeoutMs: number;
  maxResponseBytes: number;
  signal?: AbortSignal | undefined;
  /**
   * Asked when a connection is there and nothing is left but to write to it. False: nothing is sent, and the failure is
   * `aborted` with the code FENCED.
   */
  mayLeave?: (() => boolean) | undefined;
}

export interface TransportResponse {
  status: number;
  contentType: string;
  /** The server's `Date` header, for cursors that must follow the server's clock. */
  date?: string | undefined;
  /** Its `Retry-After` header: seconds, or a time. */
  retryAfter?: string | undefined;
  body: string;
}

/**
 * How requests reach Ongoing. Replaceable, because tenants differ: one answered 500 to every request of
 * Node's built-in fetch while the classic client worked (ongoing-api reference, section 1.7). `send` throws
 * TransportFailure and nothing else.
 */
export interface Transport {
  send(request: TransportRequest): Promise<TransportResponse>;
  /** Closes kept connections. */
  close(): void;
}

export type TransportFailureKind = 'timeout' | 'connection' | 'aborted' | 'too-large';

/** No complete answer came. `sent` is false only where the request certainly never reached the server. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';
  constructor(
    readonly kind: TransportFailureKind,
    readonly code: string,
    readonly sent: boolean,
    message: string,
  ) {
    super(message);
  }
}

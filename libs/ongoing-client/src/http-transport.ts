import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import {
  FENCED,
  TransportFailure,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from './transport.ts';

/** The default transport: Node's classic HTTP client with kept connections. */
export class HttpTransport implements Transport {
  private readonly http: HttpAgent;
  private readonly https: HttpsAgent;

  /**
   * @param options.connections how many requests may be under way at the same time
   * @param options.ca whose certificates are trusted instead of the usual ones, as PEM
   */
  constructor({ connections = 8, ca }: { connections?: number; ca?: string } = {}) {
    const options = { keepAlive: true, maxSockets: connections, scheduling: 'lifo' as const };
    this.http = new HttpAgent(options);
    this.https = new HttpsAgent({ ...options, ...(ca !== undefined && { ca }) });
  }

  async send(request: TransportRequest): Promise<TransportResponse> {
    try {
      return await this.attempt(request);
    } catch (error) {
      // A kept connection may be closed by the server just as it is used again. Only a read may be repeated
      // blindly.
      if (
        request.method === 'GET' &&
        error instanceof TransportFailure &&
        error.code === 'REUSED_CONNECTION'
      ) {
        return this.attempt(request);
      }
      throw error;
    }
  }

  close(): void {
    this.http.destroy();
    this.https.destroy();
  }

  private attempt(request: TransportRequest): Promise<TransportResponse> {
    const secure = request.url.protocol === 'https:';
    return new Promise((resolve, reject) => {
      if (request.signal?.aborted) {
        reject(
          new TransportFailure('aborted', 'ABORTED', false, 'the request was cancelled before it was sent'),
        );
        return;
      }
      const outgoing = (secure ? httpsRequest : httpRequest)(request.url, {
        method: request.method,
        agent: secure ? this.https : this.http,
        headers: {
          ...request.headers,
          ...(request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) }),
        },
      });
      const end = settle(outgoing, request, resolve, reject);
      outgoing.on('response', (response) => collect(response, request.maxResponseBytes, end));
      whenConnected(outgoing, secure, () => {
        // A process that stood still while it connected must not send what another one has sent meanwhile.
        if (request.mayLeave?.() === false) return end.fail(fenced());
        end.left();
        outgoing.end(request.body);
      });
    });
  }
}

/** Those that have been used: they are connected, and tell of it no more. */
const connected = new WeakSet<Socket>();

function whenConnected(outgoing: ClientRequest, secure: boolean, go: () => void): void {
  outgoing.once('socket', (socket: Socket) => {
    if (connected.has(socket)) return go();
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      connected.add(socket);
      go();
    });
  });
}

const fenced = () =>
  new TransportFailure('aborted', FENCED, false, 'the time in which this request may be made is over');

interface Ending {
  /** From now on something of the request may have arrived. */
  left(): void;
  done(response: TransportResponse): void;
  fail(failure: TransportFailure): void;
}

/**
 * Whatever ends the request first (answer, fault, time, abort) ends it once and frees its timer and listener.
 */
function settle(
  outgoing: ClientRequest,
  request: TransportRequest,
  resolve: (response: TransportResponse) => void,
  reject: (failure: TransportFailure) => void,
): Ending {
  let sent = false;
  const free = () => {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', abort);
  };
  const fail = (failure: TransportFailure) => {
    free();
    reject(failure);
    outgoing.destroy();
  };
  const abort = () =>
    fail(new TransportFailure('aborted', 'ABORTED', sent, 'the request was cancelled under way'));
  const timer = setTimeout(
    () => fail(new TransportFailure('timeout', 'TIMEOUT', sent, `no answer within ${request.timeoutMs} ms`)),
    request.timeoutMs,
  );
  request.signal?.addEventListener('abort', abort, { once: true });
  outgoing.on('error', (error: NodeJS.ErrnoException) => {
    const code =
      outgoing.reusedSocket && error.code === 'ECONNRESET' ? 'REUSED_CONNECTION' : (error.code ?? 'UNKNOWN');
    fail(new TransportFailure('connection', code, sent, `the connection failed with ${code}`));
  });
  return {
    left: () => {
      sent = true;
    },
    done: (response) => {
      free();
      resolve(response);
    },
    fail,
  };
}

function collect(response: IncomingMessage, maxBytes: number, end: Ending): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) {
      end.fail(
        new TransportFailure('too-large', 'TOO_LARGE', true, `the answer is larger than ${maxBytes} bytes`),
      );
    } else chunks.push(chunk);
  });
  response.on('error', () => undefined);
  response.on('close', () => {
    if (!response.complete) {
      end.fail(new TransportFailure('connection', 'CUT', true, 'the connection ended within the answer'));
      return;
    }
    end.done({
      status: response.statusCode ?? 0,
      contentType: response.headers['content-type'] ?? '',
      date: response.headers.date,
      retryAfter: response.headers['retry-after'],
      body: Buffer.concat(chunks).toString('utf8'),
    });
  });
}

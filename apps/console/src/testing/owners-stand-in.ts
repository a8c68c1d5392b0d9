import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Authored } from '@samlast/service';

export const TOKEN = 'the-token-of-the-console';

interface Letter {
  id: string;
  state: 'parked' | 'queued';
  messageId: string;
  topic: string;
  partition: number;
  offset: string;
  key: string;
  type: string;
  source: string;
  channel: string;
  code: string | null;
  reason: string | null;
  parkedAt: string;
}

/**
 * A service that owns data, as strict as the real ones: token, route, body. It keeps what it was told, so that a spec
 * can ask whether a command arrived.
 */
export class OwnerStandIn {
  readonly commands: { path: string; author: string; reason: string }[] = [];
  letters: Letter[] = [];
  heldOrders = new Set<string>();
  refusedOrders = new Set<string>();
  foreignOrders: object[] = [];
  unreadable: { id: string; [member: string]: unknown }[] = [];
  failing: { work: string; since: string; reason: string }[] = [];
  webhookAdvice: string[] = [];
  registersAdvice: string[] = [];
  jobs: { id: string; state: 'waiting' | 'parked'; [member: string]: unknown }[] = [];
  stockGate: object = {
    state: 'open',
    doubt: null,
    heldAt: null,
    secondReadAt: null,
    count: 0,
    articles: [],
  };
  atRisk: object[] = [];
  leases: object[] = [];
  /** Kind and number, such as return/R1-SE. */
  refusedInbound = new Set<string>();
  findings: { article: string; kind: string; [member: string]: unknown }[] = [];
  /** What retrying ends in: the message is handled, or parked again with this reason. */
  retryFails: string | undefined;
  faults: Record<string, string> = {};
  onDecision: (number: string, verb: string) => Promise<void> = async () => undefined;
  private server?: Server;

  get url(): string {
    const address = this.server?.address() as AddressInfo | undefined;
    return `http://127.0.0.1:${address?.port}`;
  }

  async start(): Promise<this> {
    const server = createServer((request, response) => void this.answer(request, response));
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  park(id: string, more: Partial<Letter> = {}): void {
    this.letters.push({
      id,
      state: 'parked',
      messageId: `m-${id}`,
      topic: 'channel.orders.v1',
      partition: 0,
      offset: '7',
      key: '5178-SE',
      type: 'order.placed',
      source: 'samlast/channel-se',
      channel: 'SE',
      code: 'message.invalid',
      reason: 'lines.0.quantity must be greater than 0. Correct the order in the shop, then retry.',
      parkedAt: '2026-11-24T09:00:00.000Z',
      ...more,
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [status, body] = await this.route(request, Buffer.concat(chunks).toString());
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  private async route(
    { method, url = '', headers }: IncomingMessage,
    text: string,
  ): Promise<[number, unknown]> {
    if (url === '/health/ready') {
      const ready = Object.keys(this.faults).length === 0;
      return [ready ? 200 : 503, { ready, ...(!ready && { faults: this.faults }) }];
    }
    if (headers.authorization !== `Bearer ${TOKEN}`)
      return [401, { statusCode: 401, message: 'Send a token' }];
    if (method === 'GET' && url === '/ops/dead-letters') return [200, this.letters];
    if (method === 'GET' && url === '/ops/foreign-orders') return [200, this.foreignOrders];
    if (method === 'GET' && url === '/ops/unreadable-orders') return [200, this.unreadable];
    if (method === 'GET' && url === '/ops/failing') return [200, this.failing];
    if (method === 'GET' && url === '/ops/webhooks') return [200, { advice: this.webhookAdvice }];
    if (method === 'GET' && url === '/ops/registers') return [200, { advice: this.registersAdvice }];
    if (method === 'GET' && url === '/ops/jobs') return [200, this.jobs];
    if (method === 'GET' && url === '/ops/stock-gate') return [200, this.stockGate];
    if (method === 'GET' && url === '/ops/orders/at-risk') return [200, { orders: this.atRisk }];
    if (method === 'GET' && url === '/ops/leases') return [200, { leases: this.leases }];
    if (method === 'GET' && url.startsWith('/ops/catalogue')) return this.catalogue(url);
    const [, kind, id = '', verb = ''] = /^\/ops\/([a-z-]+)(?:\/(.+))?\/([a-z-]+)$/.exec(url) ?? [];
    if (method !== 'POST' || !kind) return [404, { statusCode: 404, message: `Cannot ${method} ${url}` }];
    const authored = Authored.safeParse(text === '' ? undefined : JSON.parse(text));
    if (!authored.success || headers['content-type'] !== 'application/json') {
      return [422, { statusCode: 422, message: 'The request does not fit' }];
    }
    this.commands.push({ path: url, ...authored.data });
    const name = decodeURIComponent(id);
    if (kind === 'stock-gate') return this.judge(verb);
    if (kind === 'catalogue') return this.writeAgain(name);
    if (kind === 'leases') return this.giveUp(name);
    if (kind === 'inbound') return this.sendAgain(name);
    if (kind === 'orders') return this.decide(name, verb);
    if (kind === 'dead-letters') return this.replay(name, verb);
    return this.settle(kind, name, verb);
  }

  private catalogue(url: string): [number, unknown] {
    const { pathname, searchParams } = new URL(url, this.url);
    const article = decodeURIComponent(pathname.split('/')[3] ?? '');
    const kind = searchParams.get('kind');
    const findings = this.findings.filter((one) =>
      article ? one.article === article : kind === null || one.kind === kind,
    );
    if (!article) {
      const kinds = [...new Set(this.findings.map((one) => one.kind))];
      const count = (of: string) => this.findings.filter((one) => one.kind === of).length;
      return [200, { counts: kinds.map((of) => ({ kind: of, count: count(of), what: 'act' })), findings }];
    }
    const weight = { field: 'weightKg', owner: 'ERP', said: '0.21', there: '0.4', others: [] };
    return [200, { article, fields: [weight], findings }];
  }

  private writeAgain(article: string): [number, unknown] {
    this.findings = this.findings.filter((one) => one.article !== article);
    return [202, { article, state: 'queued' }];
  }

  private sendAgain(which: string): [number, unknown] {
    if (!this.refusedInbound.delete(which))
      return [
        409,
        { statusCode: 409, message: `${which} is accepted: only a refused one can be sent again.` },
      ];
    return [202, { number: which, state: 'queued' }];
  }

  private judge(verb: string): [number, unknown] {
    const { state } = this.stockGate as { state: string };
    if (state === 'open')
      return [409, { statusCode: 409, message: 'No read of stock is held, so there is nothing to decide.' }];
    this.stockGate = { ...this.stockGate, state: verb === 'accept' ? 'accepted' : 'discarded' };
    return [202, this.stockGate];
  }

  private giveUp(channel: string): [number, unknown] {
    this.leases = this.leases.filter((one) => (one as { channel: string }).channel !== channel);
    return [200, { channel, givenUp: '7' }];
  }

  private settle(kind: string, id: string, verb: string): [number, unknown] {
    const verbs = { 'unreadable-orders': ['retry', 'settle'], jobs: ['retry', 'discard'] }[kind];
    const list: { id: string }[] = kind === 'jobs' ? this.jobs : this.unreadable;
    if (!verbs?.includes(verb) || !list.some((one) => one.id === id)) {
      return [404, { statusCode: 404, message: `No ${kind} ${id} to ${verb}.` }];
    }
    this.jobs = this.jobs.filter((one) => kind !== 'jobs' || one.id !== id);
    this.unreadable = this.unreadable.filter((one) => kind === 'jobs' || one.id !== id);
    return [200, { id }];
  }

  private async decide(number: string, verb: string): Promise<[number, unknown]> {
    const decided = verb === 'retry' ? this.refusedOrders : this.heldOrders;
    if (!['release', 'reject', 'retry'].includes(verb) || !decided.has(number)) {
      return [409, { statusCode: 409, message: `Order ${number} is not held: nothing to decide.` }];
    }
    decided.delete(number);
    await this.onDecision(number, verb);
    return [200, { number }];
  }

  private replay(id: string, verb: string): [number, unknown] {
    const letter = this.letters.find((one) => one.id === id);
    if (!letter) return [404, { statusCode: 404, message: `No open dead letter ${id}.` }];
    if (letter.state === 'queued')
      return [409, { statusCode: 409, message: `${id} waits behind another one.` }];
    if (verb === 'retry' && this.retryFails) {
      letter.reason = this.retryFails;
      return [200, { handled: 0, parked: { id, code: 'message.invalid', reason: this.retryFails } }];
    }
    const ofKey = this.letters.filter((one) => one.key === letter.key);
    this.letters = this.letters.filter((one) => one.key !== letter.key);
    return [200, { handled: verb === 'retry' ? ofKey.length : ofKey.length - 1 }];
  }
}

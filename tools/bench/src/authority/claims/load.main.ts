import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { quantile } from '../../rounds.ts';
import type { Answers, LoadFigures, LoadSettings } from './load.ts';

// Buyers, each on a connection of its own that stays open, each with one request under way. HTTP is written by
// hand, because Node's own client would cost more than the routes that are measured.

const settings = JSON.parse(process.argv[2] ?? '{}') as LoadSettings;
const { hostname, port } = new URL(settings.url);
const HEAD_ENDS = '\r\n\r\n';

class Buyer {
  private received = '';
  private answer: ((status: number) => void) | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (text: string) => this.receive(text));
    for (const end of ['error', 'close'] as const) {
      socket.on(end, () => {
        console.error('a connection was closed by the route');
        process.exit(1);
      });
    }
  }

  static open(): Promise<Buyer> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.removeListener('error', reject);
        resolve(new Buyer(socket));
      });
    });
  }

  ask(request: string): Promise<number> {
    return new Promise((resolve) => {
      this.answer = resolve;
      this.socket.write(request, 'latin1');
    });
  }

  private receive(text: string): void {
    this.received += text;
    const head = this.received.indexOf(HEAD_ENDS);
    if (head < 0) return;
    const length = Number(/^content-length: *(\d+)/im.exec(this.received.slice(0, head))?.[1] ?? 0);
    if (this.received.length < head + HEAD_ENDS.length + length) return;
    const status = Number(this.received.slice(9, 12));
    this.received = '';
    this.answer?.(status);
  }
}

function requestOf(name: string): string {
  const key = `${settings.name ?? 'one'}-${name}`;
  const body = JSON.stringify({
    channel: 'SE',
    buyer: `buyer-${key}`,
    lines: [{ article: settings.article, quantity: '1' }],
    expiresInS: 600,
  });
  const headers = [
    'POST /claims HTTP/1.1',
    `host: ${hostname}:${port}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
    `idempotency-key: ${key}`,
    ...(settings.token ? [`authorization: Bearer ${settings.token}`] : []),
  ];
  return `${headers.join('\r\n')}${HEAD_ENDS}${body}`;
}

const buyers = await Promise.all(Array.from({ length: settings.clients }, () => Buyer.open()));

/** All buyers ask one after another, until so many requests have gone and all are answered. */
async function load(name: string, count: number, perSecond?: number): Promise<Omit<LoadFigures, 'warm'>> {
  const requests = Array.from({ length: count }, (_, at) => requestOf(`${name}-${at}`));
  const delaysMs = new Map<number, number[]>();
  const beganAt = performance.now();
  let next = 0;
  const work = async (buyer: Buyer) => {
    for (let at = next++; at < count; at = next++) {
      let askedAt = performance.now();
      if (perSecond) {
        const due = beganAt + (at * 1_000) / perSecond;
        if (due > askedAt) await wait(due - askedAt);
        askedAt = due;
      }
      const status = await buyer.ask(requests[at] as string);
      const delay = performance.now() - askedAt;
      const others = delaysMs.get(status);
      if (others) others.push(delay);
      else delaysMs.set(status, [delay]);
    }
  };
  await Promise.all(buyers.map(work));
  const seconds = (performance.now() - beganAt) / 1_000;
  const answers = [...delaysMs].map(([status, all]): [number, Answers] => [
    status,
    { count: all.length, p50: quantile(all, 0.5), p99: quantile(all, 0.99) },
  ]);
  return { answers: Object.fromEntries(answers), seconds };
}

const { answers: warm } = await load('warm', settings.warmUp);
process.once('SIGUSR2', () => {
  void load('claim', settings.requests, settings.perSecond).then((figures) =>
    console.log(`loaded ${JSON.stringify({ ...figures, warm })}`),
  );
});
console.log('ready');

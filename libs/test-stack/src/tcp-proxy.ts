import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** The target's address with the proxy in its place. */
  readonly url: string;
  /** How many answers were dropped so far. */
  readonly dropped: number;
  /** Ends every connection and refuses new ones until resume(): the target is down. */
  cut(): void;
  /** Carries no byte either way until resume(), and keeps the connections: the target hangs. */
  pause(): void;
  /**
   * Lets requests through, throws the answer away and ends the connection: done, but nobody knows. Goes on until
   * resume(), or for the given number of times.
   *
   * @param when which requests it is for, such as `(bytes) => bytes.includes('COMMIT')`; every one when left out.
   */
  dropAnswers(when?: (request: Buffer) => boolean, times?: number): void;
  /** Back to carrying everything; what was held by pause() goes on. */
  resume(): void;
  close(): Promise<void>;
}

/** A TCP proxy on 127.0.0.1 before `target`, a URL with a port such as postgres://user@127.0.0.1:5432/orders. */
export async function tcpProxy(target: string): Promise<TcpProxy> {
  const proxy = new RunningProxy(target);
  await proxy.listen();
  return proxy;
}

type Mode =
  { kind: 'carry' | 'cut' | 'pause' } | { kind: 'drop'; when: (request: Buffer) => boolean; times: number };

class RunningProxy implements TcpProxy {
  dropped = 0;
  port = 0;
  private mode: Mode = { kind: 'carry' };
  private readonly target: URL;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer({ allowHalfOpen: true }, (client) => this.accept(client));

  constructor(target: string) {
    this.target = new URL(target);
    if (!this.target.port) throw new Error(`tcpProxy needs an address with a port, but got ${target}`);
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
    this.server.unref();
  }

  get url(): string {
    // Not through URL's setters: they know nothing of hosts in addresses like postgres://.
    return this.target.href.replace(this.target.host, `127.0.0.1:${this.port}`);
  }

  cut(): void {
    this.mode = { kind: 'cut' };
    for (const socket of this.sockets) socket.destroy();
  }

  pause(): void {
    this.mode = { kind: 'pause' };
    for (const socket of this.sockets) socket.pause();
  }

  dropAnswers(when: (request: Buffer) => boolean = () => true, times = Infinity): void {
    this.resume();
    this.mode = { kind: 'drop', when, times };
  }

  resume(): void {
    this.mode = { kind: 'carry' };
    for (const socket of this.sockets) socket.resume();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(client: Socket): void {
    if (this.mode.kind === 'cut') return void client.destroy();
    const target = connect({
      port: Number(this.target.port),
      host: this.target.hostname,
      allowHalfOpen: true,
    });
    // Set between a request that is to stay without an answer and the first byte of that answer.
    let unanswered = false;
    this.join(client, target, (request) => {
      unanswered ||= this.mode.kind === 'drop' && this.mode.when(request);
      target.write(request);
    });
    this.join(target, client, (answer) => {
      if (!unanswered) return void client.write(answer);
      this.countDropped();
      target.destroy();
    });
  }

  private countDropped(): void {
    this.dropped++;
    if (this.mode.kind === 'drop' && --this.mode.times <= 0) this.mode = { kind: 'carry' };
  }

  private join(from: Socket, to: Socket, carry: (bytes: Buffer) => void): void {
    this.sockets.add(from);
    from.on('data', carry);
    from.on('end', () => to.end());
    from.on('error', () => from.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroySoon();
    });
    if (this.mode.kind === 'pause') from.pause();
  }
}

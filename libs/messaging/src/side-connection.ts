import { Client, type ClientConfig, escapeIdentifier } from 'pg';
import type { DataSource } from 'typeorm';
import type { BusLog } from './options.ts';

const RECONNECT_MS = 500;
/** Postgres takes less than 8,000 bytes in one notification. */
const RING_BYTES = 7_500;

/**
 * One connection beside the pool, for what belongs to a session: listening, notifying, and the relay's lock. It comes
 * back by itself; until then `query` rejects, and everything that it speeds up is done by a slow poll.
 */
export class SideConnection {
  private client: Client | undefined;
  private closed = false;
  private timer: NodeJS.Timeout | undefined;
  private opening: Promise<void> | undefined;
  private readonly settings: ClientConfig;
  private channel: string | undefined;
  private heard: ((payload: string) => void) | undefined;
  private readonly toRing = new Set<string>();
  private ringing = false;
  /** Called after the session was lost: its locks and its listening are gone. */
  onLost: () => void = () => {};

  constructor(
    source: DataSource,
    private readonly log: BusLog,
  ) {
    // The pool's own settings, so that host, TLS, search_path and time-outs are the same.
    const { master } = source.driver as unknown as { master: { options: ClientConfig } };
    // Nothing that is written here must outlive a crash, so that no notification waits for the disk.
    const options = `${master.options.options ?? ''} -c synchronous_commit=off`;
    this.settings = { ...master.options, options };
  }

  /** Opens it, and opens it again whenever it is lost. Resolves after the first try, whether that worked or not. */
  open(): Promise<void> {
    this.opening ??= this.connect().finally(() => {
      this.opening = undefined;
    });
    return this.opening;
  }

  async query<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    if (!this.client) throw new Error('Connection terminated: the side connection is not open');
    return (await this.client.query(text, values)).rows as Row[];
  }

  /** Calls `heard` with the words of every notification on the channel that another session sent. */
  async listen(channel: string, heard: (word: string) => void): Promise<void> {
    this.channel = channel;
    this.heard = heard;
    await this.client?.query(`LISTEN ${escapeIdentifier(channel)}`);
  }

  /**
   * Notifies others from this session, outside of any transaction of work. Rings while one is under way go out as
   * one.
   */
  ring(channel: string, words: Iterable<string>): void {
    for (const word of words) this.toRing.add(word);
    if (!this.ringing) void this.ringOut(channel);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.opening;
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => {});
  }

  private async ringOut(channel: string): Promise<void> {
    this.ringing = true;
    while (this.toRing.size > 0 && this.client) {
      let payload = '';
      for (const word of this.toRing) {
        if (payload && payload.length + word.length >= RING_BYTES) break;
        payload += payload ? ` ${word}` : word;
        this.toRing.delete(word);
      }
      try {
        await this.query('SELECT pg_notify($1, $2)', [channel, payload]);
      } catch {
        // Whoever was to hear it polls.
      }
    }
    this.toRing.clear();
    this.ringing = false;
  }

  private async connect(): Promise<void> {
    if (this.closed) return;
    const client = new Client(this.settings);
    let lost = false;
    const lose = () => {
      if (lost) return;
      lost = true;
      if (this.client === client) {
        this.client = undefined;
        this.onLost();
      }
      client.end().catch(() => {});
      if (!this.closed) this.timer = setTimeout(() => void this.open(), RECONNECT_MS).unref();
    };
    client.on('error', lose);
    client.on('end', lose);
    client.on('notification', ({ processId, payload = '' }) => {
      const own = (client as unknown as { processID: number }).processID;
      if (processId !== own) for (const word of payload.split(' ')) this.heard?.(word);
    });
    try {
      await client.connect();
      if (this.channel) await client.query(`LISTEN ${escapeIdentifier(this.channel)}`);
      if (!lost) this.client = client;
    } catch (error) {
      this.log.debug('the side connection to the database does not open, it is tried again', { error });
      lose();
    }
  }
}

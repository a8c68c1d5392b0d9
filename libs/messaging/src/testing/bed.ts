import { randomBytes } from 'node:crypto';
import type { Event } from '@samlast/contracts';
import { tcpProxy, type TcpProxy, testDatabase, type TestDatabase } from '@samlast/test-stack';
import type { MessagingOptions } from '../options.ts';
import { newMessageId } from '../trace.ts';
import { startTestService, type TestService, type TestServiceOptions } from './test-service.ts';

/** A message as a test puts it on the bus, past every outbox: it may be as wrong as it likes. */
export interface Sent {
  topic: string;
  key: string | null;
  headers: Record<string, string>;
  value: Buffer | string | null;
}

/** A message as it stands in the log. */
export interface Logged {
  partition: number;
  offset: string;
  key: string | null;
  headers: Record<string, string>;
  value: string | null;
}

/** What a transport gives to the contract suite. */
export interface Bus {
  readonly options: MessagingOptions['bus'];
  send(messages: Sent[]): Promise<void>;
  /** All that a topic holds, by partition and offset. */
  log(topic: string): Promise<Logged[]>;
  /** The consumer groups that the bus knows under this prefix. */
  groups(): Promise<string[]>;
  close(): Promise<void>;
}

export interface Effect {
  message_id: string;
  key: string;
  step: number;
  traceparent: string | null;
}

/** One test's own bus and schema, and the services that it starts there. */
export class Room {
  readonly schema = `s_${randomBytes(4).toString('hex')}`;
  private readonly services: TestService[] = [];
  private proxy: TcpProxy | undefined;

  constructor(
    readonly bus: Bus,
    readonly database: TestDatabase,
  ) {}

  async start(options: Partial<TestServiceOptions> = {}): Promise<TestService> {
    const service = await startTestService({
      url: this.database.url,
      schema: this.schema,
      bus: this.bus.options,
      retry: { tries: 5, overMs: 300 },
      ...options,
    });
    this.services.push(service);
    return service;
  }

  /** A database address that this test can cut. */
  async cuttable(): Promise<TcpProxy> {
    this.proxy ??= await tcpProxy(this.database.url);
    return this.proxy;
  }

  async send(...messages: (Event | Sent)[]): Promise<void> {
    await this.bus.send(messages.map((one) => ('headers' in one ? one : sent(one))));
  }

  effects(schema = this.schema): Promise<Effect[]> {
    return this.database.query<Effect>(
      `SELECT message_id, key, step, traceparent FROM ${schema}.effects ORDER BY n`,
    );
  }

  /** The steps of one key, in the order in which they were committed. */
  async stepsOf(key: string, schema = this.schema): Promise<number[]> {
    return (await this.effects(schema)).filter((effect) => effect.key === key).map(({ step }) => step);
  }

  async close(): Promise<void> {
    this.proxy?.resume();
    await Promise.all(this.services.map((service) => service.close().catch(() => {})));
    await this.proxy?.close();
    await this.bus.close();
  }
}

/** Gives each test a room, and ends what it left open. */
export class Bed {
  private database: TestDatabase | undefined;
  private rooms: Room[] = [];

  constructor(private readonly makeBus: (database: TestDatabase) => Promise<Bus>) {}

  async open(): Promise<void> {
    this.database = await testDatabase();
  }

  async room(): Promise<Room> {
    if (!this.database) throw new Error('The bed is not open: call open() in beforeAll.');
    const room = new Room(await this.makeBus(this.database), this.database);
    this.rooms.push(room);
    return room;
  }

  async clear(): Promise<void> {
    const rooms = this.rooms;
    this.rooms = [];
    for (const room of rooms) await room.close();
  }

  async close(): Promise<void> {
    await this.clear();
    await this.database?.drop();
  }
}

/** An event as the relay would send it, with whatever a test wants otherwise. */
export function sent(event: Event, headers: Record<string, string | undefined> = {}): Sent {
  const all: Record<string, string | undefined> = {
    ce_specversion: '1.0',
    ce_id: newMessageId(),
    ce_type: event.type,
    ce_source: 'samlast/parcel-test',
    ce_time: new Date().toISOString(),
    ce_subject: event.key,
    'content-type': 'application/json',
    samlast_channel: event.channel,
    ...headers,
  };
  const present = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    topic: event.topic,
    key: event.key,
    headers: Object.fromEntries(present),
    value: JSON.stringify(event.data),
  };
}

/** Holds a handler until the test lets it go on. */
export class Gate {
  readonly opened: Promise<void>;
  private release: (() => void) | undefined;

  constructor() {
    this.opened = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  open(): void {
    this.release?.();
  }
}

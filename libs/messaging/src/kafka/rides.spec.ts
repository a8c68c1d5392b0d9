import { describe, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { type RawMessage, type Settler, Stopped, type Taking } from '../transport.ts';
import { Rides } from './rides.ts';

const aTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
const noTransaction = {} as EntityManager;

/** A settler whose transactions begin and end when the test says so. */
class Platform implements Settler {
  readonly apart: { partition?: number; known?: unknown }[] = [];
  private readonly rides: { taking: Taking; stop: AbortSignal; end: (error?: unknown) => void }[] = [];

  takeIn(taking: Taking, stop: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      stop.addEventListener('abort', () => reject(new Stopped('stopped')));
      this.rides.push({ taking, stop, end: resolve });
    });
  }

  async settle(batch: RawMessage[], _fence: unknown, _stop: AbortSignal, known?: unknown): Promise<void> {
    this.apart.push({ partition: batch[0]?.partition, known });
  }

  /** Begins the transactions of all rides that were called: the partitions of each. */
  async begin() {
    await aTurn();
    const begun = this.rides.splice(0).filter(({ stop }) => !stop.aborted);
    const partitions = [];
    for (const { taking } of begun) {
      const messages = await taking.read(noTransaction);
      partitions.push([...new Set(messages.map(({ partition }) => partition))]);
    }
    return { partitions, end: (error?: unknown) => begun.forEach((ride) => ride.end(error)) };
  }

  /** Fails the transactions of all rides before anything of them has begun. */
  async refuse(error: unknown) {
    await aTurn();
    for (const ride of this.rides.splice(0)) ride.end(error);
  }
}

function batch(partition: number, count = 1, topic = 'parcels'): RawMessage[] {
  return Array.from({ length: count }, (_, at) => ({
    topic, partition, offset: String(at), key: 'A', headers: {}, value: null,
  })); // prettier-ignore
}

describe('rides', () => {
  const never = new AbortController().signal;
  let nowMs = 0;

  /** Rides of a topic whose handlers are known to be quick. */
  async function quick() {
    const platform = new Platform();
    const rides = new Rides(
      platform,
      async () => () => {},
      () => nowMs,
    );
    const first = rides.board(batch(0), never);
    (await platform.begin()).end();
    await first;
    return { platform, rides };
  }

  it('take together what waits in the partitions of a topic when their turn comes', async () => {
    const { platform, rides } = await quick();
    const boarded = [rides.board(batch(0), never), rides.board(batch(1), never)];
    await aTurn();
    // The transaction has not begun: there is still room.
    boarded.push(rides.board(batch(2), never), rides.board(batch(7, 1, 'weights'), never));
    const ride = await platform.begin();
    expect(ride.partitions).toEqual([[0, 1, 2], [7]]);
    ride.end();
    await Promise.all(boarded);
  });

  it('do not take more than 500 messages together, and leave nobody behind', async () => {
    const { platform, rides } = await quick();
    const boarded = [300, 200, 1].map((count, partition) => rides.board(batch(partition, count), never));
    const first = await platform.begin();
    const second = await platform.begin();
    expect([first.partitions, second.partitions]).toEqual([[[0, 1]], [[2]]]);
    first.end();
    second.end();
    await Promise.all(boarded);
  });

  it('take a batch that is larger than that alone', async () => {
    const { platform, rides } = await quick();
    const boarded = [rides.board(batch(0, 501), never), rides.board(batch(1), never)];
    const ride = await platform.begin();
    expect(ride.partitions).toEqual([[0]]);
    ride.end();
    (await platform.begin()).end();
    await Promise.all(boarded);
  });

  it('are one for each partition while it is not known that the handlers are quick', async () => {
    const platform = new Platform();
    const rides = new Rides(platform, async () => () => {});
    void rides.board(batch(0), never);
    void rides.board(batch(1), never);
    expect((await platform.begin()).partitions).toEqual([[0], [1]]);
  });

  it('are one for each partition while one has been under way for a second, and after it', async () => {
    const { platform, rides } = await quick();
    const slow = rides.board(batch(0), never);
    const under = await platform.begin();
    nowMs += 1_000;
    const others = [rides.board(batch(1), never), rides.board(batch(2), never)];
    const beside = await platform.begin();
    expect(beside.partitions).toEqual([[1], [2]]);
    beside.end();
    await Promise.all(others);
    under.end();
    await slow;
    void rides.board(batch(1), never);
    void rides.board(batch(2), never);
    expect((await platform.begin()).partitions).toEqual([[1], [2]]);
  });

  it('that fail are settled partition by partition, and only who rode alone has a known error', async () => {
    const { platform, rides } = await quick();
    const boarded = [rides.board(batch(0), never), rides.board(batch(1), never)];
    (await platform.begin()).end(new Error('broken'));
    await Promise.all(boarded);
    expect(platform.apart).toEqual([
      { partition: 0, known: undefined },
      { partition: 1, known: undefined },
    ]);
    const alone = rides.board(batch(2), never);
    (await platform.begin()).end(new Error('broken alone'));
    await alone;
    expect(platform.apart[2]).toEqual({ partition: 2, known: new Error('broken alone') });
  });

  it('stop when one of them has to get off, and the others ride again in their order', async () => {
    const { platform, rides } = await quick();
    const leaving = new AbortController();
    const stays = [rides.board(batch(0), never), rides.board(batch(1), never)];
    const leaves = rides.board(batch(2), leaving.signal);
    await platform.begin();
    leaving.abort();
    await expect(leaves).rejects.toThrow(Stopped);
    const again = await platform.begin();
    expect(again.partitions).toEqual([[0, 1]]);
    again.end();
    await Promise.all(stays);
  });

  it('are given up when nobody waits any more before the transaction could begin', async () => {
    const { platform, rides } = await quick();
    const stopping = new AbortController();
    const boarded = rides.board(batch(0), stopping.signal);
    await aTurn();
    stopping.abort();
    await expect(boarded).rejects.toThrow(Stopped);
    const next = rides.board(batch(1), never);
    const ride = await platform.begin();
    expect(ride.partitions).toEqual([[1]]);
    ride.end();
    await next;
  });

  it('whose transaction cannot even begin fail whoever waited for it', async () => {
    const { platform, rides } = await quick();
    const boarded = rides.board(batch(0), never);
    await platform.refuse(new Error('no such role'));
    await boarded;
    expect(platform.apart).toEqual([{ partition: 0, known: new Error('no such role') }]);
  });
});

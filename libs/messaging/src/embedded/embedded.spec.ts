import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Event } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { Bed, Gate } from '../testing/bed.ts';
import { deliveryContract } from '../testing/delivery-contract.ts';
import { failureContract } from '../testing/failure-contract.ts';
import { lifecycleContract } from '../testing/lifecycle-contract.ts';
import { type Behaviour, ParcelMoved } from '../testing/parcels.ts';
import { replayContract } from '../testing/replay-contract.ts';
import { embeddedBus } from '../testing/embedded-bus.ts';

describe('the embedded log', () => {
  const bed = new Bed(embeddedBus);
  beforeAll(() => bed.open());
  afterEach(() => bed.clear());
  afterAll(() => bed.close());

  deliveryContract(bed);
  failureContract(bed);
  replayContract(bed);
  lifecycleContract(bed);

  it('lets one member of a group at a time work on a partition', async () => {
    const room = await bed.room();
    const gate = new Gate();
    const behaviour = {
      handle: (messages: { key: string }[]) =>
        messages.some(({ key }) => key === 'A') ? gate.opened : undefined,
    };
    const members = [await room.start({ behaviour }), await room.start({ behaviour })];
    const calls = () => members.flatMap((member) => member.calls.map((call) => call.join()));
    try {
      await room.send(ParcelMoved.of({ number: 'A', step: 1 }));
      await eventually(() => calls().includes('A:1'));
      // Both members look again at every partition for each of these.
      for (let step = 1; step <= 5; step += 1) {
        await room.send(ParcelMoved.of({ number: 'D', step }));
        await eventually(async () => (await room.stepsOf('D')).length === step);
      }
    } finally {
      gate.open();
    }
    await room.send(ParcelMoved.of({ number: 'A', step: 2 }));
    await eventually(async () => (await room.stepsOf('A')).length === 2);
    // By member, so sorted: which of them gets the second one is chance.
    const ofA = calls().filter((call) => call.startsWith('A'));
    expect(ofA.toSorted()).toEqual(['A:1', 'A:2']);
    expect(await room.stepsOf('A')).toEqual([1, 2]);
    expect(members.map(({ progress }) => progress.counts.duplicates)).toEqual([0, 0]);
  });

  /** A room whose service is known to be quick: from then on a batch may span partitions. */
  async function warm(behaviour: Behaviour, retry = { tries: 5, overMs: 300 }) {
    const room = await bed.room();
    const service = await room.start({ behaviour, retry });
    await room.send(ParcelMoved.of({ number: 'D', step: 0 }));
    await eventually(async () => (await room.stepsOf('D')).length === 1);
    return { room, service };
  }
  // A (1) and D (0) are in different partitions of three.
  const both = [ParcelMoved.of({ number: 'A', step: 1 }), ParcelMoved.of({ number: 'D', step: 1 })];

  it('settles the few messages that wait in several partitions in one transaction', async () => {
    const { room, service } = await warm({});
    await room.send(...both);
    await eventually(async () => (await room.effects()).length === 3);
    expect(service.calls.slice(1).map((call) => call.toSorted())).toEqual([['A:1', 'D:1']]);
  });

  it('goes on with what comes in other partitions while a batch over some is busy', async () => {
    const gate = new Gate();
    const { room } = await warm({
      handle: (messages) => (messages.some(({ key }) => key === 'A') ? gate.opened : undefined),
    });
    try {
      await room.send(both[0] as Event);
      await room.send(...[1, 2].map((step) => ParcelMoved.of({ number: 'D', step })));
      await eventually(async () => (await room.stepsOf('D')).length === 3);
      expect(await room.stepsOf('A')).toEqual([]);
    } finally {
      gate.open();
    }
    await eventually(async () => (await room.stepsOf('A')).length === 1);
  });

  it('lets the other partitions of a batch go on while one of its messages is tried again', async () => {
    const refusing: Behaviour = {
      handle: (messages) => {
        if (messages.some(({ key }) => key === 'A')) throw new Error('the scale is broken');
      },
    };
    // The next try is a minute away: what comes for D meanwhile must not wait for it.
    const { room, service } = await warm(refusing, { tries: 2, overMs: 60_000 });
    await room.send(...both);
    await eventually(() => service.lines.some(({ message }) => message.includes('fails alone')));
    await room.send(ParcelMoved.of({ number: 'D', step: 2 }));
    await eventually(async () => (await room.stepsOf('D')).includes(2));
    expect(await room.stepsOf('D')).toEqual([0, 1, 2]);
    expect(await room.stepsOf('A')).toEqual([]);
    await service.close();
    await room.start();
    await eventually(async () => (await room.stepsOf('A')).length === 1);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Event } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { Bed, Gate } from '../testing/bed.ts';
import { deliveryContract } from '../testing/delivery-contract.ts';
import { failureContract } from '../testing/failure-contract.ts';
import { lifecycleContract } from '../testing/lifecycle-contract.ts';
import { type Behaviour, ParcelMoved } from '../testing/parcels.ts';
import { replayContract } from '../testing/replay-contract.ts';
import { inTwoPartitions, spansContract, warm } from '../testing/spans-contract.ts';
import { partitionOf } from '../partition.ts';
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
  spansContract(bed);

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

  it('settles the few messages that wait in several partitions in one transaction', async () => {
    const { room, service } = await warm(bed, {});
    await room.send(...inTwoPartitions);
    await eventually(async () => (await room.effects()).length === 3);
    expect(service.calls.slice(1).map((call) => call.toSorted())).toEqual([['A:1', 'D:1']]);
  });

  it('handles once what was settled apart before a crash, though the cursor stands before it', async () => {
    const refusing: Behaviour = {
      handle: (messages) => {
        if (messages.some(({ key }) => key === 'A')) throw new Error('the scale is broken');
      },
    };
    const { room, service } = await warm(bed, refusing, { tries: 2, overMs: 60_000 });
    // A and B (1) are in one partition.
    expect([partitionOf('A', 3), partitionOf('B', 3)]).toEqual([1, 1]);
    await room.send(
      inTwoPartitions[0] as Event,
      ...[1, 2].map((step) => ParcelMoved.of({ number: 'B', step })),
    );
    await eventually(async () => (await room.stepsOf('B')).length === 2);
    await service.close();
    const { progress } = await room.start();
    await eventually(async () => (await room.stepsOf('A')).length === 1);
    expect(await room.stepsOf('B')).toEqual([1, 2]);
    expect(progress.counts.duplicates).toBe(2);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { Bed, Gate } from '../testing/bed.ts';
import { deliveryContract } from '../testing/delivery-contract.ts';
import { failureContract } from '../testing/failure-contract.ts';
import { lifecycleContract } from '../testing/lifecycle-contract.ts';
import { ParcelMoved } from '../testing/parcels.ts';
import { replayContract } from '../testing/replay-contract.ts';
import { inTwoPartitions, spansContract, warm } from '../testing/spans-contract.ts';
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
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { Bed, sent } from '../testing/bed.ts';
import { deliveryContract } from '../testing/delivery-contract.ts';
import { failureContract } from '../testing/failure-contract.ts';
import { lifecycleContract } from '../testing/lifecycle-contract.ts';
import { replayContract } from '../testing/replay-contract.ts';
import { spansContract } from '../testing/spans-contract.ts';
import { ParcelMoved } from '../testing/parcels.ts';
import { kafkaBus } from '../testing/kafka-bus.ts';

describe('Kafka', () => {
  const bed = new Bed(() => kafkaBus());
  beforeAll(() => bed.open());
  afterEach(() => bed.clear());
  afterAll(() => bed.close());

  deliveryContract(bed);
  failureContract(bed);
  replayContract(bed);
  lifecycleContract(bed);
  spansContract(bed);

  it('handles a message once however often it stands in the log', async () => {
    const room = await bed.room();
    const one = sent(ParcelMoved.of({ number: 'A', step: 1 }));
    await room.send(one, one, ParcelMoved.of({ number: 'A', step: 2 }), one);
    const { progress } = await room.start();
    await eventually(() => progress.counts.handled + progress.counts.duplicates === 4);
    await room.send(one, ParcelMoved.of({ number: 'A', step: 3 }));
    await eventually(async () => (await room.stepsOf('A')).includes(3));
    expect(await room.stepsOf('A')).toEqual([1, 2, 3]);
    expect(progress.counts.duplicates).toBe(3);
  });
});

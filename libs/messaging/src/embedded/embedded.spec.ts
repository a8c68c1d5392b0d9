import { afterAll, afterEach, beforeAll, describe } from '@jest/globals';
import { Bed } from '../testing/bed.ts';
import { deliveryContract } from '../testing/delivery-contract.ts';
import { failureContract } from '../testing/failure-contract.ts';
import { lifecycleContract } from '../testing/lifecycle-contract.ts';
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
});

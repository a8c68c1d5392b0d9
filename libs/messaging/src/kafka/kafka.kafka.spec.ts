import { afterAll, afterEach, beforeAll, describe } from '@jest/globals';
import { Bed } from '../testing/bed.ts';
import { deliveryContract } from '../testing/delivery-contract.ts';
import { failureContract } from '../testing/failure-contract.ts';
import { lifecycleContract } from '../testing/lifecycle-contract.ts';
import { replayContract } from '../testing/replay-contract.ts';
import { spansContract } from '../testing/spans-contract.ts';
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
});

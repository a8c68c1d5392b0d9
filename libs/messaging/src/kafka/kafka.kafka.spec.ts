import { afterAll, afterEach, beforeAll, describe } from '@jest/globals';
import { Bed } from '../testing/bed.ts';
import { deliveryContract } from '../testing/delivery-contract.ts';
import { kafkaBus } from '../testing/kafka-bus.ts';

describe('Kafka', () => {
  const bed = new Bed(() => kafkaBus());
  beforeAll(() => bed.open());
  afterEach(() => bed.clear());
  afterAll(() => bed.close());

  deliveryContract(bed);
});

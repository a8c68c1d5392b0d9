import { beforeEach, describe, expect, it } from '@jest/globals';
import { Lanes } from './lanes.ts';

let lanes: Lanes;
/** A batch over partition 9 that takes so long, so that the topic is known to be quick or slow. */
const ride = (fromMs: number, toMs: number) => lanes.finish(lanes.begin([9], fromMs), new Map(), toMs);

beforeEach(() => {
  lanes = new Lanes('t');
});

describe('the lanes of a topic', () => {
  it('have nothing to begin where nothing waits', () => {
    expect(lanes.due(0)).toEqual({ batches: [] });
    lanes.see(0, 5n, 5n);
    expect(lanes.due(0)).toEqual({ batches: [] });
  });

  it('begin apart while it is not known that the handler is quick, and together then', () => {
    for (const partition of [0, 1]) lanes.hear(partition, 3n);
    expect(lanes.due(0)).toEqual({ batches: [[0], [1]] });
    ride(0, 900);
    expect(lanes.due(900)).toEqual({ batches: [[0, 1]] });
    ride(900, 2_000);
    expect(lanes.due(2_000)).toEqual({ batches: [[0], [1]] });
  });

  it('begin apart where so much waits that each is worth a batch', () => {
    ride(0, 10);
    lanes.hear(0, 800n);
    lanes.hear(1, 201n);
    expect(lanes.due(10)).toEqual({ batches: [[0], [1]] });
  });

  it('wait for the batch in work to go together with what comes meanwhile, but not long', () => {
    ride(0, 10);
    lanes.hear(0, 1n);
    const first = lanes.begin([0], 10);
    lanes.hear(1, 1n);
    expect(lanes.due(60)).toEqual({ batches: [], againInMs: 200 });
    lanes.hear(0, 2n);
    expect(lanes.due(300)).toEqual({ batches: [[1]] });
    lanes.finish(first, new Map([[0, 1n]]), 310);
    expect(lanes.due(310)).toEqual({ batches: [[0, 1]] });
  });

  it('do not wait for one that takes long, and then go apart', () => {
    ride(0, 10);
    lanes.begin([0], 10);
    for (const partition of [1, 2]) lanes.hear(partition, 1n);
    expect(lanes.due(1_100)).toEqual({ batches: [[1], [2]] });
  });

  it('do not begin again for words about messages that a batch has settled meanwhile', () => {
    lanes.hear(0, 1n);
    const first = lanes.begin([0], 0);
    lanes.hear(0, 2n);
    lanes.hear(0, 3n);
    lanes.finish(first, new Map([[0, 3n]]), 5);
    expect(lanes.due(5)).toEqual({ batches: [] });
  });

  it('leave a partition that another member has until there is news of it, or a look finds it waiting', () => {
    lanes.hear(0, 4n);
    lanes.finish(lanes.begin([0], 0), new Map(), 1);
    expect(lanes.due(1)).toEqual({ batches: [] });
    lanes.see(0, 2n, 4n);
    expect(lanes.due(2)).toEqual({ batches: [[0]] });
  });

  it('keep a partition that is settled apart out of the next batches', () => {
    for (const partition of [0, 1]) lanes.hear(partition, 1n);
    lanes.finish(lanes.begin([0, 1], 0), new Map(), 1, new Set([0]));
    for (const partition of [0, 1]) lanes.hear(partition, 2n);
    expect(lanes.due(1)).toEqual({ batches: [[1]] });
    lanes.free(0, 1n);
    expect(lanes.due(2)).toEqual({ batches: [[0, 1]] });
  });
});

import { describe, expect, it } from '@jest/globals';
import { assert, property, string } from 'fast-check';
import kafkajs from 'kafkajs';
import { murmur2, partitionOf } from './partition.ts';

describe('the partition of a key', () => {
  it("is found with the hash of Kafka's Java client", () => {
    // From the tests of Kafka's own Utils.murmur2.
    const vectors: [string, number][] = [
      ['21', -973932308],
      ['foobar', -790332482],
      ['a-little-bit-long-string', -985981536],
      ['a-little-bit-longer-string', -1486304829],
      ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
      ['abc', 479470107],
    ];
    for (const [text, hash] of vectors) expect(murmur2(Buffer.from(text))).toBe(hash);
  });

  it('never changes for the numbers of orders and articles', () => {
    const places = ['5178-SE', '5178-EU', '1-ERP', 'ART-1', 'ÅÄÖ-42', '商品'].map((key) =>
      partitionOf(key, 6),
    );
    expect(places).toEqual([2, 2, 2, 1, 3, 4]);
  });

  it("is the one that kafkajs's default partitioner chooses", () => {
    const partitioner = kafkajs.Partitioners.DefaultPartitioner();
    const partitionMetadata = Array.from({ length: 6 }, (_, partitionId) => ({
      partitionErrorCode: 0,
      partitionId,
      leader: 1,
      replicas: [1],
      isr: [1],
    }));
    assert(
      property(string({ unit: 'grapheme', minLength: 1 }), (key) => {
        const chosen = partitioner({ topic: 't', partitionMetadata, message: { key, value: null } });
        expect(partitionOf(key, 6)).toBe(chosen);
      }),
    );
  });
});

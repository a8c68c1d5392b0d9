import { describe, expect, it } from '@jest/globals';
import { deadLetterTopic, StockLevels, topics } from './topics.ts';

const DAY_MS = 86_400_000;
const named = [...topics, deadLetterTopic('stock-authority')].map((topic) => ({ name: topic.name, topic }));

describe('topics', () => {
  it('have a name of their own each', () => {
    expect(new Set(topics.map((topic) => topic.name)).size).toBe(topics.length);
  });

  it.each(topics.map((topic) => ({ name: topic.name, topic })))(
    '$name begins with its owner',
    ({ name, topic }) => {
      expect(name).toMatch(/^(channel|stock|wms)\.[a-z]+(-[a-z]+)*\.v[1-9]$/);
      expect(topic.owner).toBe(name.split('.')[0]);
    },
  );

  // The key decides the partition: with another number of partitions an order's later events would overtake its
  // earlier ones.
  it.each(named)('$name has 6 partitions for good', ({ topic }) => {
    expect(topic.partitions).toBe(6);
  });

  it.each(named)('$name keeps personal data for 35 days at most', ({ topic }) => {
    expect(topic.retentionMs).toBeGreaterThan(0);
    expect(topic.retentionMs).toBeLessThanOrEqual(35 * DAY_MS);
  });

  it('are compacted only for levels, which hold no order', () => {
    expect(named.filter(({ topic }) => topic.cleanup === 'compact').map(({ topic }) => topic)).toEqual([
      StockLevels,
    ]);
  });

  it('say by their name whose dead letters they hold', () => {
    expect(deadLetterTopic('channel-se')).toMatchObject({ name: 'channel-se.dead.v1', owner: 'service' });
  });
});

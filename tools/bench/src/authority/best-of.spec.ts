import { describe, expect, it } from '@jest/globals';
import { bestOf } from './best-of.ts';

describe('the best of several', () => {
  it('is the one with the highest rate, and what was tried is kept', async () => {
    const candidates = [1, 4, 16].map((count) => ({ name: `${count} at once`, count }));
    const tried: Record<string, number> = {};
    const best = await bestOf(
      candidates,
      async ({ count }) => 100 - Math.abs(count - 5),
      tried,
      () => {},
    );
    expect(best.count).toBe(4);
    expect(tried).toEqual({ '1 at once': 96, '4 at once': 99, '16 at once': 89 });
  });

  it('needs something to try', async () => {
    await expect(
      bestOf(
        [],
        async () => 1,
        {},
        () => {},
      ),
    ).rejects.toThrow('nothing to try');
  });
});

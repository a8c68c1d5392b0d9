import { describe, expect, it } from '@jest/globals';
import { environment } from './config.ts';
import { eventually } from './eventually.ts';

describe('eventually', () => {
  it('gives back what the check returns once it neither throws nor returns undefined or false', async () => {
    const answers = [() => undefined, () => false, () => Promise.reject(new Error('not yet')), () => 0];
    const check = () => answers.shift()?.() as number | undefined | false;
    await expect(eventually(check, { everyMs: 1 })).resolves.toBe(0);
    expect(answers).toEqual([]);
  });

  it('throws with its message and the last error when the time is over', async () => {
    let tries = 0;
    const check = () => {
      throw new Error(`try ${++tries}`);
    };
    const failed = eventually(check, { withinMs: 30, everyMs: 5, message: 'the order is reserved' });
    const error = await failed.catch((thrown: unknown) => thrown as Error);
    expect(error).toHaveProperty(
      'message',
      `Not within ${30 * environment.patience} ms: the order is reserved. Last try: try ${tries}`,
    );
    expect(tries).toBeGreaterThan(1);
    expect(error).toHaveProperty('cause.message', `try ${tries}`);
  });

  it('counts a check that returns false to the end as a failure', async () => {
    await expect(eventually(() => false, { withinMs: 5, everyMs: 1 })).rejects.toThrow(
      'the check returned false',
    );
  });
});

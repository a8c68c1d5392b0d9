import { describe, expect, it } from '@jest/globals';
import { Turnstile } from './pause.ts';

describe('a turnstile', () => {
  /** What has come to its turn, in order. */
  function line(turnstile: Turnstile) {
    const come: string[] = [];
    const lineUp = (name: string) => {
      const turn = turnstile.lineUp();
      void turn.come.then(() => come.push(name));
      return turn;
    };
    return { come, lineUp };
  }

  it('lets so many through at one time, and the others in the order in which they lined up', async () => {
    const { come, lineUp } = line(new Turnstile(2));
    const [a, b] = ['a', 'b', 'c', 'd'].map(lineUp);
    await Promise.resolve();
    expect(come).toEqual(['a', 'b']);
    b?.leave();
    await Promise.resolve();
    expect(come).toEqual(['a', 'b', 'c']);
    a?.leave();
    await Promise.resolve();
    expect(come).toEqual(['a', 'b', 'c', 'd']);
  });

  it('passes over who has left the line before its turn', async () => {
    const { come, lineUp } = line(new Turnstile(1));
    const [a, b] = ['a', 'b', 'c'].map(lineUp);
    b?.leave();
    a?.leave();
    await Promise.resolve();
    expect(come).toEqual(['a', 'c']);
  });

  it('goes on after work that fails', async () => {
    const turnstile = new Turnstile(1);
    await expect(turnstile.pass(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await turnstile.pass(async () => 'done')).toBe('done');
  });
});

import { describe, expect, it } from '@jest/globals';
import { Turnstile } from './pause.ts';

describe('a turnstile', () => {
  /** What has come to its turn, in order. */
  function line(turnstile: Turnstile) {
    const come: string[] = [];
    const lineUp = (name: string) => {
      const turn = turnstile.lineUp(name.replace(/\d/, ''));
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

  it('lets kinds take turns, and each of them in order', async () => {
    const { come, lineUp } = line(new Turnstile(1));
    const turns = ['stock1', 'stock2', 'stock3', 'stock4', 'order1', 'order2'].map(lineUp);
    for (let passed = 0; passed < turns.length; passed += 1) {
      await Promise.resolve();
      const name = come[passed];
      turns[['stock1', 'stock2', 'stock3', 'stock4', 'order1', 'order2'].indexOf(name ?? '')]?.leave();
    }
    expect(come).toEqual(['stock1', 'order1', 'stock2', 'order2', 'stock3', 'stock4']);
  });

  it('goes on after work that fails', async () => {
    const turnstile = new Turnstile(1);
    await expect(turnstile.pass(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await turnstile.pass(async () => 'done')).toBe('done');
  });
});

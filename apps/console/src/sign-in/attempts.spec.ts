import { describe, expect, it } from '@jest/globals';
import { Attempts } from './attempts.ts';

describe('attempts', () => {
  it('makes an address wait after five wrong passwords, until the first is a minute old', () => {
    let now = 0;
    const attempts = new Attempts(() => now);
    for (let count = 0; count < 5; count++) {
      expect(attempts.waitSeconds('a')).toBe(0);
      attempts.failed('a');
      now += 1_000;
    }
    expect(attempts.waitSeconds('a')).toBe(55);
    expect(attempts.waitSeconds('b')).toBe(0);
    now = 60_000;
    expect(attempts.waitSeconds('a')).toBe(0);
  });

  it('makes everybody wait when many addresses guess together', () => {
    const attempts = new Attempts(() => 1_000_000);
    for (let count = 0; count < 30; count++) attempts.failed(`address ${count}`);
    expect(attempts.waitSeconds('one more')).toBe(60);
  });
});

import { describe, expect, it } from '@jest/globals';
import { leave, register } from './register.ts';

const shop = { kind: 'http', shopIdentity: 'https://se.example' };
const first = { ...shop, instanceId: 'one' };
const second = { ...shop, instanceId: 'two' };
const SILENT_MS = 15_000;

const holding = (seenAt: number) => ({ ...first, seenAt });

describe('a channel’s code', () => {
  it('goes to who asks first, and every repeat is a heartbeat', () => {
    expect(register(undefined, first, 1_000, SILENT_MS)).toEqual({ role: 'active', now: holding(1_000) });
    expect(register(holding(1_000), first, 9_000, SILENT_MS)).toEqual({
      role: 'active',
      now: holding(9_000),
    });
  });

  it('stays with its instance while that is heard of, and then goes to the one that stands by', () => {
    expect(register(holding(1_000), second, 16_000, SILENT_MS)).toMatchObject({
      role: 'standby',
      now: { instanceId: 'one', seenAt: 1_000, standbyId: 'two', standbySeenAt: 16_000 },
    });
    expect(register(holding(1_000), second, 16_001, SILENT_MS)).toMatchObject({
      role: 'active',
      now: { instanceId: 'two', seenAt: 16_001 },
    });
  });

  it('goes to the one that stands by also where the clock has jumped back since the other was heard of', () => {
    const asked = register(holding(9_000_000), second, 1_000, SILENT_MS);
    expect(asked).toMatchObject({ role: 'standby', now: { instanceId: 'one', seenAt: 1_000 } });
    const { now } = asked as { now: ReturnType<typeof holding> };
    expect(register(now, second, 16_001, SILENT_MS)).toMatchObject({ role: 'active' });
  });

  it('never goes to another shop by itself, however long its holder is silent', () => {
    const other = { ...first, shopIdentity: 'https://other.example' };
    expect(register(holding(1_000), other, 9_999_999, SILENT_MS)).toEqual({ role: 'refused' });
  });

  it('goes to the next instance of its shop at once when its own one ends in order', () => {
    const left = leave(holding(1_000_000), 'one');
    expect(register(left, second, 1_000_001, SILENT_MS)).toMatchObject({
      role: 'active',
      now: { instanceId: 'two' },
    });
    expect(register(left, { ...second, shopIdentity: 'x' }, 1_000_001, SILENT_MS)).toEqual({
      role: 'refused',
    });
    const waiting = { ...holding(1_000), standbyId: 'two', standbySeenAt: 900 };
    expect(leave(waiting, 'two')).toEqual(holding(1_000));
    expect(leave(waiting, 'three')).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { WaitingRoom } from './waiting-room.ts';

/** How many of so many claims on an article are let in. */
function letIn(room: WaitingRoom, article: string, count: number): number {
  return Array.from({ length: count }, () => room.enter([article])).filter(Boolean).length;
}

describe('the waiting room', () => {
  it('lets in as many as are answered in time, whatever the rate', () => {
    const room = new WaitingRoom(100);
    // One after another takes 2 ms: of 5,000 a second 500 can be answered.
    for (let batch = 0; batch < 50; batch += 1) {
      const inside = letIn(room, 'A', 1_000);
      room.answered(inside * 2);
      for (let one = 0; one < inside; one += 1) room.leave(['A']);
    }
    const inside = letIn(room, 'A', 1_000);
    expect(inside * 2).toBeGreaterThan(60);
    expect(inside * 2).toBeLessThan(125);
  });

  it('becomes larger again once all are answered in time', () => {
    const room = new WaitingRoom(100);
    letIn(room, 'A', 1_000);
    room.answered(10_000);
    const small = room.size;
    expect(small).toBeLessThan(40);
    for (let batch = 0; batch < 40; batch += 1) {
      letIn(room, 'A', 1_000);
      room.answered(10);
    }
    expect(room.size).toBeGreaterThan(3 * small);
  });

  it('is not made smaller where a few wait for something that stands still', () => {
    const room = new WaitingRoom(100);
    const before = room.size;
    letIn(room, 'A', 20);
    for (let batch = 0; batch < 10; batch += 1) room.answered(5_000);
    expect(room.size).toBe(before);
  });

  it('keeps a part for buyers of other articles', () => {
    const room = new WaitingRoom(100);
    const hot = letIn(room, 'HOT', 10_000);
    expect(hot).toBeLessThan(room.size);
    expect(room.enter(['HOT', 'B'])).toBe(false);
    expect(room.enter(['B', 'C'])).toBe(true);
    room.leave(['HOT']);
    expect(room.enter(['HOT'])).toBe(true);
  });
});

import { describe, expect, it } from '@jest/globals';
import { Pace } from './pace.ts';
import { WaitingRoom } from './waiting-room.ts';

/** How many of so many claims on an article are let in. */
function letIn(room: WaitingRoom, article: string, count: number, nowMs: number): number {
  return Array.from({ length: count }, () => room.enter([article], nowMs)).filter(({ open }) => open).length;
}

/** Everybody inside is decided on, in a batch that takes 10 ms and so much for each. */
function decide(room: WaitingRoom, articles: readonly string[], beganAtMs: number, eachMs: number): number {
  const endMs = beganAtMs + 10 + eachMs * articles.length;
  room.begin(articles.length, beganAtMs);
  room.end(endMs);
  for (const article of articles) room.leave([article]);
  return endMs;
}

describe('the waiting room', () => {
  it('lets in as many as are answered in time, whatever is asked for', () => {
    const room = new WaitingRoom(100);
    let now = 0;
    for (let batch = 0; batch < 20; batch += 1) {
      const inside = letIn(room, 'A', 1_000, now);
      now = decide(room, Array(inside).fill('A'), now, 2);
    }
    const inside = letIn(room, 'A', 1_000, now);
    expect(10 + 2 * inside).toBeGreaterThan(60);
    expect(10 + 2 * inside).toBeLessThan(80);
  });

  it('counts what is being decided on, as long as that will take', () => {
    const room = new WaitingRoom(100);
    let now = 0;
    for (let batch = 0; batch < 20; batch += 1)
      now = decide(room, Array(letIn(room, 'A', 20, now)).fill('A'), now, 2);
    const inside = letIn(room, 'A', 30, now);
    room.begin(inside, now);
    const early = letIn(room, 'A', 1_000, now + 5);
    const late = letIn(room, 'A', 1_000, now + 60);
    expect(early).toBeLessThan(10);
    expect(early + late).toBeGreaterThan(15);
  });

  it('knows the pace of another room from the first moment on', () => {
    const pace = new Pace();
    const room = new WaitingRoom(100, pace);
    let now = 0;
    for (let batch = 0; batch < 200; batch += 1) now = decide(room, Array(1 + (batch % 4)).fill('A'), now, 2);
    expect(letIn(new WaitingRoom(100), 'B', 1_000, now)).toBeGreaterThan(200);
    expect(letIn(new WaitingRoom(100, pace), 'B', 1_000, now)).toBeLessThan(50);
  });

  it('takes in a crowd after a quiet time of single claims', () => {
    const room = new WaitingRoom(100);
    let now = 0;
    for (let batch = 0; batch < 100; batch += 1) {
      letIn(room, 'A', 1, now);
      now = decide(room, ['A'], now, 2);
    }
    expect(letIn(room, 'A', 256, now)).toBe(256);
  });

  it('lets a few wait for something that stands still', () => {
    const room = new WaitingRoom(100);
    letIn(room, 'A', 10, 0);
    room.begin(10, 0);
    expect(letIn(room, 'A', 14, 60_000)).toBe(14);
  });

  it('keeps a part of the time for buyers of other articles, and names the one that crowds', () => {
    const room = new WaitingRoom(100);
    letIn(room, 'HOT', 10_000, 0);
    expect(room.enter(['B', 'HOT'], 0)).toEqual({ open: false, crowd: 'HOT' });
    expect(room.isFull(0)).toBe(false);
    expect(letIn(room, 'B', 50, 0)).toBe(50);
    expect(letIn(room, 'C', 10_000, 0)).toBeLessThan(10_000);
    expect(room.isFull(0)).toBe(true);
    expect(room.enter(['D'], 0)).toEqual({ open: false });
  });
});

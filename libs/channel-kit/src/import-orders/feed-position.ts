import type { FeedPosition } from '../shop.ts';

export function earlierOf(one: FeedPosition, other: FeedPosition | undefined): FeedPosition {
  return other && Date.parse(other.changedAt) < Date.parse(one.changedAt) ? other : one;
}

export function back(position: FeedPosition, ms: number): FeedPosition {
  return { changedAt: new Date(Math.max(0, Date.parse(position.changedAt) - ms)).toISOString(), id: '' };
}

/**
 * A position that is not beyond the moment at which the read of it began. Where the shop's clock is ahead, or jumped
 * away for one order, what follows would lie before the position and never be asked for; so that is read again.
 */
export function notBeyond(position: FeedPosition, startedAt: Date): FeedPosition {
  if (Date.parse(position.changedAt) <= startedAt.getTime()) return position;
  return { changedAt: startedAt.toISOString(), id: '' };
}

const BELIEVED_AHEAD_MS = 86_400_000;

/** Whether a reading is of before what is known. A time far ahead is a mistake, and everything comes after it. */
export function isOlder(read: string, known: string, now?: Date): boolean {
  const knownAt = Date.parse(known);
  const isMistaken = now !== undefined && knownAt > now.getTime() + BELIEVED_AHEAD_MS;
  return !isMistaken && Date.parse(read) < knownAt;
}

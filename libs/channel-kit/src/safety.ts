/**
 * A way of selling in which a shop of this kind does not tell two buyers yes for one piece: it asks for each piece
 * before it sells it, or it holds to the number that it was given. A channel declares those of its kind, and
 * `channelContract` finds out by races whether that is so.
 */
export type Safety = 'claim-safe' | 'lease-safe';

/** The grade in words, as it stands in a channel's README and in the answer of `/health/ready`. */
export function gradeOf(safety: readonly Safety[] = []): string {
  return safety.length === 0 ? 'best effort' : safety.toSorted().join(', ');
}

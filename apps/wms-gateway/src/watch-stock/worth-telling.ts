import type { Bracket } from '../steps.ts';
import type { Figures, KnownFigures } from './article-figures.ts';

/** What is done with what a read says of an article. */
export type Worth = 'tell' | 'read-again' | 'nothing';

/**
 * A read is told where it says something new, or where somebody waits for a read that started late enough; never one
 * that is older than the last one that was told. Of two that ran at a time nobody knows which of them looked first, so
 * none replaces the other: were the older look believed, goods that have come would seem to vanish. Where they differ,
 * the article is read again at once.
 */
export function worthTelling(known: KnownFigures, figures: Figures, read: Omit<Bracket, 'inFlight'>): Worth {
  const { started, unsettled } = known;
  const differs = !known.figures || !same(known.figures, figures);
  if (!isLater(known, read)) return differs && read.ended > started ? 'read-again' : 'nothing';
  if (unsettled > started && read.started >= unsettled) return 'tell';
  return differs ? 'tell' : 'nothing';
}

/** Whether a read looked after the one that was told last, for certain. */
export function isLater(
  known: Pick<KnownFigures, 'started' | 'ended'>,
  { started, begun }: Pick<Bracket, 'started' | 'begun'>,
): boolean {
  return started > known.started && begun >= known.ended;
}

export function same(a: Figures, b: Figures): boolean {
  return a.status === b.status && a.sellable === b.sellable && a.incoming === b.incoming;
}

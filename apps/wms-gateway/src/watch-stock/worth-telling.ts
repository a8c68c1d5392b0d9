import type { Figures, KnownFigures } from './article-figures.ts';

/**
 * Whether a read is published: where it says something new, or where somebody waits for a read that started
 * late enough. A read that is older than the last published one never is.
 */
export function worthTelling(known: KnownFigures, figures: Figures, started: number): boolean {
  if (started <= known.started) return false;
  if (known.unsettled > known.started && started >= known.unsettled) return true;
  return !known.figures || !same(known.figures, figures);
}

function same(a: Figures, b: Figures): boolean {
  return a.status === b.status && a.sellable === b.sellable && a.incoming === b.incoming;
}

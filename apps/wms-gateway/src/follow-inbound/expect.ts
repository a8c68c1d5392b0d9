import { fromMilli, StockExpected, toMilli, type Event } from '@samlast/contracts';

/** Pieces of one article that one purchase order still lacks. */
export interface ExpectedLine {
  article: string;
  /** A date such as 2026-12-03. */
  on: string | null;
  quantity: string;
}

/** Sums by article and day, soonest first; an article of which nothing is expected is told with an empty list. */
export function tellExpected(
  articles: readonly string[],
  lines: readonly ExpectedLine[],
  at: string,
): Event[] {
  return [...new Set(articles)].toSorted().map((article) => {
    const days = new Map<string, bigint>();
    for (const line of lines) {
      if (line.article !== article) continue;
      const day = line.on ?? '';
      days.set(day, (days.get(day) ?? 0n) + toMilli(line.quantity));
    }
    const expected = [...days]
      .filter(([, milli]) => milli > 0n)
      .toSorted(([a], [b]) => ((a || NO_DAY) < (b || NO_DAY) ? -1 : 1))
      .map(([on, milli]) => ({ ...(on && { on }), quantity: fromMilli(milli) }));
    return StockExpected.of({ article, expected, at });
  });
}

/** Behind every date. */
const NO_DAY = '~';

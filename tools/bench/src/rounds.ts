import { figure, figures, type Table } from './table.ts';

/** Somebody who takes part in a comparison. */
export interface Contestant<Round> {
  readonly name: string;
  run(round: number): Promise<Round>;
}

/**
 * Runs every contestant once per round, the order turned by one from round to round, so that a machine that
 * is slow for a while is slow for all of them, and nobody is always first.
 */
export async function interleave<Round>(
  contestants: readonly Contestant<Round>[],
  rounds: number,
  each: (name: string, round: number, result: Round) => void,
): Promise<Map<string, Round[]>> {
  const results = new Map<string, Round[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const first = round % contestants.length;
    for (const contestant of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      const result = await contestant.run(round);
      results.get(contestant.name)?.push(result);
      each(contestant.name, round, result);
    }
  }
  return results;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which this share of all values lies, between neighbours in proportion. NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  if (below === undefined || above === undefined) return NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/** Ours divided by theirs, round by round: what disturbed a round disturbed both. */
export function ratios(ours: readonly number[], theirs: readonly number[]): number[] {
  return ours.map((rate, round) => rate / (theirs[round] ?? NaN));
}

/** Rates of every round by contestant, ours first, and how many times faster ours is than each other. */
export function comparison(title: string, rates: ReadonlyMap<string, readonly number[]>): Table {
  const [ours = []] = rates.values();
  return {
    title,
    columns: ['', 'median', 'each round', 'ours is faster by', 'each round'],
    rows: [...rates].map(([name, each]) => {
      const times = ratios(ours, each);
      const compared = each === ours ? ['', ''] : [`${figure(median(times))} x`, figures(times)];
      return [name, figure(median(each)), figures(each), ...compared];
    }),
  };
}

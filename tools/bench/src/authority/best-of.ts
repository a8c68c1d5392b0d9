import type { Stage } from '../benchmark.ts';
import { figure } from '../table.ts';

/**
 * Tries each candidate once and keeps the one with the highest rate. `tried` gets the rates by name.
 */
export async function bestOf<Candidate extends { readonly name: string }>(
  candidates: readonly Candidate[],
  rateOf: (candidate: Candidate) => Promise<number>,
  tried: Record<string, number>,
  say: Stage['say'],
): Promise<Candidate> {
  let best: { candidate: Candidate; perSecond: number } | undefined;
  for (const candidate of candidates) {
    const perSecond = await rateOf(candidate);
    tried[candidate.name] = perSecond;
    say(`  tried: ${candidate.name} ${figure(perSecond)}/s`);
    if (!best || perSecond > best.perSecond) best = { candidate, perSecond };
  }
  if (!best) throw new Error('There is nothing to try.');
  return best.candidate;
}

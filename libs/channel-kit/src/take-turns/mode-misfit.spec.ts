import { expect, it } from '@jest/globals';
import type { Safety } from '../safety.ts';
import type { Shop } from '../shop.ts';
import { modeMisfit } from './mode-misfit.ts';

const shelf = {} as NonNullable<Shop['shelf']>;
const shop = (safety: readonly Safety[], shown = true): Pick<Shop, 'features' | 'shelf'> => ({
  features: { feedLagMs: 0, restocksCancelled: true, safety },
  ...(shown && { shelf }),
});
const channel = (mode: 'shared' | 'lease' | 'claim') => ({ code: 'SE', kind: 'acme', mode });

it.each<[string, Parameters<typeof modeMisfit>, string | undefined]>([
  ['shared, whatever the kind', [channel('shared'), shop([], false)], undefined],
  ['claim, of a kind that claims', [channel('claim'), shop(['claim-safe']), 'a-token'], undefined],
  [
    'claim, where nobody could prove himself',
    [channel('claim'), shop(['claim-safe'])],
    'CLAIMS_TOKEN is not set',
  ],
  ['claim, of a kind that does not', [channel('claim'), shop(['lease-safe'])], 'Say "lease"'],
  ['claim, of a kind that does neither', [channel('claim'), shop([])], 'with a margin'],
  ['lease, of a kind that shows stock', [channel('lease'), shop([])], undefined],
  ['lease, of a kind that shows none', [channel('lease'), shop([], false)], 'Leave the mode out'],
])('is said of the mode %s', (_what, [of, where, token], words) => {
  const misfit = modeMisfit(of, where, token);
  if (words === undefined) expect(misfit).toBeUndefined();
  else expect(misfit).toContain(words);
});

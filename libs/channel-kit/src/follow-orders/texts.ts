import type { Shortage } from '@samlast/contracts';

const WHY: Record<Shortage['reason'], string> = {
  stock: 'out of stock',
  'unknown-article': 'not known in the warehouse',
  inactive: 'inactive in the warehouse',
};

/** What the shop's staff reads at an order that waits. */
export function heldText(shortages: readonly Shortage[]): string {
  const missing = shortages.map(({ article, missing, wanted, reason }) =>
    reason === 'stock' ? `${missing} of ${wanted} ${article} missing` : `${article} is ${WHY[reason]}`,
  );
  return `Held: ${missing.join(', ')}. It goes to the warehouse when it can be covered; release or reject it in Samlast's console.`;
}

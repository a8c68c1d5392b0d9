import type { Article } from './tables.ts';

export type Lease = Article['leases'] extends ReadonlyMap<string, infer One> ? One : never;

export const pieces = (amount: bigint) => Number(amount) / 1000;

/** Pieces that a shop may still sell, as the authority counts them, and those it keeps from others. Own arithmetic. */
export function countOf(lease: Lease | undefined): { exposure: number; guarded: number } {
  if (!lease) return { exposure: 0, guarded: 0 };
  const known = [lease.allowance, ...lease.flights.map((flight) => flight.allowance)].filter(
    (one) => one !== undefined,
  );
  const most = known.length === 0 ? 0 : pieces(known.reduce((a, b) => (a > b ? a : b))) - pieces(lease.sold);
  const exposure = Math.max(0, most);
  return { exposure, guarded: Math.max(0, exposure - pieces(lease.ungranted)) };
}

/** One line for the trace. */
export function describe(article: Article): string {
  const leases = [...article.leases.values()].map(
    ({ channel, allowance, sold, ungranted, confirmed, target, flights }) => {
      const of = (one: bigint | undefined) => (one === undefined ? '?' : String(pieces(one)));
      const flying = flights.map((flight) => `v${flight.version}:${of(flight.allowance)}`).join(' ');
      return `${channel} A ${of(allowance)} S ${of(sold)} L ${of(ungranted)} v${confirmed} target ${of(target)} [${flying}]`;
    },
  );
  const { number, version, leased, sellable, takenLow, takenHigh, queued, claimed } = article;
  const figures = [sellable, takenLow, takenHigh, queued, claimed].map(pieces).join(' ');
  return `"${number}" v${version}${leased ? ' leased' : ''} sellable low high queued claimed ${figures}; ${leases.join('; ')}`;
}

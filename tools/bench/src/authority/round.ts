import type { Stage } from '../benchmark.ts';
import type { Audit, AuthorityContestant, Offered } from './contestant.ts';
import type { ProcessorTime } from '../processor-time.ts';
import type { Workload } from './workloads.ts';

/** How much of everything a round has. */
export interface Plan {
  readonly workload: Workload;
  readonly events: boolean;
  readonly warmUp: number;
  /** Orders that are taken as fast as they can be. */
  readonly orders: number;
  /** Afterwards orders come at these shares of the rate that was just reached, for so long each. */
  readonly shares: readonly number[];
  readonly offerSeconds: number;
}

export interface AuthorityRound {
  /** Orders decided a second, all of them laid out beforehand. */
  readonly perSecond: number;
  /** Processor time of one of these, in microseconds. */
  readonly microseconds: ProcessorTime;
  readonly offered: readonly (Offered & { readonly share: number })[];
  readonly audit: Audit;
}

/** A bound for the stock; a contestant that could take more of them is offered orders for a shorter time. */
const OFFER_MOST = 30_000;

/** One contestant, from an empty database to its audit. */
export async function oneRound(
  { start }: AuthorityContestant,
  { workload, events, warmUp, orders, shares, offerSeconds }: Plan,
  stage: Stage,
): Promise<AuthorityRound> {
  const most = warmUp + orders + shares.length * OFFER_MOST;
  const running = await start(stage, { workload, events, most });
  try {
    let total = warmUp;
    await running.take(0, warmUp);
    const { seconds, processor } = await running.take(total, orders);
    const perSecond = orders / seconds;
    total += orders;
    const offered: (Offered & { share: number })[] = [];
    for (const share of shares) {
      const count = Math.min(OFFER_MOST, Math.ceil(perSecond * share * offerSeconds));
      offered.push({ share, ...(await running.offer(total, count, perSecond * share)) });
      total += count;
    }
    const microseconds = {
      process: (processor.process / orders) * 1e6,
      postgres: (processor.postgres / orders) * 1e6,
    };
    return { perSecond, microseconds, offered, audit: await running.audit(total) };
  } finally {
    await running.stop();
  }
}

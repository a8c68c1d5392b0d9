import { LineAccepted, StockObserved } from '@samlast/contracts';
import type { Workload } from '../workloads.ts';

/** So many articles are scarce, and every second order wants one of them. */
const SCARCE = 100;
const SCARCE_PIECES = 5;
const PIECES = 50;

const name = (index: number) => `A-${String(index).padStart(6, '0')}`;

/** What the warehouse counts otherwise than it was thought: some found, some lost where there is plenty. */
function drift(index: number): number {
  if (index % 7 === 0) return 3;
  return index >= SCARCE && index % 11 === 0 ? -2 : 0;
}

/** A warehouse with many articles, and a shop that sells them while they are all counted. */
export class Warehouse {
  /** Pieces that there are in the end, by article. */
  readonly pieces = new Map<string, number>();
  private readonly atFirst = new Map<string, number>();
  private readonly taken = new Map<string, number>();

  constructor(private readonly articles: number) {
    for (let index = 0; index < articles; index += 1) {
      const pieces = index < SCARCE ? SCARCE_PIECES : PIECES;
      this.atFirst.set(name(index), pieces);
      this.pieces.set(name(index), pieces + drift(index));
    }
  }

  readonly workload: Workload = {
    name: 'reconciled',
    wants: (at) => {
      const spread = Math.imul(at, 0x45d9f3b) >>> 0;
      const index = at % 2 === 0 ? (at / 2) % SCARCE : spread % this.articles;
      return [{ article: name(index), quantity: 1 }];
    },
  };

  /** What it says before anything is sold. */
  firstRead() {
    return this.read(this.atFirst, 1);
  }

  /** It has taken these orders, of one piece each, after the first read and before the second. */
  accept(orders: readonly { number: string; article: string }[]) {
    return orders.map(({ number, article }, at) => {
      this.taken.set(article, (this.taken.get(article) ?? 0) + 1);
      const [sent, accepted] = [3 + 2 * at, 4 + 2 * at];
      return LineAccepted.of({ number, channel: 'SE', revision: 1, article, quantity: '1', sent, accepted });
    });
  }

  /** All articles anew: what is there less the orders that it has taken. */
  secondRead() {
    return this.read(this.pieces, 1_000_000);
  }

  private read(pieces: ReadonlyMap<string, number>, started: number) {
    const at = new Date().toISOString();
    return [...pieces].map(([article, there]) =>
      StockObserved.of({
        article,
        status: 'active',
        sellable: String(there - (this.taken.get(article) ?? 0)),
        started,
        ended: started + 1,
        inFlight: [],
        at,
      }),
    );
  }
}

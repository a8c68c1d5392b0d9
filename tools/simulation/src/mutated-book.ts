import { Book, type ClaimOutcome } from '@samlast/stock-authority/decisions';
import { deciders, type Deciders } from './deciders.ts';
import type { Article } from './tables.ts';

type Figures = ReturnType<Book['figuresOf']>;
type Claim = Extract<ClaimOutcome, { claim: unknown }>['claim'];

/** Figures as they were when the batch began: check and allocation are two steps. */
class Stale extends Book {
  private readonly first = new Map<string, Figures>();
  override figuresOf(number: string, channel: string): Figures {
    const known = this.first.get(number) ?? super.figuresOf(number, channel);
    this.first.set(number, known);
    return known;
  }
}

class FreedTwice extends Book {
  override change(...[line, revisions]: Parameters<Book['change']>): void {
    const before = this.article(line.article.number).takenLow;
    super.change(line, revisions);
    const article = this.article(line.article.number);
    const freed = before - article.takenLow;
    if (freed > 0n && revisions.some((one) => one.quantity === 0n && one.accepted !== undefined))
      article.takenLow -= freed;
  }
}

class PromisedLate extends Book {
  override promise(...[order, needs]: Parameters<Book['promise']>): void {
    super.promise(order, needs);
    for (const [number, quantity] of needs) {
      this.article(number).takenLow -= quantity;
      this.article(number).takenHigh -= quantity;
    }
  }
}

class HoldsNothing extends Book {
  override holdAgain(): void {}
  override bring(): void {}
  override endClaim(claim: Claim, state: Claim['state']): void {
    Object.assign(claim, { state, version: claim.version + 1 });
    this.changedClaims.add(claim);
  }
}

class OneFigure extends Book {
  override figuresOf(number: string, channel: string): Figures {
    const figures = super.figuresOf(number, channel);
    return { ...figures, high: figures.low };
  }
}

class Unprotected extends Book {
  override figuresOf(number: string, channel: string): Figures {
    const { low, high, ...figures } = super.figuresOf(number, channel);
    const { claimed, leases } = this.article(number);
    let kept = claimed;
    for (const lease of leases.values()) {
      const most = [lease.allowance ?? lease.sold, ...lease.flights.map((one) => one.allowance)];
      const left = most.reduce((a, b) => (a > b ? a : b)) - lease.sold - lease.ungranted;
      if (left > 0n) kept += left;
    }
    return { ...figures, low: low + kept, high: high + kept };
  }
}

class PutBackProtected extends Book {
  override takeBack(...[order, needs]: Parameters<Book['takeBack']>): void {
    const before = new Map(
      [...needs.keys()].map((number) => [number, this.leaseOf(this.article(number), order.channel)]),
    );
    super.takeBack(order, needs);
    for (const [number, { ungranted }] of before) {
      const article = this.article(number);
      const lease = article.leases.get(order.channel);
      if (lease && lease.ungranted > ungranted) this.setLease(article, { ...lease, ungranted });
    }
  }
}

class ProtectedEarly extends Book {
  override close(at: string): void {
    super.close(at);
    for (const article of this.touched)
      for (const lease of article.leases.values())
        if (article.leased && lease.ungranted > 0n)
          article.leases.set(lease.channel, { ...lease, ungranted: 0n });
  }
}

class UnreadDropped extends Book {
  override confirmShelf(...[article, channel, report]: Parameters<Book['confirmShelf']>): void {
    super.confirmShelf(article, channel, { ...report, shows: 1_000_000_000n });
  }
}

class RaisedBelowZero extends Book {
  override close(at: string): void {
    for (const article of this.touched)
      for (const lease of article.leases.values())
        if (lease.allowance !== undefined && lease.allowance < lease.sold)
          article.leases.set(lease.channel, { ...lease, allowance: lease.sold });
    super.close(at);
  }
}

class HeldIsNoDemand extends Book {
  override close(at: string): void {
    const kept = new Map(
      [...this.touched].map((article): [Article, [bigint, bigint]] => [
        article,
        [article.queued, article.queuedFirm],
      ]),
    );
    for (const article of kept.keys()) Object.assign(article, { queued: 0n, queuedFirm: 0n });
    super.close(at);
    for (const [article, [queued, queuedFirm]] of kept) Object.assign(article, { queued, queuedFirm });
  }
}

/** Of an order only its newest revision counts, whether the warehouse has taken it or not. */
class LoweredAtOnce extends Book {
  override change(...[line, revisions]: Parameters<Book['change']>): void {
    const newest = revisions.at(-1);
    const only = newest && newest.quantity > 0n && newest.accepted === undefined && !newest.refused;
    super.change(line, only ? [newest] : revisions);
  }
}

/** The policy 'partial' counts what it drops as put back by the shop. */
class RestTakenBack extends Book {
  override promise(...[order, part]: Parameters<Book['promise']>): void {
    const rest = new Map([...(order.wants ?? [])].map(([one, all]) => [one, all - (part.get(one) ?? 0n)]));
    this.takeBack(order, rest);
    order.wants = undefined;
    super.promise(order, part);
  }
}

/** A cancel gives the pieces back before the warehouse has answered. */
const freeAtOnce: Deciders['cancelOrder'] = (book, cancel) => {
  deciders.cancelOrder(book, cancel);
  const order = book.orders.get(cancel.number);
  if (order?.cancelling !== undefined) for (const line of book.linesOf(order)) book.change(line, []);
};

/** Books with one defect each. */
export const Mutated = {
  stale: Stale,
  freedTwice: FreedTwice,
  promisedLate: PromisedLate,
  holdsNothing: HoldsNothing,
  oneFigure: OneFigure,
  unprotected: Unprotected,
  putBackProtected: PutBackProtected,
  protectedEarly: ProtectedEarly,
  unreadDropped: UnreadDropped,
  raisedBelowZero: RaisedBelowZero,
  heldIsNoDemand: HeldIsNoDemand,
  loweredAtOnce: LoweredAtOnce,
  restTakenBack: RestTakenBack,
  freeAtOnce,
};

import type { ShelfReading } from '@samlast/channel-kit/shelf';
import { guardedIn, type Lease } from '@samlast/stock-authority/decisions';
import { deciders } from './deciders.ts';
import type { Mutant } from './mutant.ts';

const { Book } = deciders;

/** What shops can sell by themselves is not counted. */
class WithoutLeases extends Book {
  override figuresOf(number: string, channel: string) {
    const figures = super.figuresOf(number, channel);
    const promised = guardedIn(this.article(number).leases);
    return { ...figures, low: figures.low + promised, high: figures.high + promised };
  }
}

/** What was told to shops on lease in this transaction is counted as somebody else would count it. */
abstract class OtherFlights extends Book {
  protected abstract other(lease: Lease): Lease;

  override close(at: string): void {
    super.close(at);
    for (const article of this.touched)
      for (const lease of article.leases.values())
        if (lease.flights.length > 0) article.leases.set(lease.channel, this.other(lease));
  }
}

/** What the level says is what the shop has from then on, also where it was lowered. */
class ShownWhenSent extends OtherFlights {
  protected override other(lease: Lease): Lease {
    return { ...lease, allowance: lease.target, flights: [] };
  }
}

/** The shop is taken to have what it confirmed last, whatever it was told since. */
class FlightsDropped extends OtherFlights {
  protected override other(lease: Lease): Lease {
    return { ...lease, flights: [] };
  }
}

/** Whoever has never registered is taken for a shop whose number means nothing, which gets what the others leave. */
class StrangersShown extends Book {
  constructor(...[terms, contents]: ConstructorParameters<typeof Book>) {
    super({ ...terms, shopOf: (code) => ({ method: 'none', ...terms.shopOf(code) }) }, contents);
  }
}

const nobodyPays = (read: ShelfReading): ShelfReading => ({ ...read, atPayment: 0n });

/** What only shows where shops sell on lease. */
export const leaseMistakes: readonly Mutant[] = [
  { name: 'leases are not subtracted', of: 'magento/inventory#2722', spoil: { Book: WithoutLeases } },
  {
    name: 'a level counts as shown when it was sent',
    of: 'frappe/ecommerce_integrations, shopify/inventory.py',
    spoil: { Book: ShownWhenSent },
  },
  {
    name: 'a level in flight is not counted',
    of: 'the model, GIVEN_BEFORE_CONFIRMED',
    spoil: { Book: FlightsDropped },
  },
  {
    name: 'a report is taken for a shop that was emptied',
    of: 'nobody yet',
    spoil: {
      confirmShelf: (book, shelf) => deciders.confirmShelf(book, { ...shelf, allowance: '0', shelf: '0' }),
    },
  },
  {
    name: 'a shop on lease that nobody has heard of is shown what is free',
    of: 'ours, before it was found',
    spoil: { Book: StrangersShown },
  },
  {
    name: 'what a shop keeps for buyers at the payment is not counted',
    of: 'decision 0026',
    spoil: { keptBack: () => 0n },
  },
  {
    name: 'buyers at the payment of a shop that reserves with the order are not counted',
    of: 'ours, before it was found',
    spoil: {
      anchorOf: (method, read) => deciders.anchorOf(method, nobodyPays(read)),
      decideShelf: (facts, read) => deciders.decideShelf(facts, nobodyPays(read)),
    },
  },
];

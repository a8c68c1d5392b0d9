import type { Claim } from '@samlast/stock-authority/decisions';
import { deciders } from './deciders.ts';
import { cancelOvertakesItsOrder, lastCartIsOrdered } from './moments.ts';
import { leaseMistakes } from './lease-mistakes.ts';
import type { Mutant } from './mutant.ts';

const { Book } = deciders;
/** By world: each has terms of its own. */
const staleFigures = new WeakMap<object, Map<string, ReturnType<InstanceType<typeof Book>['figuresOf']>>>();

/** What is promised to carts is not counted. */
class WithoutClaims extends Book {
  override figuresOf(number: string, channel: string) {
    const figures = super.figuresOf(number, channel);
    const { claimed } = this.article(number);
    return { ...figures, low: figures.low + claimed, high: figures.high + claimed };
  }
}

/** Each decision is made on the figures of the one before it, as when it was read outside of the lock. */
class ReadBefore extends Book {
  override figuresOf(number: string, channel: string) {
    const now = super.figuresOf(number, channel);
    const known = staleFigures.get(this.terms) ?? new Map<string, typeof now>();
    staleFigures.set(this.terms, known);
    const before = known.get(`${channel}/${number}`) ?? now;
    known.set(`${channel}/${number}`, now);
    return before;
  }
}

/** An order takes its pieces, and its claim keeps them too. */
class HeldTwice extends Book {
  override endClaim(claim: Claim, state: Claim['state']) {
    if (state === 'ordered')
      for (const [number, quantity] of claim.needs) this.article(number).claimed += quantity;
    super.endClaim(claim, state);
  }
}

/** Where goods have vanished, what a cart held is looked at again with the next read only. */
class OrderedUnseen extends Book {
  override bring(...[order, claim]: Parameters<InstanceType<typeof Book>['bring']>) {
    const before = new Map([...claim.needs.keys()].map((number) => [number, this.article(number).moved]));
    super.bring(order, claim);
    for (const [number, moved] of before) Object.assign(this.article(number), { moved });
  }
}

/** The pieces of a claim that ran out stay away for ever. */
class NeverGivenBack extends Book {
  override endClaim(claim: Claim, state: Claim['state']) {
    super.endClaim(claim, state);
    if (state === 'expired')
      for (const [number, quantity] of claim.needs) this.article(number).claimed += quantity;
  }
}

type Contents = ConstructorParameters<typeof Book>[1];

/** A kit has a number of its own in the warehouse, and that is what is looked at. */
class KitsByTheirNumber extends Book {
  constructor(...[terms, contents]: ConstructorParameters<typeof Book>) {
    const articles: Contents['articles'] = new Map(
      [...contents.articles].map(([number, article]) => [number, Object.assign(article, { isKit: false })]),
    );
    super(terms, { ...contents, articles, kits: new Map() });
  }
}

/** Of a kit one part is counted. */
class KitsByOnePart extends Book {
  constructor(...[terms, contents]: ConstructorParameters<typeof Book>) {
    const kits = new Map(
      [...(contents.kits ?? [])].map(([kit, parts]) => [kit, new Map([...parts].slice(0, 1))]),
    );
    super(terms, { ...contents, kits });
  }
}

const authority: readonly Mutant[] = [
  {
    name: 'a kit is counted by its own number',
    of: 'magento/inventory#1246, medusa#12532',
    spoil: { Book: KitsByTheirNumber },
  },
  { name: 'of a kit one part is counted', of: 'frappe/erpnext#13822', spoil: { Book: KitsByOnePart } },
  {
    name: 'claims are checked and not held',
    of: 'woocommerce-gateway-stripe#5720',
    spoil: { Book: WithoutClaims },
  },
  {
    name: 'figures are read before the lock is taken',
    of: 'vendure#3508, nopCommerce#8085',
    spoil: { Book: ReadBefore },
  },
  { name: 'an order and its claim both hold', of: 'woocommerce#67354', spoil: { Book: HeldTwice } },
  { name: 'an expired claim gives nothing back', of: 'Sylius#3573', spoil: { Book: NeverGivenBack } },
  {
    name: 'an older order waits on when a cart that goods have vanished from is ordered',
    of: 'nobody yet',
    spoil: { Book: OrderedUnseen },
    moment: lastCartIsOrdered,
  },
  {
    name: 'a shop hears that its claim is confirmed though it came too late',
    of: 'vendure#3065, saleor#15246',
    spoil: {
      decideClaim(book, command, counts) {
        const outcome = deciders.decideClaim(book, command, counts);
        if (command.kind !== 'confirm' || outcome.outcome !== 'claim' || outcome.claim.state !== 'late')
          return outcome;
        return { ...outcome, claim: { ...outcome.claim, state: 'confirmed', shortages: [] } };
      },
    },
  },
  {
    name: 'an older read counts when it comes late',
    of: 'nobody yet',
    // Gateway and authority refuse it both, so it takes two mistakes.
    spoil: {
      worthTelling: () => 'tell',
      observe(book, observed) {
        const article = book.article(observed.article);
        const { read } = article;
        const late = read && read.started >= observed.started;
        deciders.observe(
          book,
          late ? { ...observed, started: read.started + 1, ended: read.ended + 1 } : observed,
        );
      },
    },
  },
  {
    name: 'a read counts as it is, whatever was under way',
    of: 'OCA/connector-magento#226',
    spoil: {
      observe: (book, observed) =>
        deciders.observe(book, { ...observed, started: observed.ended, inFlight: [] }),
    },
  },
  {
    name: 'an accepted order is taken for counted at once',
    of: 'the difference of two clocks',
    spoil: {
      accept: (book, accepted) => deciders.accept(book, { ...accepted, sent: 0, accepted: 0 }),
    },
  },
  {
    name: 'a cancel that overtakes its order is forgotten',
    of: 'openlinker#2069',
    spoil: {
      cancelOrder(book, cancel) {
        if (book.orders.has(cancel.number)) deciders.cancelOrder(book, cancel);
      },
    },
    moment: cancelOvertakesItsOrder,
  },
];

const gateway: readonly Mutant[] = [
  {
    name: 'a refused cancel is called done',
    of: 'a plugin for the same warehouse system, #109',
    spoil: { judgeCancel: () => ({ kind: 'cancelled', by: 'channel' }) },
  },
  {
    name: 'a read with the same figures is told to nobody',
    of: 'openlinker#2285',
    spoil: {
      worthTelling: (known, figures, read) =>
        deciders.worthTelling({ ...known, unsettled: 0 }, figures, read),
    },
  },
  {
    name: 'of two reads at a time the one that began later counts',
    of: 'nobody yet',
    spoil: {
      worthTelling: (known, figures, read) =>
        deciders.worthTelling({ ...known, ended: known.started }, figures, read),
    },
  },
  {
    name: 'a request without an answer is made again at once',
    of: 'design 6.5',
    spoil: { mayStillLand: () => false },
  },
  {
    name: 'any version of an order that is there is taken for the newest',
    of: 'nobody yet',
    spoil: {
      judgePut: (found, ours, refusal) =>
        deciders.judgePut(found, { ...ours, acceptedBefore: false, isChange: false }, refusal),
    },
  },
];

const channel: readonly Mutant[] = [
  {
    name: 'a number is written without the sales since',
    of: 'woocommerce#7673',
    spoil: { decideShelf: (facts, read) => deciders.decideShelf({ ...facts, uncounted: 0n }, read) },
  },
  {
    name: 'sales that were not read yet are sold again',
    of: 'woocommerce#21808',
    spoil: {
      decideShelf: (facts, read) =>
        deciders.decideShelf({ ...facts, allowance: facts.sold + read.number }, read),
    },
  },
  {
    name: 'a number that stood still proves that all was read',
    of: 'nobody yet',
    spoil: {
      decideShelf: (facts, read) =>
        deciders.decideShelf(
          facts.anchor ? { ...facts, anchor: { ...facts.anchor, feedReadPast: true } } : facts,
          read,
        ),
    },
  },
  {
    name: 'a plain shelf is written twice for a level',
    of: 'decision 0014',
    spoil: { decideShelf: (facts, read) => deciders.decideShelf({ ...facts, spent: false }, read) },
  },
  {
    name: 'what staff changes in an order is taken for told',
    of: 'connector-prestashop#165',
    spoil: {
      unheardOf: (order, line) =>
        order.number === undefined && order.state === 'cancelled' ? line.sold : 0n,
    },
  },
  {
    name: 'a write without an answer hides what the shop had before',
    of: 'nobody yet',
    spoil: { allowedByBeginning: ({ allowanceAfter }) => allowanceAfter },
  },
  {
    name: 'a write that succeeded proves what may be sold',
    of: 'nobody yet',
    spoil: {
      decideShelf(facts, read) {
        const decision = deciders.decideShelf(facts, read);
        const { allowanceAfter } = decision;
        return { ...decision, ...(allowanceAfter !== undefined && { proven: allowanceAfter - 1000n }) };
      },
    },
  },
  {
    name: 'what the shop has reserved is sold once more',
    of: 'vendure#3508',
    spoil: {
      decideShelf: (facts, read) => deciders.decideShelf({ ...facts, open: facts.open * 2n }, read),
    },
  },
];

export const mistakes: readonly Mutant[] = [...authority, ...leaseMistakes, ...gateway, ...channel];

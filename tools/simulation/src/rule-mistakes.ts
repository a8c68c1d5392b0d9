import { type Deciders, deciders } from './deciders.ts';
import type { Mutant } from './mutant.ts';
import type { Article } from './tables.ts';

const { Book } = deciders;
type Limit = { readonly cap?: bigint; readonly pool: bigint };

/** Levels are made as if people had set other limits. */
abstract class OtherLimits extends Book {
  protected abstract other(limit: Limit): Limit;

  override close(at: string): void {
    const kept = new Map(
      [...this.touched].map((article): [Article, Article['rules']] => [article, article.rules]),
    );
    for (const [article, rules] of kept) {
      const limits = new Map([...rules.limits].map(([code, limit]) => [code, this.other(limit)]));
      Object.assign(article, { rules: { ...rules, limits } });
    }
    super.close(at);
    for (const [article, rules] of kept) Object.assign(article, { rules });
  }
}

class WithoutCaps extends OtherLimits {
  protected override other({ pool }: Limit): Limit {
    return { pool };
  }
}

class WithoutPools extends OtherLimits {
  protected override other(limit: Limit): Limit {
    return { ...limit, pool: 0n };
  }
}

/** Who waits for what arrives is looked at by a person only. */
class BackordersWait extends Book {
  override queue() {
    return super.queue().filter(({ order }) => order.state !== 'backordered');
  }
}

type Decide = Deciders['decideShelf'];

/** From 0 it would be known what a plain shelf had, so it is written in order to raise it afterwards. */
const zeroedToBeRaised: Decide = (facts, read) => {
  const decision = deciders.decideShelf(facts, read);
  const isPlain = facts.method === 'absolute' && facts.exact === true;
  const shouldHaveMore = read.number > 0n && read.number < facts.level - facts.uncounted;
  return isPlain && shouldHaveMore && !decision.write ? { ...decision, to: 0n, write: true } : decision;
};

/** What only shows where people set rules, and where orders wait in their turn. */
export const ruleMistakes: readonly Mutant[] = [
  { name: 'rule-18-zeroed-to-be-raised', of: 'design 6.6', spoil: { decideShelf: zeroedToBeRaised } },
  { name: 'a cap is kept from no shop', of: 'openlinker#2610', spoil: { Book: WithoutCaps } },
  { name: 'a pool is shown to all', of: 'magento/inventory#2727', spoil: { Book: WithoutPools } },
  {
    name: 'a back-ordered order is never looked at again',
    of: 'vendure#319',
    spoil: { Book: BackordersWait },
  },
];

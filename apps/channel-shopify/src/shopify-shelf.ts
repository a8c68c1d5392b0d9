import type { ShelfAccess, ShelfAnswer, ShelfNumber, ShelfWrite, ShopTools } from '@samlast/channel-kit';
import type { ShopifyAdmin } from './shopify-admin.ts';

const WRITES_AT_ONCE = 8;
const READS_AT_ONCE = 50;

/** What Shopify says of a write that came too late: the number is another one by now. */
const STALE = 'CHANGE_FROM_QUANTITY_STALE';
const GONE = new Set(['INVALID_INVENTORY_ITEM', 'ITEM_NOT_STOCKED_AT_LOCATION']);
/** Says nothing of whether it was done. */
const UNKNOWN = new Set(['IDEMPOTENCY_CONCURRENT_REQUEST', 'IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED']);

/**
 * What is available at the location, which Shopify lowers with each order by itself, and writes only while it still is
 * what was read.
 */
export class ShopifyShelf implements ShelfAccess {
  readonly method = 'compare-and-set';
  readonly wholePieces = true;
  readonly atOnce = WRITES_AT_ONCE;
  readonly readAtOnce = READS_AT_ONCE;
  private readonly items = new Map<string, string[]>();
  /** May have been given to others since they were looked up; what was read of them is written all the same. */
  private readonly outdated = new Set<string>();
  private readonly untracked = new Set<string>();
  private readonly warned = new Set<string>();

  constructor(
    private readonly admin: ShopifyAdmin,
    private readonly location: string,
    private readonly log: ShopTools['log'],
  ) {}

  /** SKUs may have been given to others: they are looked up anew before they are read again. */
  outdate(): void {
    for (const article of this.items.keys()) this.outdated.add(article);
  }

  async read(articles: readonly string[]): Promise<ReadonlyMap<string, ShelfNumber>> {
    const { numbers, moved } = await this.readKnown(articles);
    if (moved.length === 0) return numbers;
    // What was known under this number has another one now, or is gone: whoever has it now is looked for once.
    for (const article of moved) this.outdated.add(article);
    const again = await this.readKnown(moved);
    return new Map([...numbers, ...again.numbers]);
  }

  async write(writes: readonly ShelfWrite[]): Promise<readonly ShelfAnswer[]> {
    const fit = writes.filter(({ article }) => !this.hindrance(article));
    const refused = writes.flatMap(({ article }) => this.hindrance(article) ?? []);
    if (fit.length === 0) return refused;
    const errors = await this.admin.setAvailable(
      this.location,
      // A write is never repeated, and each has a name of its own. The level's version would be none: under one level
      // the same numbers may be written twice, with a sale and its cancel in between.
      fit.map(({ article, from, to, writeId: key }) => {
        const [item = ''] = this.items.get(article) ?? [];
        return { item, from: Number(from), to: Number(to), key };
      }),
    );
    return [...fit.flatMap(({ article }, index) => answerOf(article, errors[index] ?? [])), ...refused];
  }

  private async readKnown(articles: readonly string[]) {
    await this.lookUp(articles.filter((article) => !this.items.has(article) || this.outdated.has(article)));
    const numbers = new Map<string, ShelfNumber>();
    const moved: string[] = [];
    const asked = articles.flatMap((article) =>
      (this.items.get(article) ?? []).slice(0, 1).map((id) => ({ article, id })),
    );
    if (asked.length === 0) return { numbers, moved };
    const levels = await this.admin.levels(
      this.location,
      asked.map(({ id }) => id),
    );
    for (const [index, { article }] of asked.entries()) {
      const level = levels[index];
      if (level?.sku !== article) moved.push(article);
      else if (level.inventoryLevel) {
        if (level.tracked) this.untracked.delete(article);
        else this.untracked.add(article);
        if (level.variant?.inventoryPolicy === 'CONTINUE') this.warn(article);
        numbers.set(article, { number: String(level.inventoryLevel.quantities[0]?.quantity ?? 0) });
      }
    }
    return { numbers, moved };
  }

  private async lookUp(articles: readonly string[]): Promise<void> {
    if (articles.length === 0) return;
    const found = await this.admin.itemsWith(articles);
    for (const article of articles) {
      const ids = found.filter(({ sku }) => sku === article).map(({ id }) => id);
      this.outdated.delete(article);
      if (ids.length > 0) this.items.set(article, ids);
      else this.items.delete(article);
    }
  }

  /** Why a number that could be read is not to be written. */
  private hindrance(article: string): ShelfAnswer | undefined {
    const { length } = this.items.get(article) ?? [];
    if (length === 0) return { article, outcome: 'unknown-article' };
    if (length > 1) {
      const text = `${length} variants have the SKU ${article}, and each would sell every piece: give all but one of them a number of their own.`;
      return { article, outcome: 'refused', text };
    }
    if (!this.untracked.has(article)) return undefined;
    const text = `Shopify keeps no stock of ${article}: turn on 'Track quantity' for it.`;
    return { article, outcome: 'refused', text };
  }

  private warn(article: string): void {
    if (this.warned.has(article)) return;
    this.warned.add(article);
    this.log.warn('the shop sells this article below zero: turn off "Continue selling when out of stock"', {
      article,
    });
  }
}

function answerOf(
  article: string,
  [error]: readonly { code?: string | null; message: string }[],
): ShelfAnswer[] {
  if (!error) return [{ article, outcome: 'set' }];
  const { code = '', message } = error;
  if (code === STALE) return [{ article, outcome: 'changed' }];
  if (GONE.has(code ?? '')) return [{ article, outcome: 'unknown-article' }];
  if (UNKNOWN.has(code ?? '')) return [];
  return [{ article, outcome: 'refused', text: `${code}: ${message}` }];
}

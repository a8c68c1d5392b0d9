import type { ShelfAccess, ShelfAnswer, ShelfNumber, ShelfWrite } from '@samlast/channel-kit';
import { z } from 'zod';
import type { WooApi, WooProduct } from './woo-api.ts';

/** As many are asked for by their SKUs in one address. */
const READ_AT_ONCE = 25;
/** No level has it, so that a write is tried and its refusal says what is the matter. */
const NOT_COUNTED: ShelfNumber = { number: '-1' };

const Read = z.object({
  articles: z.array(z.object({ sku: z.string(), managed: z.boolean(), stock: z.number() })),
});
const Answers = z.object({
  answers: z.array(
    z.object({
      sku: z.string(),
      outcome: z.enum(['set', 'changed', 'unknown', 'duplicate', 'unmanaged']),
      stock: z.number().optional(),
    }),
  ),
});

/**
 * With the plugin in the shop: a number is written under a lock, and only where it still is what was read. The plugin
 * leaves what checkouts hold, since those are paid whatever the number says by then, and answers what it left.
 */
export function pluginShelf(api: WooApi): ShelfAccess {
  return {
    method: 'compare-and-set',
    wholePieces: true,
    atOnce: READ_AT_ONCE,
    readAtOnce: READ_AT_ONCE,
    async read(articles) {
      const { articles: found } = await api.plugin(Read, { query: { 'skus[]': [...articles] } });
      return new Map(
        found.map(({ sku, managed, stock }) => [sku, managed ? { number: String(stock) } : NOT_COUNTED]),
      );
    },
    async write(writes) {
      const body = {
        writes: writes.map(({ article, writeId, from, to }) => ({
          sku: article,
          write_id: writeId,
          from: Number(from),
          to: Number(to),
        })),
      };
      const { answers } = await api.plugin(Answers, { method: 'POST', body });
      return answers.map(({ sku, outcome, stock }): ShelfAnswer => {
        if (outcome === 'set')
          return { article: sku, outcome, ...(stock !== undefined && { number: String(stock) }) };
        return outcome === 'changed' ? { article: sku, outcome } : refusal(sku, outcome);
      });
    },
  };
}

/** With nothing but WooCommerce's own interface: a number replaces whatever there is, and may erase a sale. */
export function restShelf(api: WooApi): ShelfAccess {
  const known = new Map<string, WooProduct[]>();
  return {
    method: 'absolute',
    wholePieces: true,
    atOnce: READ_AT_ONCE,
    readAtOnce: READ_AT_ONCE,
    async read(articles) {
      const products = await api.productsBySku(articles);
      // A SKU is found there whatever its case.
      for (const article of articles)
        known.set(
          article,
          products.filter(({ sku }) => sku === article),
        );
      return new Map(
        articles.flatMap((article) => {
          const [product] = known.get(article) ?? [];
          return product ? [[article, numberOf(product)]] : [];
        }),
      );
    },
    async write(writes) {
      const answers: ShelfAnswer[] = [];
      const groups = new Map<number, (ShelfWrite & { id: number })[]>();
      for (const write of writes) {
        const found = known.get(write.article) ?? [];
        const [product] = found;
        if (!product) answers.push(refusal(write.article, 'unknown'));
        else if (found.length > 1) answers.push(refusal(write.article, 'duplicate'));
        else if (product.manage_stock !== true) answers.push(refusal(write.article, 'unmanaged'));
        else {
          const parent = product.parent_id ?? 0;
          groups.set(parent, [...(groups.get(parent) ?? []), { ...write, id: product.id }]);
        }
      }
      for (const [parent, group] of groups) answers.push(...(await replace(api, parent, group)));
      return answers;
    },
  };
}

/** Those of one call. Where it fails nobody knows which of them were written, and the kit reads them again. */
async function replace(
  api: WooApi,
  parent: number,
  writes: readonly (ShelfWrite & { id: number })[],
): Promise<ShelfAnswer[]> {
  const updated = await api.setStock(
    parent,
    writes.map(({ id, to }) => ({ id, stock_quantity: Number(to) })),
  );
  const byId = new Map(updated.map((one) => [one.id, one]));
  return writes.flatMap(({ id, article }): ShelfAnswer[] => {
    const answer = byId.get(id);
    if (!answer) return [];
    if (answer.error?.code.endsWith('_invalid_id')) return [refusal(article, 'unknown')];
    if (answer.error) return [{ article, outcome: 'refused', text: answer.error.message }];
    return [answer.manage_stock === true ? { article, outcome: 'set' } : refusal(article, 'unmanaged')];
  });
}

function numberOf({ manage_stock: manages, stock_quantity: stock }: WooProduct): ShelfNumber {
  return manages === true ? { number: String(Math.floor(stock ?? 0)) } : NOT_COUNTED;
}

function refusal(article: string, why: 'unknown' | 'duplicate' | 'unmanaged'): ShelfAnswer {
  if (why === 'unknown') return { article, outcome: 'unknown-article' };
  const text =
    why === 'duplicate'
      ? `Several products have the SKU ${article}: give all but one of them a number of their own.`
      : `WooCommerce does not count the stock of ${article}: tick “Track stock quantity for this product” in its inventory.`;
  return { article, outcome: 'refused', text };
}

import { z } from 'zod';
import { toMilli } from '../warehouse/milli.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

export const SeedArticle = z.strictObject({
  number: z.string().min(1),
  name: z.string().optional(),
  barcode: z.string().optional(),
  isStockArticle: z.boolean().optional(),
  isActive: z.boolean().optional(),
  /** Pieces at A-1, or per location. */
  stock: z
    .union([
      z.number().min(0),
      z.array(z.strictObject({ location: z.string().min(1), quantity: z.number().min(0) })),
    ])
    .optional(),
  /** Makes it a kit of articles that exist. */
  parts: z.array(z.strictObject({ article: z.string(), quantity: z.number().positive() })).optional(),
});

export function seedArticle({ articles }: Warehouse, seed: z.output<typeof SeedArticle>): void {
  const { article } = articles.put(seed.number, {
    ...(seed.name === undefined ? {} : { articleName: seed.name }),
    ...(seed.barcode === undefined ? {} : { barCodeInfo: { barCode: seed.barcode } }),
    ...(seed.isStockArticle === undefined ? {} : { isStockArticle: seed.isStockArticle }),
    ...(seed.isActive === undefined ? {} : { isActive: seed.isActive }),
    ...(seed.parts === undefined
      ? {}
      : {
          structureDefinition: {
            articleKind: 'Structure',
            rows: seed.parts.map((part) => ({ articleNumber: part.article, numberOfItems: part.quantity })),
          },
        }),
  });
  const stock =
    typeof seed.stock === 'number' ? [{ location: 'A-1', quantity: seed.stock }] : (seed.stock ?? []);
  for (const { location, quantity } of stock) {
    if (quantity > 0) articles.receive(article, toMilli(quantity), location);
  }
}

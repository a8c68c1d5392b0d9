import { z } from 'zod';
import { defineEvent } from './event.ts';
import { ChannelCode } from './numbers.ts';
import { ArticleNumber, CodeAndName } from './order.ts';
import { PositiveQuantity, Quantity } from './quantity.ts';
import { text } from './text.ts';
import { ChannelArticles, WmsArticles } from './topics.ts';

/** Article master data. Absent members are left alone in the WMS. Weights in kilograms, measures in metres. */
export const Article = z.object({
  number: ArticleNumber,
  name: text(300).optional(),
  description: text(2000).optional(),
  barcode: text(50).optional(),
  alternativeBarcodes: z.array(text(50)).max(50).optional(),
  /** false for services, fees and freight: they have no stock. */
  stocked: z.boolean().optional(),
  active: z.boolean().optional(),
  unit: text(20).optional(),
  /** true where only whole pieces are sold: an order or claim of a fraction is refused. */
  wholePieces: z.boolean().optional(),
  weightKg: Quantity.optional(),
  lengthM: Quantity.optional(),
  widthM: Quantity.optional(),
  heightM: Quantity.optional(),
  countryOfOrigin: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  customsNumber: text(30).optional(),
  group: CodeAndName.optional(),
  /** What a kit consists of; a kit has no stock of its own. */
  parts: z
    .array(z.object({ article: ArticleNumber, quantity: PositiveQuantity }))
    .max(100)
    .optional(),
});
export type Article = z.infer<typeof Article>;

export const ArticlePublished = defineEvent(
  'article.published',
  ChannelArticles,
  z
    .object({ channel: ChannelCode, article: Article })
    .describe("A channel says what it knows of an article. Only the article master's words reach the WMS."),
  (data) => data.article.number,
);

export const ArticleListed = defineEvent(
  'article.listed',
  ChannelArticles,
  z
    .object({
      channel: ChannelCode,
      article: ArticleNumber,
      shopArticleId: text(200),
      barcode: text(50).optional(),
      name: text(300).optional(),
      listed: z.boolean().default(true),
    })
    .describe(
      'A shop says that it sells an article, under which number and barcode, for the catalogue check.',
    ),
  (data) => data.article,
);

const articleAnswer = z.object({ channel: ChannelCode, article: ArticleNumber });

export const ArticleAccepted = defineEvent(
  'article.accepted',
  WmsArticles,
  articleAnswer
    .extend({ wmsArticleId: z.int().optional() })
    .describe('The WMS has the article as its master published it.'),
  (data) => data.article,
);

export const ArticleRefused = defineEvent(
  'article.refused',
  WmsArticles,
  articleAnswer
    .extend({ reason: z.enum(['not-master', 'wms']), text: text(1000).optional() })
    .describe(
      'Article data did not reach the WMS. not-master: another system is the article master. wms: Ongoing refused it, with its own words in text.',
    ),
  (data) => data.article,
);

import { z } from 'zod';
import { defineEvent } from './event.ts';
import { ChannelCode } from './numbers.ts';
import { Amount, ArticleNumber, CodeAndName } from './order.ts';
import { NonNegativeQuantity, PositiveQuantity, Quantity } from './quantity.ts';
import { text } from './text.ts';
import { ChannelArticles, WmsArticles } from './topics.ts';

const DangerousGoods = z.object({
  unNumber: z.string().regex(/^\d{4}$/, 'must be the four digits of a UN number, such as 1950'),
  /** As the WMS writes it: the packing group, such as II. */
  packing: text(50).optional(),
  labels: text(100).optional(),
  marinePollutant: z.boolean().optional(),
  /** What a piece counts in the limits of road transport. */
  coefficient: NonNegativeQuantity.optional(),
  emsCode: text(50).optional(),
  flashPointC: Quantity.optional(),
  properNames: z
    .array(z.object({ language: z.string().regex(/^[a-z]{2}$/), name: text(300).min(1) }))
    .max(50)
    .optional(),
});

/**
 * Article master data. Absent members are left alone in the WMS. Weights in kilograms, measures in metres. Each
 * member belongs to one aspect, and each aspect to one channel: see article-aspects.ts.
 */
export const Article = z.object({
  number: ArticleNumber,
  name: text(300).optional(),
  description: text(2000).optional(),
  barcode: text(50).optional(),
  /** Of a package and of a pallet of it. */
  packageBarcode: text(50).optional(),
  palletBarcode: text(50).optional(),
  alternativeBarcodes: z.array(text(50)).max(50).optional(),
  /** false for services, fees and freight: they have no stock. */
  stocked: z.boolean().optional(),
  active: z.boolean().optional(),
  unit: text(20).optional(),
  /** true where only whole pieces are sold: an order or claim of a fraction is refused. */
  wholePieces: z.boolean().optional(),
  weightKg: Quantity.optional(),
  netWeightKg: Quantity.optional(),
  lengthM: Quantity.optional(),
  widthM: Quantity.optional(),
  heightM: Quantity.optional(),
  /** Litres; absent where the warehouse may take length by width by height. */
  volumeL: Quantity.optional(),
  countryOfOrigin: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  customsNumber: text(30).optional(),
  customsText: text(300).optional(),
  dangerousGoods: DangerousGoods.optional(),
  group: CodeAndName.optional(),
  /** What a kit consists of; a kit has no stock of its own. */
  parts: z
    .array(z.object({ article: ArticleNumber, quantity: PositiveQuantity }))
    .max(100)
    .optional(),
  purchasePrice: Amount.optional(),
  /** Of the purchase price. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  customerPrice: Amount.optional(),
});
export type Article = z.infer<typeof Article>;

export const ArticlePublished = defineEvent(
  'article.published',
  ChannelArticles,
  z
    .object({ channel: ChannelCode, article: Article })
    .describe(
      "A channel says what it knows of an article. Of each aspect only its owner's words reach the WMS.",
    ),
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

export const ArticleWithdrawn = defineEvent(
  'article.withdrawn',
  ChannelArticles,
  z
    .object({
      channel: ChannelCode,
      article: ArticleNumber,
      shopArticleId: text(200),
      /** The number under which the shop has the same article now. */
      renamedTo: ArticleNumber.optional(),
    })
    .describe(
      'A shop has an article no more under this number: deleted there, or renamed. Orders under it go on as before.',
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
    .extend({
      reason: z.enum(['not-master', 'implausible', 'wms']),
      /** Which members of the article it is about; absent where it is all that was sent. */
      fields: z.array(text(50)).max(50).optional(),
      /** For not-master: whose they are. */
      owner: ChannelCode.optional(),
      text: text(1000).optional(),
    })
    .describe(
      'Article data did not reach the WMS. not-master: another system owns these members. implausible: they cannot be right, see text; what else was sent is taken. wms: Ongoing refused it, with its own words in text.',
    ),
  (data) => data.article,
);

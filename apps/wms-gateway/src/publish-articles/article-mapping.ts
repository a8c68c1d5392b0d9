// Ongoing's words for an article, and nowhere else but here and in the stock's mapping.
import type { Article } from '@samlast/contracts';
import type { ArticleInput } from '@samlast/ongoing-client';

/** Only what the master has said: members left out stay as they are in Ongoing. */
export function toOngoingArticle(article: Article): ArticleInput {
  const { barcode, alternativeBarcodes, group, parts } = article;
  const input: ArticleInput = { articleNumber: article.number };
  const put = <Key extends keyof ArticleInput>(key: Key, value: ArticleInput[Key] | undefined) => {
    if (value !== undefined) input[key] = value;
  };
  put('articleName', article.name);
  put('description', article.description);
  put('unitCode', article.unit);
  put('isStockArticle', article.stocked);
  put('isActive', article.active);
  put('weight', decimal(article.weightKg));
  put('length', decimal(article.lengthM));
  put('width', decimal(article.widthM));
  put('height', decimal(article.heightM));
  put('countryOfOriginCode', article.countryOfOrigin);
  put('statisticsNumber', article.customsNumber);
  put('articleGroup', group && { code: group.code, name: group.name ?? group.code });
  if (barcode !== undefined || alternativeBarcodes) {
    input.barCodeInfo = {
      ...(barcode !== undefined && { barCode: barcode }),
      ...(alternativeBarcodes && {
        alternativeBarCodes: alternativeBarcodes.map((barCode) => ({ barCode })),
      }),
    };
  }
  if (parts && parts.length > 0) {
    const rows = parts.map((part) => ({ articleNumber: part.article, numberOfItems: Number(part.quantity) }));
    input.structureDefinition = { articleKind: 'Structure', rows };
  }
  return input;
}

const decimal = (quantity: string | undefined) => (quantity === undefined ? undefined : Number(quantity));

import { describe, expect, it } from '@jest/globals';
import { Product, toShopArticle } from './tryton-articles.ts';

/** As Tryton 8.2.1 answers with PRODUCT_FIELDS, without the dots. */
const recorded = {
  id: 7,
  code: 'TEE-BLK-M',
  name: 'Tee',
  description: '',
  active: true,
  type: 'goods',
  salable: true,
  default_uom: { symbol: 'u', digits: 0 },
  identifiers: [
    { type: 'mpn', code: 'X-1' },
    { type: 'ean', code: '7350000000016' },
    { type: 'upc', code: '123456789012' },
  ],
  weight: 210,
  weight_uom: { factor: 0.001 },
  length: 30,
  length_uom: { factor: 0.01 },
  width: null,
  width_uom: null,
  height: null,
  height_uom: null,
};
const read = (change: object = {}) => toShopArticle(Product.parse({ ...recorded, ...change }));

describe('a product of Tryton', () => {
  it('cuts its texts between letters where they are too long', () => {
    const long = (most: number) => 'x'.repeat(most - 1) + '\u{1f381}';
    const uom = { symbol: long(20), digits: 0 };
    const { article } = read({ name: long(300), description: long(2000), default_uom: uom }) ?? {};
    expect(article).toMatchObject({
      name: 'x'.repeat(299),
      description: 'x'.repeat(1999),
      unit: 'x'.repeat(19),
    });
  });

  it('becomes an article in the words of the kit', () => {
    expect(read()).toEqual({
      id: '7',
      listed: true,
      article: {
        number: 'TEE-BLK-M',
        active: true,
        stocked: true,
        wholePieces: true,
        name: 'Tee',
        unit: 'u',
        barcode: '7350000000016',
        alternativeBarcodes: ['123456789012'],
        weightKg: '0.21',
        lengthM: '0.3',
      },
    });
  });

  it('has no stock where it is a service, and is sold in fractions where its unit has them', () => {
    const sold = read({ type: 'service', default_uom: { symbol: 'h', digits: 2 }, salable: false });
    expect(sold).toMatchObject({ listed: false, article: { stocked: false, wholePieces: false, unit: 'h' } });
  });

  it('is nothing that could be spoken of without a code', () => {
    expect(read({ code: null })).toBeUndefined();
  });
});

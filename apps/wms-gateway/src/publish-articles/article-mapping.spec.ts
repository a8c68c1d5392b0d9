import { describe, expect, it } from '@jest/globals';
import type { OngoingArticle } from '@samlast/ongoing-client';
import { fieldsOf, type Said, same } from './article-fields.ts';
import { fromOngoing, toDangerousGoods, toOngoingArticle } from './article-mapping.ts';

const said: Said = {
  name: 'T-shirt',
  description: 'Cotton',
  group: { code: 'TSHIRTS', name: 'T-shirts' },
  unit: 'pcs',
  stocked: true,
  active: true,
  barcode: '1',
  packageBarcode: '2',
  palletBarcode: '3',
  alternativeBarcodes: ['4'],
  weightKg: '0.21',
  netWeightKg: '0.2',
  lengthM: '0.3',
  widthM: '0.25',
  heightM: '0.02',
  volumeL: '0.5',
  countryOfOrigin: 'PT',
  customsNumber: '61091000',
  customsText: 'T-shirts',
  purchasePrice: '4.25',
  currency: 'EUR',
  customerPrice: '199',
};
const asAnswer = (input: object) => ({ articleSystemId: 1, ...input }) as unknown as OngoingArticle;

describe('an article in the words of Ongoing', () => {
  it('means the same when it comes back', () => {
    const back = fromOngoing({ article: asAnswer(toOngoingArticle('TEE', said)) });
    expect(fieldsOf(said).filter((field) => !same(field, said[field], back[field]))).toEqual([]);
  });

  it('keeps the other barcodes with their quantities when one is changed', () => {
    const found = asAnswer({
      barCodeInfo: {
        barCode: '1',
        barCodePallet: '3',
        alternativeBarCodes: [
          { barCode: '4', quantityPerBarCode: 12 },
          { barCode: '9', quantityPerBarCode: 6 },
        ],
      },
    });
    const input = toOngoingArticle('TEE', { barcode: '7' }, {}, found);
    expect(input.barCodeInfo).toEqual({ ...found.barCodeInfo, barCode: '7' });
    const list = toOngoingArticle(
      'TEE',
      { alternativeBarcodes: ['5'] },
      { alternativeBarcodes: ['4'] },
      found,
    );
    expect(list.barCodeInfo?.alternativeBarCodes).toEqual([
      { barCode: '5' },
      { barCode: '9', quantityPerBarCode: 6 },
    ]);
  });

  it('says nothing of what is not said', () => {
    expect(toOngoingArticle('TEE', {})).toEqual({ articleNumber: 'TEE' });
    expect(toDangerousGoods({ unNumber: '1950' })).toEqual({ unNumber: '1950' });
  });
});

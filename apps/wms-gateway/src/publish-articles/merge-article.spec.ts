import { describe, expect, it } from '@jest/globals';
import { mergeArticle, mergeBarcodes } from './merge-article.ts';

describe('an article that is written over what the WMS has', () => {
  it('is written as a whole where there is none', () => {
    expect(mergeArticle({ name: 'Tee', weightKg: '0.2' }, undefined, undefined, false).put).toEqual([
      'name',
      'weightKg',
    ]);
  });

  it('is not written where nothing differs but in form', () => {
    const wanted = {
      name: 'Tee ',
      unit: 'St',
      weightKg: '0.210',
      group: { code: 'TSHIRTS', name: 'T-shirts' },
      alternativeBarcodes: ['2', '1'],
      parts: [
        { article: 'B', quantity: '2' },
        { article: 'A', quantity: '1.0' },
      ],
      active: true,
      wholePieces: true,
    };
    const there = {
      name: 'Tee',
      unit: 'st',
      weightKg: '0.21',
      group: { code: 'tshirts', name: 'Shirts' },
      alternativeBarcodes: ['1', '2'],
      parts: [
        { article: 'A', quantity: '1' },
        { article: 'B', quantity: '2' },
      ],
    };
    expect(mergeArticle(wanted, undefined, there, false)).toEqual({ put: [], left: [], held: false });
  });

  it('is written where its owner has changed a member, and left where the warehouse has', () => {
    const base = { name: 'Tee', weightKg: '0.2', lengthM: '0.3' };
    const there = { name: 'Tee', weightKg: '0.25', lengthM: '0.4' };
    const wanted = { name: 'T-shirt', weightKg: '0.2', lengthM: '0.5' };
    expect(mergeArticle(wanted, base, there, false)).toEqual({
      put: ['name', 'lengthM'],
      left: ['weightKg'],
      held: false,
    });
  });

  it('leaves dangerous goods whose members all agree, whatever else the warehouse knows of them', () => {
    const there = { dangerousGoods: { unNumber: '1950', packing: 'II', flashPointC: '-40' } };
    const wanted = (flashPointC: string) => ({ dangerousGoods: { unNumber: '1950', flashPointC } });
    expect(mergeArticle(wanted('-40.0'), undefined, there, false).put).toEqual([]);
    expect(mergeArticle(wanted('-41'), undefined, there, false).put).toEqual(['dangerousGoods']);
  });

  it('does not go inactive while there are pieces of it', () => {
    const wanted = { active: false };
    expect(mergeArticle(wanted, undefined, { active: true }, true)).toEqual({
      put: [],
      left: [],
      held: true,
    });
    expect(mergeArticle(wanted, undefined, { active: true }, false).put).toEqual(['active']);
  });
});

describe('the list of other barcodes', () => {
  it('keeps what people of the warehouse added, and loses what its owner took out', () => {
    expect(mergeBarcodes(['1', '3'], ['1', '2'], ['1', '2', '9'])).toEqual(['1', '3', '9']);
  });
});

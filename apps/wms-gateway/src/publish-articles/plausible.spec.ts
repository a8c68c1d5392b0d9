import { describe, expect, it } from '@jest/globals';
import { assert, property, stringMatching } from 'fast-check';
import type { Said } from './article-fields.ts';
import { checkDigit, doubtsOf, withoutBlanks } from './plausible.ts';

const limits = { weightMostKg: 200, lengthMostM: 5 };
const doubted = (said: Said) => doubtsOf('TEE', said, limits).map(({ fields }) => fields.join());
const words = (said: Said) =>
  doubtsOf('TEE', said, limits)
    .map(({ text }) => text)
    .join(' ');
const box = { lengthM: '0.3', widthM: '0.25', heightM: '0.02' };

describe('what is plausible', () => {
  it('is a T-shirt as it is', () => {
    expect(
      doubted({ name: 'T-shirt', weightKg: '0.21', netWeightKg: '0.2', ...box, volumeL: '1.5' }),
    ).toEqual([]);
  });

  it('is no T-shirt of 3,000 kg: grams are named as the likely cause', () => {
    expect(doubted({ weightKg: '3000' })).toEqual(['weightKg']);
    expect(words({ weightKg: '3000' })).toMatch(/3000 kg, more than 200 kg\. Is that grams\?/);
  });

  it('is nothing below zero', () => {
    expect(doubted({ weightKg: '-1', widthM: '-0.1', volumeL: '-2', customerPrice: '-5' })).toEqual([
      'weightKg',
      'widthM',
      'customerPrice',
      'volumeL',
    ]);
  });

  it('is no side of 30 m: centimetres are named', () => {
    expect(words({ lengthM: '30' })).toMatch(/length is 30 m, more than 5 m\. Is that centimetres/);
  });

  it('is nothing heavier than metal or lighter than air, though each figure alone may be right', () => {
    const sides = 'weightKg,lengthM,widthM,heightM';
    expect(doubted({ ...box, weightKg: '180' })).toEqual([sides]);
    expect(words({ ...box, weightKg: '180' })).toMatch(/heavier than any metal/);
    expect(doubted({ weightKg: '0.21', lengthM: '3', widthM: '2.5', heightM: '2' })).toEqual([sides]);
    expect(words({ weightKg: '0.21', lengthM: '3', widthM: '2.5', heightM: '2' })).toMatch(
      /lighter than air/,
    );
    // A bar of gold, a pillow and a screw are what they are.
    expect(doubted({ weightKg: '12.4', lengthM: '0.25', widthM: '0.07', heightM: '0.037' })).toEqual([]);
    expect(doubted({ weightKg: '0.6', lengthM: '0.6', widthM: '0.5', heightM: '0.2' })).toEqual([]);
    expect(doubted({ weightKg: '0.004', lengthM: '0.01', widthM: '0.003', heightM: '0.003' })).toEqual([]);
  });

  it('is no volume in another unit than its sides', () => {
    expect(doubted({ ...box, volumeL: '1500' })).toEqual(['volumeL']);
    expect(doubted({ ...box, volumeL: '0.001' })).toEqual(['volumeL']);
  });

  it('is no net weight above the weight with packing', () => {
    expect(doubted({ weightKg: '1', netWeightKg: '1.2' })).toEqual(['netWeightKg']);
  });

  it('is a barcode whose last digit fits the others', () => {
    assert(
      property(stringMatching(/^\d{11,13}$/), (digits) => {
        const right = digits + checkDigit(digits);
        const wrong = digits + String((Number(checkDigit(digits)) + 1) % 10);
        return doubted({ barcode: right }).length === 0 && doubted({ barcode: wrong }).length === 1;
      }),
    );
    expect(words({ barcode: '7350000000017' })).toMatch(/should end in 6/);
    expect(doubted({ palletBarcode: '7350000000017', alternativeBarcodes: ['7350000000017'] })).toEqual([
      'palletBarcode',
      'alternativeBarcodes',
    ]);
  });

  it('is a barcode of the shop own making', () => {
    expect(doubted({ barcode: 'TEE-1', alternativeBarcodes: ['12345678', '123'] })).toEqual([]);
  });

  it('is no barcode with blanks around it, or that stands for two things', () => {
    expect(doubted({ barcode: ' TEE-1' })).toEqual(['barcode']);
    expect(doubted({ barcode: 'TEE-1', packageBarcode: 'TEE-1' })).toEqual(['packageBarcode']);
  });

  it('is no kit of itself, and no part that is named twice', () => {
    const part = (article: string) => ({ article, quantity: '1' });
    expect(doubted({ parts: [part('TEE')] })).toEqual(['parts']);
    expect(doubted({ parts: [part('A'), part('A')] })).toEqual(['parts']);
    expect(doubted({ parts: [part('A'), part('B')] })).toEqual([]);
  });

  it('is a UN number that there is', () => {
    expect(doubted({ dangerousGoods: { unNumber: '1950' } })).toEqual([]);
    expect(doubted({ dangerousGoods: { unNumber: '9999' } })).toEqual(['dangerousGoods']);
  });
});

describe('what many systems write for "not known"', () => {
  it('is left out, so that it wipes out nothing', () => {
    expect(
      withoutBlanks({
        name: ' ',
        unit: '',
        weightKg: '0',
        lengthM: '0.000',
        volumeL: '0',
        barcode: '',
        active: false,
      }),
    ).toEqual({ barcode: '', active: false });
  });
});

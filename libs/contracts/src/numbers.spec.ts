import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  ChannelCode,
  fromWmsNumber,
  NUMBER_LENGTH_MAX,
  NumberRefused,
  sameNumberKey,
  ShopNumber,
  toWmsNumber,
  WmsNumber,
} from './numbers.ts';
import { channelCode, shopNumber, shopNumberFor } from './testing/arbitraries.ts';

const pair = channelCode.chain((channel) =>
  shopNumberFor(channel).map((shop) => ({ channel, shopNumber: shop })),
);

// fast-check prints seed, path and the smallest counterexample of a property that fails; with them it runs again.
describe('the number codec', () => {
  it('gives 5178 of channel SE the number 5178-SE, and back', () => {
    expect(toWmsNumber('5178', 'SE')).toBe('5178-SE');
    expect(fromWmsNumber('5178-SE')).toEqual({ shopNumber: '5178', channel: 'SE' });
  });

  it('gives back every pair that it took', () => {
    fc.assert(
      fc.property(pair, ({ shopNumber: shop, channel }) => {
        const number = toWmsNumber(shop, channel);
        expect(fromWmsNumber(number)).toEqual({ shopNumber: shop, channel });
        expect(WmsNumber.safeParse(number).success).toBe(true);
        expect(number.length).toBeLessThanOrEqual(NUMBER_LENGTH_MAX);
      }),
      { numRuns: 2000 },
    );
  });

  it('makes again every number that it can read', () => {
    const anyNumber = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 52 }),
      fc
        .tuple(fc.string({ maxLength: 48 }), fc.constantFrom('SE', 'se', '', 'ÅÄ', 'A B'))
        .map((p) => p.join('-')),
    );
    fc.assert(
      fc.property(anyNumber, (number) => {
        const read = fromWmsNumber(number);
        if (read) expect(toWmsNumber(read.shopNumber, read.channel)).toBe(number);
        expect(read !== undefined).toBe(WmsNumber.safeParse(number).success);
      }),
      { numRuns: 2000 },
    );
  });

  it('never gives one number to two pairs', () => {
    fc.assert(
      fc.property(pair, pair, (a, b) => {
        fc.pre(a.shopNumber !== b.shopNumber || a.channel !== b.channel);
        expect(toWmsNumber(a.shopNumber, a.channel)).not.toBe(toWmsNumber(b.shopNumber, b.channel));
      }),
      { numRuns: 2000 },
    );
  });

  // The same shop number, or one that ends like another channel's number, is the likeliest clash of two channels.
  it('keeps two channels apart even where the WMS compares without case, width and blanks', () => {
    const nearlySame = fc
      .tuple(channelCode, channelCode, shopNumber)
      .filter(([a, b]) => a !== b)
      .chain(([a, b, shop]) =>
        fc.record({
          a: fc.constant({ channel: a, shop }),
          b: fc.constantFrom(shop, shop.toUpperCase(), `${shop}-${a}`, `${shop}-${b}`).map((other) => ({
            channel: b,
            shop: other,
          })),
        }),
      )
      .filter(
        ({ a, b }) =>
          [a, b].every(({ shop, channel }) => shop.length + channel.length < NUMBER_LENGTH_MAX) &&
          ShopNumber.safeParse(b.shop).success,
      );
    fc.assert(
      fc.property(nearlySame, ({ a, b }) => {
        expect(sameNumberKey(toWmsNumber(a.shop, a.channel))).not.toBe(
          sameNumberKey(toWmsNumber(b.shop, b.channel)),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['5178-SE', '5178-se'],
    ['5178-SE', ' 5178-SE '],
    ['Ä1-SE', 'a\u03081-SE'],
    ['５１７８-SE', '5178-SE'],
  ])('takes %j and %j for the same when registered', (a, b) => {
    expect(sameNumberKey(a)).toBe(sameNumberKey(b));
  });
});

describe('the length of a number', () => {
  it.each([
    ['SE', 47],
    ['S', 48],
    ['ABCDEFGHIJ', 39],
  ])('leaves channel %s %i characters for the shop', (channel, longest) => {
    expect(toWmsNumber('7'.repeat(longest), channel)).toHaveLength(NUMBER_LENGTH_MAX);
    expect(() => toWmsNumber('7'.repeat(longest + 1), channel)).toThrow(NumberRefused);
  });

  it('is what the refusal tells', () => {
    expect(() => toWmsNumber('7'.repeat(48), 'SE')).toThrow(
      'with -SE it has 51 characters, Ongoing takes 50',
    );
  });

  it('counts an emoji as the two characters that the WMS needs for it', () => {
    expect(() => toWmsNumber('🧶'.repeat(24), 'SE')).toThrow(NumberRefused);
    expect(toWmsNumber('🧶'.repeat(23), 'SE')).toHaveLength(49);
  });
});

describe("a shop's number", () => {
  it.each([
    '5178',
    '#1001',
    '2026/11-5178',
    'A B',
    '٥١٧٨',
    'הזמנה-12',
    '订单5178',
    'Ö-17',
    '🧶1',
    '-',
    'SE-SE',
  ])('may be %j', (shop) => {
    const number = toWmsNumber(shop, 'SE');
    expect(fromWmsNumber(number)).toEqual({ shopNumber: shop, channel: 'SE' });
  });

  it.each([
    ['nothing', ''],
    ['a blank', ' '],
    ['a leading blank', ' 5178'],
    ['a trailing blank', '5178 '],
    ['a trailing no-break space', '5178\u00a0'],
    ['a line break', '51\n78'],
    ['a tab', '51\t78'],
    ['NUL', '51\u000078'],
    ['a C1 control character', '51\u008578'],
    ['a line separator', '51\u202878'],
    ['a mark that turns the direction', '51\u202e78'],
    ['a zero-width space', '5178\u200b'],
    ['a soft hyphen', '51\u00ad78'],
    ['half of an emoji', '5178\ud83e'],
  ])('must not have or be %s', (_name, shop) => {
    expect(() => toWmsNumber(shop, 'SE')).toThrow(NumberRefused);
    expect(fromWmsNumber(`${shop}-SE`)).toBeUndefined();
  });
});

describe('a channel code', () => {
  it.each(['SE', '1', 'ABCDEFGHIJ', '4YOU'])('may be %j', (code) => {
    expect(ChannelCode.safeParse(code).success).toBe(true);
  });

  it.each(['', 'se', 'S-E', 'S E', 'SE ', 'ÅL', 'ABCDEFGHIJK', '٥', 'S\n'])('must not be %j', (code) => {
    expect(ChannelCode.safeParse(code).success).toBe(false);
    expect(() => toWmsNumber('5178', code)).toThrow('must be 1 to 10 capital letters or digits');
  });
});

describe('a number that no channel can have made', () => {
  it.each([
    '',
    '5178',
    '-SE',
    '5178-',
    '5178-se',
    '5178 -SE',
    '5178-SE ',
    'hand typed',
    `${'7'.repeat(48)}-SE`,
  ])('reads %j as a stranger', (number) => {
    expect(fromWmsNumber(number)).toBeUndefined();
  });
});

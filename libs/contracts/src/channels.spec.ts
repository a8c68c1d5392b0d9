import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Channels } from './channels.ts';
import { sameNumberKey, toWmsNumber } from './numbers.ts';
import { shopNumberFor } from './testing/arbitraries.ts';

const entry = (code: unknown, more: object = {}) => ({
  code,
  kind: 'http',
  orderType: { code: 'B2C' },
  startAt: '2026-12-01T00:00:00Z',
  ...more,
});

/** Each fault as '<where>: <what>'. */
function faultsOf(file: unknown): string[] {
  const faults = Channels.safeParse(file).error?.issues ?? [];
  return faults.map((fault) => `${fault.path.join('.')}: ${fault.message}`);
}

const anyCode = fc.oneof(
  fc.constantFrom('SE', 'se', 'SE ', ' SE', 'EU', 'E', 'S-E', '-SE', 'ＳＥ', 'ſE', 'ERP', '', 'ABCDEFGHIJK'),
  fc.stringMatching(/^[A-Z0-9]{1,10}$/),
  fc.string({ unit: 'binary', maxLength: 4 }),
);

describe('channels.json', () => {
  it('fills in what may be left out', () => {
    expect(Channels.parse({ channels: [entry('SE')] }).channels[0]).toEqual({
      ...entry('SE'),
      articleMaster: false,
      mode: 'shared',
      margin: '0',
      shortPolicy: 'hold',
      backorderMost: '100',
      backorderAgainst: 'expected',
      scarceBelow: '10',
      claimsMost: 10_000,
      claimsPerBuyer: 5,
      priority: 0,
      weight: 1,
    });
  });

  it('accepts the example in the documentation', () => {
    const example = readFileSync(new URL('../../../docs/examples/channels.json', import.meta.url), 'utf8');
    expect(faultsOf(JSON.parse(example))).toEqual([]);
  });

  it('accepts no two channels that could ever make one number', () => {
    const file = fc
      .array(anyCode, { minLength: 1, maxLength: 6 })
      .map((codes) => ({ channels: codes.map((code) => entry(code)) }));
    let accepted = 0;
    fc.assert(
      fc.property(file, shopNumberFor('ABCDEFGHIJ'), (candidate, shop) => {
        const read = Channels.safeParse(candidate);
        if (!read.success) return;
        accepted += 1;
        const numbers = read.data.channels.flatMap(({ code }, index) =>
          read.data.channels.map((other, at) =>
            // Every channel tries to look like every other one.
            ({ index, key: sameNumberKey(toWmsNumber(at === index ? shop : tail(shop, other.code), code)) }),
          ),
        );
        for (const a of numbers)
          for (const b of numbers) if (a.index !== b.index) expect(a.key).not.toBe(b.key);
      }),
      { numRuns: 1500 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  it('refuses every file with a pair of codes that the WMS may take for one', () => {
    fc.assert(
      fc.property(
        fc.array(anyCode, { maxLength: 4 }),
        anyCode,
        fc.integer({ min: 0, max: 4 }),
        (codes, code, at) => {
          const twin = fc.sample(fc.constantFrom(code, code.toLowerCase(), `${code} `), {
            numRuns: 1,
            seed: at,
          })[0];
          expect(faultsOf({ channels: [...codes, code, twin].map((each) => entry(each)) })).not.toEqual([]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('names both entries that share a code', () => {
    expect(faultsOf({ channels: [entry('SE'), entry('EU'), entry('SE')] })).toEqual([
      "channels.2.code: is 'SE' like channels[0].code: order 1 of both would be 1-SE in the WMS. Give one of them another code",
    ]);
  });

  it('refuses several article masters and names them', () => {
    const channels = ['SE', 'EU', 'ERP'].map((code) => entry(code, { articleMaster: code !== 'EU' }));
    expect(faultsOf({ channels })).toEqual([
      'channels: has 2 article masters (SE, ERP): one system alone may write article data. Leave articleMaster true at one of them',
    ]);
  });

  it('refuses two owners of one aspect of articles, and aspects that there are not', () => {
    const faults = faultsOf({
      channels: [
        entry('ERP', { articleMaster: true }),
        entry('PIM', { articleAspects: ['measures', 'customs'] }),
        entry('SE', { articleAspects: ['measures'] }),
        entry('EU', { articleAspects: ['colours'] }),
      ],
    });
    expect(faults).toEqual([
      'channels.3.articleAspects.0: must be an aspect of articles: names, barcodes, measures, customs, parts, prices',
      'channels.2.articleAspects: names measures like PIM: one system alone may own an aspect of articles. Leave it at one of them',
    ]);
  });

  it('tells all faults at once, those of single entries and those of the whole list', () => {
    const faults = faultsOf({
      channels: [
        entry('SE', { articleMaster: true, margin: '-1' }),
        entry('SE', { articleMaster: true, mode: 'lend', startAt: '2026-12-01' }),
        { ...entry('s-e'), shortPolicy: 'lend', weight: 0, colour: 'red' },
        null,
      ],
    });
    expect(faults).toEqual([
      'channels.0.margin: must not be negative',
      'channels.1.mode: must be shared, lease or claim',
      'channels.1.startAt: must be a time with its offset, such as 2026-12-01T00:00:00Z; orders placed in the shop before it are never imported',
      'channels.2.code: must be 1 to 10 capital letters or digits, such as SE',
      'channels.2.shortPolicy: must be hold, backorder, partial or reject',
      expect.stringContaining('channels.2.weight: '),
      expect.stringContaining('channels.2: Unrecognized key: "colour"'),
      expect.stringContaining('channels.3: '),
      expect.stringContaining("channels.1.code: is 'SE' like channels[0].code"),
      expect.stringContaining('channels: has 2 article masters (SE, SE)'),
    ]);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['no list of channels', { channels: 'SE' }],
    ['an empty list', { channels: [] }],
    ['a misspelt member', { channels: [entry('SE')], chanels: [] }],
  ])('refuses %s', (_name, file) => {
    expect(faultsOf(file)).not.toEqual([]);
  });
});

/** A shop number that ends like the number of another channel, such as 5178-EU, cut to what fits. */
function tail(shop: string, code: string): string {
  return `${[...shop].slice(0, 10).join('').trim() || '1'}-${code}`;
}

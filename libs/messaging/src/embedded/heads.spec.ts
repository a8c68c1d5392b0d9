import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { headersOf, headsOf } from './heads.ts';

const id = '0198c5c5-1111-7abc-9999-a1b2c3d4e5f6';
const key = '1-SE';
const headers = {
  ce_specversion: '1.0',
  ce_id: id,
  ce_type: 'order.placed',
  ce_source: 'samlast/channel-se',
  ce_time: '2026-11-26T12:00:00.000Z',
  ce_subject: key,
  'content-type': 'application/json',
  traceparent: '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01',
};
const withChannel = { ...headers, samlast_channel: 'SE' };

it.each([{ told: headers }, { told: withChannel }])(
  'keeps the usual headers as five short lines: $told',
  ({ told }) => {
    const heads = headsOf({ id, key, headers: told });
    expect(heads).not.toContain('{');
    expect(heads.length).toBeLessThan(140);
    expect(headersOf(heads, id, key)).toEqual(told);
  },
);

it('gives back whatever headers there were', () => {
  const odd = fc.oneof(fc.string(), fc.constantFrom('', '{', 'a\nb', '\x1f', '{}', '1.0', id, key));
  const others = fc.dictionary(fc.constantFrom(...Object.keys(withChannel), 'samlast_dead_code', 'x'), odd);
  const missing = fc.subarray(Object.keys(withChannel));
  const seed = Date.now() % 2_147_483_647;
  process.stderr.write(`heads.spec: seed ${seed}\n`);
  fc.assert(
    fc.property(others, missing, (changed, without) => {
      const all: Record<string, string> = { ...withChannel, ...changed };
      for (const name of without) delete all[name];
      const heads = headsOf({ id, key, headers: all });
      expect(heads).not.toContain('\x1f');
      expect(headersOf(heads, id, key)).toEqual(all);
    }),
    { seed, numRuns: 2_000 },
  );
});

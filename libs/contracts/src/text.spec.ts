import { describe, expect, it } from '@jest/globals';
import { fitText, storable, text } from './text.ts';

const CAKE = '\u{1f382}';

describe('a text of somebody else', () => {
  it.each([
    ['is as it was where it fits', `ab${CAKE}`, `ab${CAKE}`],
    ['is cut at its end', 'abcdef', 'abcd'],
    ['never ends with half of a pair', `abc${CAKE}`, 'abc'],
    ['loses a NUL and halves of pairs, which take no room', `a\u0000\ud83db\udf82cde`, 'abcd'],
    ['keeps nothing of what is no text at all', '\u0000\ud83d', ''],
  ])('%s', (_what, given, fitting) => {
    expect(fitText(given, 4)).toBe(fitting);
    expect(text(4).safeParse(fitting).success).toBe(true);
  });

  it('makes no pair of two halves that something stood between', () => {
    expect(storable('\ud83c\u0000\udf82')).toBe('');
  });
});

import * as fc from 'fast-check';
import { NUMBER_LENGTH_MAX, ShopNumber } from '../numbers.ts';

/** Codes close to each other are the likeliest to clash, so few letters and short codes come often. */
export const channelCode = fc.oneof(
  fc.constantFrom('SE', 'EU', 'E', 'S', '1', 'ERP'),
  fc.stringMatching(/^[A-Z0-9]{1,10}$/),
);

const unit = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...'0123456789', '-', 'S', 'E', 's', 'e', '#', '/', ' ', '.') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('ß', 'İ', 'ſ', 'K', 'ﬁ', '５', 'א', 'ش', 'é', 'e\u0301', '🧶', '👩‍🚒', '\u00a0'),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
);

/** Any number that a shop may give: digits and hyphens mostly, and every script, emoji and blank that is allowed. */
export const shopNumber = fc
  .string({ unit, minLength: 1, maxLength: NUMBER_LENGTH_MAX - 2 })
  .filter((text) => ShopNumber.safeParse(text).success);

/** A shop's number that is short enough for its channel. */
export const shopNumberFor = (channel: string): fc.Arbitrary<string> =>
  shopNumber.filter((text) => text.length + 1 + channel.length <= NUMBER_LENGTH_MAX);

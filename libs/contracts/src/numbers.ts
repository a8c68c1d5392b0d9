import { z } from 'zod';

/** Ongoing takes at most this many characters for an order, purchase order or return number. */
export const NUMBER_LENGTH_MAX = 50;

/** A channel's code. Without a hyphen in it, two channels can never make one number. */
export const ChannelCode = z
  .string()
  .regex(/^[A-Z0-9]{1,10}$/, 'must be 1 to 10 capital letters or digits, such as SE')
  .describe('Channel code');

// What nobody can see in a number: control characters, soft hyphens, marks of width and direction, line separators,
// halves of surrogate pairs (which UTF-8 would make one and the same). Two numbers that look alike must be alike.
// Written as ranges, because \p{…} means more characters in every new version of Unicode, and other languages' JSON
// Schema tools do not know it.
const invisible =
  '\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\ud800-\\udfff';
const shopNumberPattern = `[^\\s${invisible}]([^${invisible}]*[^\\s${invisible}])?`;

/** A number as the WMS knows it: the shop's own number, a hyphen, the channel's code. */
export const WmsNumber = z
  .string()
  .max(NUMBER_LENGTH_MAX)
  .regex(
    new RegExp(`^${shopNumberPattern}-[A-Z0-9]{1,10}$`, 'u'),
    'must read <shop number>-<channel code>, such as 5178-SE',
  )
  .describe('Number in the WMS, such as 5178-SE');

/** A shop's own number: no blanks around it, nothing invisible in it, and short enough to carry a channel's code. */
export const ShopNumber = z
  .string()
  .min(1, 'must not be empty')
  .max(NUMBER_LENGTH_MAX - 2, `must have at most ${NUMBER_LENGTH_MAX - 2} characters`)
  .regex(
    new RegExp(`^${shopNumberPattern}$`, 'u'),
    'must have no blanks around it and no control or invisible characters',
  )
  .describe("The shop's own number, such as 5178");

/** Why a shop's number cannot become a number in the WMS. */
export class NumberRefused extends Error {
  override readonly name = 'NumberRefused';
}

/** `5178` of channel `SE` is `5178-SE` in the WMS. Throws NumberRefused with the reason where that cannot be. */
export function toWmsNumber(shopNumber: string, channel: string): string {
  const parsed = ShopNumber.safeParse(shopNumber);
  if (!parsed.success)
    throw new NumberRefused(
      `${JSON.stringify(shopNumber)} cannot be a number: ${parsed.error.issues[0]?.message}`,
    );
  ChannelCode.parse(channel);
  const number = `${shopNumber}-${channel}`;
  if (number.length > NUMBER_LENGTH_MAX) {
    throw new NumberRefused(
      `'${shopNumber}' is too long: with -${channel} it has ${number.length} characters, Ongoing takes ${NUMBER_LENGTH_MAX}`,
    );
  }
  return number;
}

/** `5178-SE` is `5178` of channel `SE`; undefined for a number that no channel can have made. */
export function fromWmsNumber(number: string): { shopNumber: string; channel: string } | undefined {
  if (!WmsNumber.safeParse(number).success) return undefined;
  const at = number.lastIndexOf('-');
  const shopNumber = number.slice(0, at);
  if (!ShopNumber.safeParse(shopNumber).success) return undefined;
  return { shopNumber, channel: number.slice(at + 1) };
}

/**
 * Whether an order's number is the one that its channel makes of the shop's own number; another one would be a
 * stranger's.
 */
export function numberFits(order: { number: string; shopNumber: string; channel: string }): boolean {
  return order.number === `${order.shopNumber}-${order.channel}`;
}
export const numberMisfit = "must be the shop's own number, a hyphen and the channel's code";

/**
 * What two numbers have in common when Ongoing may take one for the other: its database may compare without case,
 * outer blanks and width of characters (ongoing-api reference, section 13, point 6: unknown). Registries are unique
 * on this, never on the number itself. Two channels never share one: the code is behind the last hyphen, in letters
 * that stay apart.
 */
export function sameNumberKey(number: string): string {
  return number.normalize('NFKC').trim().toLowerCase();
}

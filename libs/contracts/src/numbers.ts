import { z } from 'zod';

/** Ongoing takes at most this many characters for an order, purchase order or return number. */
export const NUMBER_LENGTH_MAX = 50;

/** A channel's code. Without a hyphen in it, two channels can never make one number. */
export const ChannelCode = z
  .string()
  .regex(/^[A-Z0-9]{1,10}$/, 'must be 1 to 10 capital letters or digits, such as SE')
  .describe('Channel code');

/** A number as the WMS knows it: the shop's own number, a hyphen, the channel's code. */
export const WmsNumber = z
  .string()
  .max(NUMBER_LENGTH_MAX)
  .regex(/^\S(.*\S)?-[A-Z0-9]{1,10}$/u, 'must read <shop number>-<channel code>, such as 5178-SE')
  .describe('Number in the WMS, such as 5178-SE');

/** A shop's own number: no blanks around it, no control characters, and short enough to carry a channel's code. */
export const ShopNumber = z
  .string()
  .min(1)
  .max(NUMBER_LENGTH_MAX - 2)
  // oxlint-disable-next-line no-control-regex -- control characters are what must be refused here
  .regex(
    /^[^\s\u0000-\u001f\u007f]([^\u0000-\u001f\u007f]*[^\s\u0000-\u001f\u007f])?$/u,
    'must have no blanks around it and no control characters',
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
    throw new NumberRefused(`'${shopNumber}' cannot be a number: ${parsed.error.issues[0]?.message}`);
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
 * What two numbers have in common when Ongoing may take one for the other: its database may compare without case and
 * outer blanks (ongoing-api reference, section 13, point 6: unknown). Registries are unique on this, never on the number itself.
 */
export function sameNumberKey(number: string): string {
  return number.trim().toLowerCase();
}

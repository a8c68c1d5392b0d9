import { z } from 'zod';

const unstorable = '\\u0000\\ud800-\\udfff';

/**
 * Text for people, of at most `length` characters. NUL and half surrogate pairs are refused where they come in, with
 * the name of the field, because Postgres can store neither: they would fail much later and look like an outage.
 */
export function text(length: number): z.ZodString {
  return z
    .string()
    .max(length)
    .regex(
      new RegExp(`^[^${unstorable}]*$`, 'u'),
      'must hold no NUL character and no half of a surrogate pair: leave them out',
    );
}

const leftOut = new RegExp(`[${unstorable}]`, 'gu');

/** A text of somebody else's without what `text` refuses, so that what is left of it can be stored and told. */
export function storable(text: string): string {
  return text.replace(leftOut, '');
}

/**
 * As much of somebody else's text as a `text` of so many characters takes. Never cut it with slice(): where a pair
 * stands across the end, half of it is left, and the whole message is refused.
 */
export function fitText(text: string, most: number): string {
  const whole = storable(text);
  return storable(whole.slice(0, most));
}

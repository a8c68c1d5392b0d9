import { z } from 'zod';

const storable = '^[^\\u0000\\ud800-\\udfff]*$';

/**
 * Text for people, of at most `length` characters. NUL and half surrogate pairs are refused where they come in, with
 * the name of the field, because Postgres can store neither: they would fail much later and look like an outage.
 */
export function text(length: number): z.ZodString {
  return z
    .string()
    .max(length)
    .regex(
      new RegExp(storable, 'u'),
      'must hold no NUL character and no half of a surrogate pair: leave them out',
    );
}

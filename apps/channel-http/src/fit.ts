import { ShopUnavailable } from '@samlast/channel-kit';
import type { z } from 'zod';

/** An answer of the wrong shape may be a proxy's or a half-started shop's, so it is asked for again. */
export function fit<Schema extends z.ZodType>(schema: Schema, body: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')} ${issue.message}`);
  throw new ShopUnavailable(
    `The shop's answer to ${what} does not fit: ${faults.join('; ')}. ` +
      'Is SHOP_URL its address, and does it answer as the README of channel-http says?',
  );
}

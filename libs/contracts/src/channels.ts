import { z } from 'zod';
import { ChannelCode } from './numbers.ts';
import { CodeAndName, Timestamp } from './order.ts';
import { Quantity } from './quantity.ts';

const Channel = z.strictObject({
  code: ChannelCode,
  /** The kind of shop, which is the image that runs it: http, medusa, … */
  kind: z.string().regex(/^[a-z][a-z0-9-]{0,29}$/, 'must be a kind of channel in lower case, such as medusa'),
  name: z.string().max(100).optional(),
  /** Stamped on every order of the channel, such as B2C or B2B. */
  orderType: CodeAndName,
  /** The one system whose article data reaches the WMS. */
  articleMaster: z.boolean().default(false),
  /** shared: all free pieces less the margin. claim and lease are not built yet, so they are refused here. */
  mode: z.enum(['shared']).default('shared'),
  /** Pieces held back from this channel's shop. */
  margin: Quantity.refine((value) => !value.startsWith('-'), 'must not be negative').default('0'),
  /** What happens to an order that cannot be covered. */
  shortPolicy: z.enum(['hold', 'reject']).default('hold'),
  /** Share in a division of scarce pieces. */
  weight: z.int().min(1).max(1000).default(1),
  /** Orders placed in the shop before this time are never imported, whatever happens to them later. */
  startAt: Timestamp,
});
export type Channel = z.infer<typeof Channel>;

/** The one list of channels. Every service reads it at start and refuses a faulty one with all its faults. */
export const Channels = z
  .strictObject({ $schema: z.string().optional(), channels: z.array(Channel).min(1).max(200) })
  .check((context) => {
    const { channels } = context.value;
    const seen = new Map<string, number>();
    for (const [index, { code }] of channels.entries()) {
      const first = seen.get(code);
      if (first !== undefined) {
        context.issues.push({
          code: 'custom',
          input: code,
          path: ['channels', index, 'code'],
          message: `is '${code}' like channels[${first}].code: order 1 of both would be 1-${code} in the WMS. Give one of them another code`,
        });
      } else seen.set(code, index);
    }
    const masters = channels.filter((channel) => channel.articleMaster).map((channel) => channel.code);
    if (masters.length > 1) {
      context.issues.push({
        code: 'custom',
        input: masters,
        path: ['channels'],
        message: `has ${masters.length} article masters (${masters.join(', ')}): one system alone may write article data. Leave articleMaster true at one of them`,
      });
    }
  });
export type Channels = z.infer<typeof Channels>;

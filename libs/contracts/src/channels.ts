import { z } from 'zod';
import { ArticleAspect } from './article-aspects.ts';
import { ChannelCode } from './numbers.ts';
import { CodeAndName, Timestamp } from './order.ts';
import { NonNegativeQuantity } from './quantity.ts';
import { text } from './text.ts';

const startAtWords =
  'must be a time with its offset, such as 2026-12-01T00:00:00Z; orders placed in the shop before it are never imported';

const Channel = z.strictObject({
  code: ChannelCode,
  /** The kind of shop, which is the image that runs it: http, medusa, … */
  kind: z.string().regex(/^[a-z][a-z0-9-]{0,29}$/, 'must be a kind of channel in lower case, such as medusa'),
  name: text(100).optional(),
  /** Stamped on every order of the channel, such as B2C or B2B. */
  orderType: z.object(CodeAndName.shape, 'must be an order type of the WMS, such as { "code": "B2C" }'),
  /** The system whose article data reaches the WMS, but for aspects that another channel names. */
  articleMaster: z.boolean().default(false),
  /** Aspects of articles that this channel owns instead of the article master, such as ["measures"]. */
  articleAspects: z
    .array(
      z.enum(ArticleAspect.options, `must be an aspect of articles: ${ArticleAspect.options.join(', ')}`),
    )
    .min(1, 'must name an aspect, or be left out')
    .optional(),
  /**
   * How the shop may sell. shared: it shows all free pieces less the margin, and a second buyer may be told yes too
   * often. lease: it shows only pieces that are its own as soon as they are scarce, so it need not ask. claim: it asks
   * before it takes the money, and shows what a claim could get.
   */
  mode: z.enum(['shared', 'lease', 'claim'], 'must be shared, lease or claim').default('shared'),
  /** Pieces held back from this channel's shop. */
  margin: NonNegativeQuantity.default('0'),
  /**
   * What happens to an order that cannot be covered. hold: a person decides. backorder: it waits in its turn for what
   * arrives. partial: what there is goes out, the rest is dropped. reject: the channel cancels it in its shop.
   */
  shortPolicy: z
    .enum(['hold', 'backorder', 'partial', 'reject'], 'must be hold, backorder, partial or reject')
    .default('hold'),
  /** For backorder: of one article at most so many pieces may be waited for; beyond that a person decides. */
  backorderMost: NonNegativeQuantity.default('100'),
  /**
   * For backorder: expected takes an order only as far as purchase orders announce pieces that nobody waits for yet,
   * and tells the day; anything takes it up to backorderMost, though nothing may be announced.
   */
  backorderAgainst: z.enum(['expected', 'anything'], 'must be expected or anything').default('expected'),
  /**
   * For lease: an article is divided among its channels while fewer pieces are left than this for each of them, and
   * shown to all in full above it. It must be more than one shop can sell until a new number of its is confirmed.
   */
  scarceBelow: NonNegativeQuantity.default('10'),
  /** Open claims of this channel at most, and of one buyer. */
  claimsMost: z.int().min(1).max(1_000_000).default(10_000),
  claimsPerBuyer: z.int().min(1).max(1_000).default(5),
  /** With fewer pieces than channels, and where a division leaves a rest, the higher one gets them first. */
  priority: z.int().min(0).max(1000).default(0),
  /** Share in a division of scarce pieces. */
  weight: z.int().min(1).max(1000).default(1),
  /** Orders placed in the shop before this time are never imported, whatever happens to them later. */
  startAt: z.iso.datetime({ offset: true, error: startAtWords }).describe(Timestamp.description ?? ''),
});
export type Channel = z.infer<typeof Channel>;

const entries = z
  .array(Channel)
  .min(1, 'must name at least one channel')
  .max(200)
  .superRefine((channels, context) => refuseSameCodes(channels, context), { when: isList })
  .superRefine((channels, context) => refuseSeveralMasters(channels, context), { when: isList })
  .superRefine((channels, context) => refuseSharedAspects(channels, context), { when: isList });

/** The one list of channels. Every service reads it at start and refuses a faulty one with all its faults. */
export const Channels = z.strictObject({ $schema: z.string().optional(), channels: entries });
export type Channels = z.infer<typeof Channels>;

// Zod leaves out what concerns the whole list once one entry is faulty. A person who corrects the file should see all
// of it at once, so these look at whatever is there: entries may still be anything.
function isList({ value }: { value: unknown }): boolean {
  return Array.isArray(value);
}

/**
 * Codes have no hyphen, so the WMS number of an order ends in its code: two channels clash if and only if they share
 * one.
 */
function refuseSameCodes(channels: readonly unknown[], context: z.RefinementCtx): void {
  const seen = new Map<string, number>();
  for (const [index, entry] of channels.entries()) {
    const code = member(entry, 'code');
    if (typeof code !== 'string') continue;
    const first = seen.get(code);
    if (first === undefined) seen.set(code, index);
    else {
      context.addIssue({
        code: 'custom',
        path: [index, 'code'],
        message: `is '${code}' like channels[${first}].code: order 1 of both would be 1-${code} in the WMS. Give one of them another code`,
      });
    }
  }
}

function refuseSeveralMasters(channels: readonly unknown[], context: z.RefinementCtx): void {
  const masters = channels.flatMap((entry, index) =>
    member(entry, 'articleMaster') === true ? [String(member(entry, 'code') ?? `channels[${index}]`)] : [],
  );
  if (masters.length < 2) return;
  context.addIssue({
    code: 'custom',
    message: `has ${masters.length} article masters (${masters.join(', ')}): one system alone may write article data. Leave articleMaster true at one of them`,
  });
}

function refuseSharedAspects(channels: readonly unknown[], context: z.RefinementCtx): void {
  const owners = new Map<unknown, string>();
  for (const [index, entry] of channels.entries()) {
    const aspects = member(entry, 'articleAspects');
    const code = String(member(entry, 'code') ?? `channels[${index}]`);
    for (const aspect of Array.isArray(aspects) ? new Set<unknown>(aspects) : []) {
      const owner = owners.get(aspect);
      owners.set(aspect, owner ?? code);
      if (owner === undefined) continue;
      context.addIssue({
        code: 'custom',
        path: [index, 'articleAspects'],
        message: `names ${String(aspect)} like ${owner}: one system alone may own an aspect of articles. Leave it at one of them`,
      });
    }
  }
}

function member(entry: unknown, name: string): unknown {
  return (entry as Record<string, unknown> | null | undefined)?.[name];
}

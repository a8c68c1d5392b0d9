import { type BaseConfig, ConfigurationError, defineConfig, type Log } from '@samlast/service';
import { z } from 'zod';
import type { Shop } from './shop.ts';

const channelShape = {
  /** Which channel of channels.json this process is. */
  CHANNEL_CODE: z.string().min(1),
  AUTHORITY_URL: z.url(),
  AUTHORITY_TOKEN: z.string().min(16).optional(),
  /** What the shop proves itself with when it claims pieces; without it claims are refused. */
  CLAIMS_TOKEN: z.string().min(16).optional(),
  /** How long a claim may take, before the shop is told that nobody knows. */
  CLAIM_WITHIN_MS: z.coerce.number().int().min(50).max(30_000).default(2_000),
  /** Pause between two reads of the shop's changed orders. A webhook reads at once. */
  POLL_MS: z.coerce.number().int().min(50).max(3_600_000).default(2_000),
  /** How far back the feed is read again every OVERLAP_MS / 5, for what a shop showed late. */
  OVERLAP_MS: z.coerce.number().int().min(1_000).max(86_400_000).default(300_000),
  ARTICLES_POLL_MS: z.coerce.number().int().min(100).max(86_400_000).default(60_000),
};

/** A channel's own variables beside those of every service and of every channel. */
export function defineChannelConfig<Shape extends z.ZodRawShape>(shape: Shape) {
  return defineConfig({ ...channelShape, ...shape });
}

export type ChannelConfig = BaseConfig & z.output<z.ZodObject<typeof channelShape>>;

/** One kind of shop: what is different from kind to kind, and nothing else. */
export interface ChannelDefinition<Config extends ChannelConfig = ChannelConfig> {
  /** `kind` in channels.json, such as medusa. */
  readonly kind: string;
  /** From `defineChannelConfig`. */
  readonly config: z.ZodType<Config>;
  /**
   * Tells one shop from another for good, such as its address or its own id: two shops can never run under one channel
   * code. Not a secret; no credentials in it.
   */
  readonly identity: (config: Config) => string | Promise<string>;
  /** Makes the adapter; must not call the shop yet. */
  readonly shop: (config: Config, tools: ShopTools) => Shop;
}

export interface ShopTools {
  readonly log: Log;
}

/** Keeps the configuration's type while a channel is defined. */
export function defineChannel<Config extends ChannelConfig>(
  definition: ChannelDefinition<Config>,
): ChannelDefinition<Config> {
  return definition;
}

/** What `identity` throws where variables name what the shop does not have; starting again would not help. */
export const wrongSettings = (kind: string, faults: string[]): Error =>
  new ConfigurationError(`channel-${kind}`, faults);

/** With a wrong location no level would ever be written, as if the shop had none of the articles. */
export function requireLocation(
  kind: string,
  variable: string,
  wanted: string,
  locations: readonly { readonly id: string; readonly name: string }[],
): void {
  if (locations.some(({ id }) => id === wanted)) return;
  const there = locations.map(({ id, name }) => `${id} (${name})`).join(', ');
  throw wrongSettings(kind, [
    `${variable} ${wanted} is no stock location of this shop, which has ${there || 'none'}`,
  ]);
}

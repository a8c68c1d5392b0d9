import type { ShelfAccess } from '../shop-shelf.ts';
import type { Safety } from '../safety.ts';
import { defineChannel, defineChannelConfig } from '../channel.ts';
import { channelContract } from './channel-contract.ts';
import { FakeShop } from './fake-shop.ts';

type Parts = NonNullable<Parameters<typeof channelContract>[3]>;

/** The kit itself, on one way in which a shop's stock can be written, with a feed that shows changes late. */
export function fakeChannelContract(
  method: Exclude<ShelfAccess['method'], 'none'>,
  parts: Parts = ['shelves', 'changes', 'changed-shelves', 'leases', 'grade'],
  {
    name = method as string,
    sellsBlindly = false,
    safety = ['claim-safe', 'lease-safe'] as readonly Safety[],
  } = {},
): void {
  const shop = new FakeShop({ method, feedLagMs: 300, sellsBlindly, safety });
  const definition = defineChannel({
    kind: 'fake',
    config: defineChannelConfig({}),
    identity: () => `fake-${method}`,
    shop: () => shop,
  });
  channelContract(`fake, ${name}`, definition, async () => shop, parts);
}

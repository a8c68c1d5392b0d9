import type { ShelfAccess } from '../shop.ts';
import { defineChannel, defineChannelConfig } from '../channel.ts';
import { channelContract } from './channel-contract.ts';
import { FakeShop } from './fake-shop.ts';

/** The kit itself, on one way in which a shop's stock can be written, with a feed that shows changes late. */
export function fakeChannelContract(
  method: Exclude<ShelfAccess['method'], 'none'>,
  rest: readonly ('orders' | 'parcels' | 'webhooks')[] = [],
): void {
  const shop = new FakeShop({ method, feedLagMs: 300 });
  const definition = defineChannel({
    kind: 'fake',
    config: defineChannelConfig({}),
    identity: () => `fake-${method}`,
    shop: () => shop,
  });
  channelContract(`fake, ${method}`, definition, async () => shop, ['shelves', 'leases', ...rest]);
}

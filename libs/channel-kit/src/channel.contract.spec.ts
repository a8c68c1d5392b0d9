import { defineChannel, defineChannelConfig } from './channel.ts';
import { channelContract } from './testing/channel-contract.ts';
import { FakeShop } from './testing/fake-shop.ts';

const methods = ['compare-and-set', 'stocked', 'relative', 'absolute'] as const;

// The kit itself, on every way in which a shop's stock can be written, with a feed that shows changes late.
for (const method of methods) {
  const shop = new FakeShop({ method, feedLagMs: 300 });
  const definition = defineChannel({
    kind: 'fake',
    config: defineChannelConfig({}),
    identity: () => `fake-${method}`,
    shop: () => shop,
  });
  // Orders and parcels do not depend on how stock is written.
  const parts = method === 'compare-and-set' ? undefined : (['shelves'] as const);
  channelContract(`fake, ${method}`, definition, async () => shop, parts);
}

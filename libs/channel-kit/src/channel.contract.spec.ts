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
  // The rest does not depend on how stock is written.
  const rest = method === 'compare-and-set' ? (['orders', 'parcels', 'webhooks'] as const) : [];
  channelContract(`fake, ${method}`, definition, async () => shop, ['shelves', 'leases', ...rest]);
}

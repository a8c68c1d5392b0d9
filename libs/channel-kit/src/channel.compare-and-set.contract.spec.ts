import { fakeChannelContract } from './testing/fake-channel.ts';

// Orders, parcels and webhooks do not depend on how stock is written, so they are tried with one of the ways.
fakeChannelContract('compare-and-set', ['orders', 'parcels', 'webhooks']);

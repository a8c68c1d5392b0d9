import { fakeChannelContract } from './testing/fake-channel.ts';

// Orders, parcels and webhooks do not depend on how stock is written, so they are tried with one of the ways.
fakeChannelContract('compare-and-set', [
  'shelves',
  'changes',
  'changed-shelves',
  'orders',
  'parcels',
  'returns',
  'webhooks',
  'leases',
  'grade',
]);

// A shop that looks at its number too early: what it promises without asking is worth nothing.
fakeChannelContract('compare-and-set', ['grade'], {
  name: 'blind',
  sellsBlindly: true,
  safety: ['claim-safe'],
});

import { fakeChannelContract } from './testing/fake-channel.ts';

fakeChannelContract('absolute');

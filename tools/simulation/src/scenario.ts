import { type Channel, Channels, type ShelfMethod } from '@samlast/contracts';
import type { Extras } from './extras.ts';
import { type KitPlan, kitsOf } from './kits.ts';
import { Random } from './random.ts';
import type { Pieces } from './pieces.ts';

export interface ChannelPlan {
  readonly channel: Channel;
  readonly method: ShelfMethod;
  /** The shop puts pieces of a cancelled order back on its own number. */
  readonly restocks: boolean;
  /** How long its feed may hide a change, in ticks. */
  readonly feedLag: number;
  /** Its buyers stand at the payment for a while, and nobody takes from them what they are about to pay for. */
  readonly pays: boolean;
  /** Its service is there only later, and nobody knows until then how its shop is written. */
  readonly isLate: boolean;
}

/** What one seed's world is like. Worlds differ, because a fault that is rare in one mix is common in another. */
export interface Scenario {
  readonly articles: readonly string[];
  readonly kits: KitPlan;
  readonly stock: readonly number[];
  readonly channels: readonly ChannelPlan[];
  /** Weights of what may happen next. */
  readonly weights: Readonly<Record<Process, number>>;
  /** What the promises except: goods vanish, orders are typed in by hand, people edit, release and put back. */
  readonly losses: boolean;
  readonly edits: boolean;
  readonly byHand: boolean;
  readonly cancels: boolean;
  readonly crashes: boolean;
  readonly silence: boolean;
  readonly extras: Extras;
}

export const PROCESSES = [
  'buyer', 'canceller', 'claimBuyer', 'claimExpiry', 'receipt', 'picker', 'mishap', 'person', 'silence',
  'authority', 'gatewayMail', 'gatewayWrite', 'stockRead', 'follow', 'channelMail', 'feed', 'shelf', 'jobs', 'crash',
] as const; // prettier-ignore
export type Process = (typeof PROCESSES)[number] | 'staff' | 'rules' | 'payment' | 'register';

const BASE: Record<(typeof PROCESSES)[number], number> = {
  buyer: 8, canceller: 1, claimBuyer: 8, claimExpiry: 3, receipt: 1, picker: 2, mishap: 1, person: 1, silence: 1,
  authority: 40, gatewayMail: 20, gatewayWrite: 40, stockRead: 30, follow: 4, channelMail: 60, feed: 25, shelf: 90,
  jobs: 10, crash: 1,
}; // prettier-ignore

const METHODS: readonly ShelfMethod[] = ['compare-and-set', 'stocked', 'relative', 'absolute'];
const CODES = ['SE', 'EU', 'ERP', 'NO'];

export function scenarioOf(seed: number, extras: Extras): Scenario {
  const random = new Random(seed ^ 0x5eed);
  const strict = random.oneIn(2);
  const count = random.between(3, 4);
  const kind = random.below(4);
  const channels = CODES.slice(0, count).map((code, index): ChannelPlan => {
    const mode = modeOf(kind, index, random);
    const none = mode === 'shared' ? random.oneIn(4) : random.oneIn(16);
    const method = none ? 'none' : random.pick(METHODS);
    const { shortPolicy, ...channel } = channelOf(code, mode, random);
    return {
      channel: {
        ...channel,
        shortPolicy: extras.policies[index] ?? shortPolicy,
        backorderMost: '3',
        backorderAgainst: 'anything',
      },
      method,
      restocks: method === 'stocked' || !random.oneIn(3),
      feedLag: random.pick([0, 0, 15, 60]),
      pays: extras.payments && mode !== 'claim' && (method === 'compare-and-set' || method === 'stocked'),
      isLate: extras.lateChannels && mode === 'lease' && new Random(seed ^ (0x1a7 + index)).oneIn(2),
    };
  });
  const articles = ['A', 'B', 'C'].slice(0, random.between(1, 3));
  const scarce = random.oneIn(3) ? 4 : 14;
  const faulty = !random.oneIn(6);
  const weights = Object.fromEntries([
    ...PROCESSES.map((name) => [name, BASE[name] * random.pick([0.3, 1, 1, 1, 3])]),
    ['staff', extras.staff ? 1 : 0],
    ['rules', extras.rules ? 0.5 : 0],
    ['payment', extras.payments ? 3 : 0],
    ['register', extras.lateChannels ? 4 : 0],
  ]) as Record<Process, number>;
  const scenario = {
    articles,
    kits: extras.kits ? kitsOf(new Random(seed ^ 0x517), articles) : new Map(),
    stock: articles.map(() => random.below(scarce * 2)),
    channels,
    weights,
    losses: !strict && random.oneIn(2),
    edits: !strict && random.oneIn(3),
    byHand: !strict && random.oneIn(2),
    cancels: !strict || random.oneIn(2),
    crashes: faulty,
    silence: random.oneIn(3),
    extras,
  };
  return extras.switching ? switching(scenario) : scenario;
}

/** Divided with fewer than two pieces for each that leases, shared with twice as many. */
function switching(scenario: Scenario): Scenario {
  const { weights } = scenario;
  const articles = scenario.articles.slice(0, 1);
  const parts = (plan: Pieces) => new Map([...plan].map(([, each]) => [articles[0] ?? '', each]));
  return {
    ...scenario,
    articles,
    kits: new Map([...scenario.kits].map(([kit, plan]) => [kit, parts(plan)])),
    stock: [scenario.channels.length],
    channels: scenario.channels.map((plan) => ({ ...plan, channel: { ...plan.channel, scarceBelow: '1' } })),
    weights: { ...weights, receipt: 4, mishap: weights.mishap * 2, feed: 4, claimBuyer: 20 },
  };
}

/** Only shared shops in some worlds, only leases in others, mixed ones in most. */
function modeOf(kind: number, index: number, random: Random): Channel['mode'] {
  if (kind === 0) return random.oneIn(2) ? 'shared' : 'claim';
  if (kind === 1) return 'lease';
  return random.pick(['lease', 'lease', 'shared', 'claim']);
}

export function channelOf(code: string, mode: Channel['mode'], random: Random): Channel {
  const [channel] = Channels.parse({
    channels: [
      {
        code,
        kind: 'http',
        orderType: { code: 'B2C' },
        startAt: '2026-01-01T00:00:00Z',
        mode,
        margin: random.oneIn(5) ? '1' : '0',
        shortPolicy: random.oneIn(3) ? 'reject' : 'hold',
        scarceBelow: String(random.pick([2, 4, 30])),
        priority: random.oneIn(4) ? 5 : 0,
        weight: random.pick([1, 1, 3]),
        claimsMost: random.oneIn(4) ? 2 : 1000,
        claimsPerBuyer: random.pick([1, 5]),
      },
    ],
  }).channels;
  if (!channel) throw new Error('no channel');
  return channel;
}

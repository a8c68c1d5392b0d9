import type { ClaimCommand, ClaimOutcome } from '@samlast/stock-authority/decisions';
import type { Channel } from './channel.ts';
import type { Pieces } from './pieces.ts';
import type { World } from './world.ts';

/** One buyer's way through a checkout that claims before it takes the money. */
interface Checkout {
  readonly key: string;
  readonly buyer: string;
  readonly channel: Channel;
  readonly pieces: Pieces;
  stage: 'asking' | 'open' | 'confirming' | 'confirmed' | 'gone';
  /** No order of it can come any more from then on. */
  endedAt?: number;
  paid: boolean;
}

const milli = (pieces: Pieces) =>
  new Map([...pieces].map(([article, count]) => [article, BigInt(count) * 1000n]));

/** Buyers of shops that claim, and the channels that give back what never became an order. */
export class Buyers {
  private checkouts: Checkout[] = [];
  private made = 0;

  constructor(private readonly world: World) {}

  get idle(): boolean {
    return this.checkouts.length === 0;
  }

  step(): boolean {
    const { random, now } = this.world;
    const { calm } = this.world;
    if (!calm && (this.checkouts.length === 0 || random.oneIn(3))) return this.arrive();
    if (this.checkouts.length === 0) return false;
    const checkout = random.pick(this.checkouts);
    if (checkout.stage === 'gone') return this.sweep(checkout);
    if (calm || random.oneIn(12)) return this.leave(checkout, now);
    return this.goOn(checkout);
  }

  private arrive(): boolean {
    const { random, channels, scenario } = this.world;
    const claimants = channels.filter((channel) => channel.plan.channel.mode === 'claim');
    if (claimants.length === 0) return false;
    const channel = random.pick(claimants);
    const pieces = this.world.basket();
    // What a shop shows as sold out nobody puts into a basket.
    if ([...pieces].some(([article, count]) => channel.shop.offered(article) < count) && !random.oneIn(4))
      return false;
    void scenario;
    const key = `c${++this.made}`;
    this.checkouts.push({ key, buyer: `b${random.below(6)}`, channel, pieces, stage: 'asking', paid: false });
    return true;
  }

  private goOn(checkout: Checkout): boolean {
    const { world } = this;
    const { random } = world;
    const { channel, key } = checkout;
    const ref = { channel: channel.code, key };
    switch (checkout.stage) {
      case 'asking': {
        const { pieces, buyer } = checkout;
        const needs = milli(pieces);
        const expiresAt = world.time(random.between(20, 300));
        const outcome = this.ask({ kind: 'open', ...ref, digest: key, buyer, needs, expiresAt });
        if (!outcome) return true;
        if (outcome.outcome !== 'claim' || outcome.claim.state !== 'open') this.give(checkout);
        else checkout.stage = 'open';
        return true;
      }
      case 'open':
        if (random.oneIn(4))
          return Boolean(this.ask({ kind: 'extend', ...ref, expiresAt: world.time(200) })) || true;
        checkout.stage = 'confirming';
        return true;
      case 'confirming': {
        const before = world.authority.tables.claims.get(`${channel.code}/${key}`)?.state;
        const outcome = this.ask({ kind: 'confirm', ...ref });
        if (!outcome) return true;
        const state = outcome.outcome === 'claim' ? outcome.claim.state : undefined;
        if (before === 'expired')
          world.faults.strike(
            state === 'late' ? 'claim confirmed late and gone' : 'claim confirmed after it had expired',
          );
        if (state === 'confirmed') checkout.stage = 'confirmed';
        else this.give(checkout);
        return true;
      }
      case 'confirmed':
        return this.pay(checkout);
      default:
        return false;
    }
  }

  private pay(checkout: Checkout): boolean {
    const { world } = this;
    const { channel, pieces, key } = checkout;
    const order = channel.shop.sell(pieces, world.now, { claimKey: key });
    if (order) world.auditor.sold(channel, order, true);
    if (world.tracing) world.trace(`${channel.code} sells ${order?.number} with claim ${key}`);
    channel.wakeFeed();
    checkout.paid = true;
    this.checkouts.splice(this.checkouts.indexOf(checkout), 1);
    return true;
  }

  /** The buyer goes, or the shop loses the checkout; a confirmed claim is given back when no order can come. */
  private leave(checkout: Checkout, now: number): boolean {
    const { world } = this;
    if (checkout.stage === 'confirmed') world.faults.strike('confirmed claim without an order');
    if (checkout.stage === 'open' && world.random.oneIn(2))
      this.ask({ kind: 'release', channel: checkout.channel.code, key: checkout.key });
    checkout.stage = 'gone';
    checkout.endedAt = now;
    return true;
  }

  private give(checkout: Checkout): void {
    this.checkouts.splice(this.checkouts.indexOf(checkout), 1);
  }

  /** An order was cancelled before it was read, so that it takes its claim with it: as of one that never came. */
  endsWithout(channel: Channel, key: string): void {
    const endedAt = this.world.now;
    this.checkouts.push({ key, buyer: '', channel, pieces: new Map(), stage: 'gone', paid: true, endedAt });
  }

  private sweep(checkout: Checkout): boolean {
    const { channel, key } = checkout;
    if (channel.silent || !channel.readPast(checkout.endedAt)) return false;
    if (!this.ask({ kind: 'release', channel: channel.code, key })) return true;
    this.give(checkout);
    return true;
  }

  /** Undefined when the request or its answer was lost: then it is asked again. */
  private ask(command: ClaimCommand): ClaimOutcome | undefined {
    const { world } = this;
    if (world.mayFault() && world.random.oneIn(20)) {
      world.faults.strike('request for a claim lost');
      return undefined;
    }
    const [outcome] = world.authority.claims([command]) ?? [];
    if (world.tracing)
      world.trace(
        `claim ${command.kind} ${command.channel}/${command.key}: ${outcome?.outcome === 'claim' ? outcome.claim.state : outcome?.outcome}`,
      );
    if (outcome && world.mayFault() && world.random.oneIn(15)) {
      world.faults.strike('answer to a claim lost');
      return undefined;
    }
    return outcome;
  }
}

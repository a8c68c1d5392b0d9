import type { Channel } from './channel.ts';
import type { Pieces } from './pieces.ts';
import type { World } from './world.ts';

interface Payer {
  readonly channel: Channel;
  readonly pieces: Pieces;
}

/** Buyers of shops that do not claim, from their step to the payment until they have paid or gone back. */
export class Payers {
  private payers: Payer[] = [];

  constructor(private readonly world: World) {}

  get idle(): boolean {
    return this.payers.length === 0;
  }

  arrive(channel: Channel, pieces: Pieces): boolean {
    if (!channel.shop.toPayment(pieces)) return false;
    this.payers.push({ channel, pieces });
    if (this.world.tracing) this.world.trace(`${channel.code}: a buyer is about to pay for ${text(pieces)}`);
    return true;
  }

  step(): boolean {
    const { random, faults } = this.world;
    if (this.payers.length === 0) return false;
    const payer = random.pick(this.payers);
    this.payers.splice(this.payers.indexOf(payer), 1);
    payer.channel.shop.leavesPayment(payer.pieces);
    if (!random.oneIn(3)) return this.pay(payer);
    faults.strike('buyer went back from the payment');
    if (this.world.tracing)
      this.world.trace(`${payer.channel.code}: a buyer of ${text(payer.pieces)} goes back`);
    return true;
  }

  private pay({ channel, pieces }: Payer): boolean {
    const { world } = this;
    const { shop } = channel;
    const isLowered = [...pieces].some(([article, count]) => shop.offered(article) < count);
    if (isLowered) world.faults.strike('buyer paid for what had been taken off the shelf meanwhile');
    const order = shop.sell(pieces, world.now, { paid: true });
    if (!order) return false;
    if (world.tracing) world.trace(`${channel.code} sells ${order.number}, paid: ${text(pieces)}`);
    world.auditor.sold(channel, order, false);
    if (world.random.oneIn(2)) channel.wakeFeed();
    return true;
  }
}

const text = (pieces: Pieces) => [...pieces].map(([article, count]) => `${count} ${article}`).join(', ');

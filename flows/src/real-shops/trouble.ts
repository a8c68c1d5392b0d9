import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '../testing/chance.ts';
import type { Market } from './market.ts';

/** Everything that the simulated warehouse lets go wrong, and how often. */
const FAULTS = {
  faultRate: 0.04,
  faultKind: 'both',
  disconnectRate: 0.01,
  dropResponseAfterCommit: 0.1,
  tooManyRate: 0.01,
  slowRate: 0.01,
  slowMs: 700,
  nullIdRate: 0.03,
  webhookDuplicateRate: 0.2,
  webhookLossRate: 0.2,
  webhookDelayMs: 1_500,
} as const;
const NO_FAULTS = Object.fromEntries(
  Object.keys(FAULTS)
    .filter((name) => name !== 'faultKind' && name !== 'slowMs')
    .map((name) => [name, 0]),
);

/** What is done to the shop although nobody hears of it. */
const SHOP_WRITES = [
  /^POST [^ ]*\/fulfillments/,
  /^POST [^ ]*\/location-levels/,
  /addFulfillment|updateProduct/,
];

/** Lets answers of the warehouse, of shops and of channels get lost, until `end`. */
export class Trouble {
  private over = false;

  constructor(
    private readonly market: Market,
    private readonly chance: Chance,
  ) {}

  async work(): Promise<void> {
    await this.market.control.knobs({ ...FAULTS, seed: this.chance.seed });
    while (!this.over) {
      const { toShop, toChannel } = this.chance.of(this.market.between);
      const draw = this.chance.next();
      const write = this.chance.of(SHOP_WRITES);
      // A webhook that was taken and not answered comes again; a claim too is asked for once more.
      if (draw < 0.4) toChannel.dropAnswers((bytes) => bytes.includes('POST /webhooks'), 1);
      else if (draw < 0.5) toChannel.dropAnswers((bytes) => bytes.includes('POST /claims'), 1);
      else if (draw < 0.9) toShop.dropAnswers((bytes) => write.test(bytes.toString('latin1')), 1);
      else toShop.dropAnswers(() => true, 1);
      await wait(300);
    }
    for (const { toShop, toChannel } of this.market.between) {
      toShop.resume();
      toChannel.resume();
    }
    await this.market.control.knobs(NO_FAULTS);
    await this.market.control.disarm();
  }

  end(): void {
    this.over = true;
  }

  get dropped(): number {
    return this.market.between.reduce((sum, one) => sum + one.toShop.dropped + one.toChannel.dropped, 0);
  }
}

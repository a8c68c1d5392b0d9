import { Broken } from './broken.ts';
import type { Channel } from './channel.ts';
import { countOf, type Lease } from './lease-count.ts';
import type { ShopOrder } from './shop.ts';
import { Unheard } from './unheard.ts';
import { add } from './warehouse.ts';
import type { World } from './world.ts';

/** What shops on lease can sell, and have sold, beside what the authority reckons with. */
export class ShelfAuditor {
  /** Pieces sold that the authority has not heard of, by channel and article. */
  protected readonly unread = new Map<string, number>();
  /** Pieces that a shop has put back by itself, as long as the authority has not heard of it, and in all. */
  protected readonly putBack = new Map<string, number>();
  readonly everPutBack = new Map<string, number>();
  /** Pieces that people have added to a shop's number by hand. */
  readonly edited = new Map<string, number>();
  readonly unheard = new Unheard();

  constructor(protected readonly world: World) {}

  /** What a shop shows before it was told anything is a promise that nobody gave. */
  begins(channel: Channel, article: string, number: number): void {
    channel.shop.numbers.set(article, number);
    if (!channel.leases) return;
    const name = `${channel.code}/${article}`;
    this.unheard.add(name, number);
    add(this.everPutBack, name, number);
  }

  /** An order of which the authority hears no more: what was put into it is sold, what was taken off is put back. */
  changedByStaff(channel: Channel, order: ShopOrder, article: string, by: number): void {
    const back = channel.plan.restocks && by < 0 ? -by : 0;
    if (channel.leases) this.unheard.add(`${channel.code}/${article}`, back, this.readBy(channel, order));
    this.numberChanged(channel, article);
  }

  /** Whether the channel has read the order as it is now. */
  protected readBy(channel: Channel, { id, changedAt }: ShopOrder): () => boolean {
    const at = this.world.iso(changedAt);
    return () => (channel.orders.get(id)?.changedAt ?? '') >= at;
  }

  protected leaseOf(channel: string, article: string): Lease | undefined {
    return this.world.authority.tables.articles.get(article)?.leases.get(channel);
  }

  /** What a shop on lease can still sell, and has sold unheard, is never more than the authority reckons with. */
  numberChanged(channel: Channel, article: string): void {
    if (!channel.leases || channel.plan.method === 'none') return;
    const name = `${channel.code}/${article}`;
    const offered = Math.max(0, channel.shop.offered(article));
    const unread = this.unread.get(name) ?? 0;
    const back = (this.putBack.get(name) ?? 0) + (this.edited.get(name) ?? 0) + this.unheard.of(name);
    const { exposure } = countOf(this.leaseOf(channel.code, article));
    if (offered + unread - Math.max(0, back) > exposure)
      throw new Broken(
        '3',
        article,
        `${channel.code} can still sell ${offered} of ${article} and has sold ${unread} unheard (${back} put back), ` +
          `the authority reckons with ${exposure}`,
      );
  }
}

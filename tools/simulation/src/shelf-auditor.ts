import { Broken } from './broken.ts';
import type { MailData } from './bus.ts';
import type { Channel } from './channel.ts';
import { countOf, type Lease } from './lease-count.ts';
import { Unheard } from './unheard.ts';
import { add } from './pieces.ts';
import type { World } from './world.ts';

/** What shops on lease can sell, and have sold, beside what the authority reckons with. */
export abstract class ShelfAuditor {
  /** Pieces sold that the authority has not heard of, by channel and article. */
  protected readonly unread = new Map<string, number>();
  /** Pieces that a shop has put back by itself, as long as the authority has not heard of it, and in all. */
  protected readonly putBack = new Map<string, number>();
  readonly everPutBack = new Map<string, number>();
  /** Pieces that people have added to a shop's number by hand. */
  readonly edited = new Map<string, number>();
  readonly unheard = new Unheard();
  /** Levels under which nothing was promised to shops on lease, by article and version. */
  private readonly shared = new Set<string>();
  /** When the number was read that a message says the shop shows. */
  private readonly shownAt = new WeakMap<object, number>();

  constructor(protected readonly world: World) {}

  abstract sharedSince(channel: string, article: string, at: number): void;

  /** What a shop shows before it was told anything is a promise that nobody gave. */
  begins(channel: Channel, article: string, number: number): void {
    channel.shop.numbers.set(article, number);
    if (!channel.leases) return;
    const name = `${channel.code}/${article}`;
    this.unheard.add(name, number);
    add(this.everPutBack, name, number);
  }

  levelTold({ article, version, channels }: Pick<MailData, 'article' | 'version' | 'channels'>): void {
    const selling = this.world.channels.filter((one) => one.leases).map(({ code }) => channels[code]?.mode);
    if (selling.includes('shared')) this.shared.add(`${article}/${version}`);
  }

  shows(data: object, at: number): void {
    this.shownAt.set(data, at);
  }

  /** The authority has taken in what a shop shows. */
  shelfHeard(data: Pick<MailData, 'channel' | 'article' | 'version'>): void {
    this.unheard.heard(data);
    const at = this.shownAt.get(data);
    if (at !== undefined && this.shared.has(`${data.article}/${data.version}`))
      this.sharedSince(data.channel, data.article, at);
  }

  /** Whoever shows less than it should is not taken to 0 to be raised from there: its buyers would find it sold out. */
  written(
    channel: Channel,
    article: string,
    { from, to, level }: Record<'from' | 'to' | 'level', number>,
  ): void {
    if (!channel.leases || channel.plan.method !== 'absolute' || to > 0 || from === 0 || from > level) return;
    throw new Broken(
      '6',
      article,
      `${channel.code} shows ${from} of ${article}, its level is ${level}, and 0 is written`,
    );
  }

  protected leaseOf(channel: string, article: string): Lease | undefined {
    return this.world.authority.tables.articles.get(article)?.leases.get(channel);
  }

  /** What a shop on lease can still sell, and has sold unheard, is never more than the authority reckons with. */
  numberChanged(channel: Channel, article: string): void {
    // A kit is nobody's own: what is sold of it is shared, also by a shop on lease.
    if (!channel.leases || channel.plan.method === 'none' || this.world.scenario.kits.has(article)) return;
    const name = `${channel.code}/${article}`;
    const offered = Math.max(0, channel.shop.canSell(article));
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

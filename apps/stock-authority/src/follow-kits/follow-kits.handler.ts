import { Controller, Inject } from '@nestjs/common';
import { ArticlePublished, type Channel, type Event, toMilli } from '@samlast/contracts';
import { Consumes, type MessageOf, Unprocessable } from '@samlast/messaging';
import { CHANNELS } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { reviewQueue } from '../review-queue/review-queue.ts';
import { containsItself, setKit } from '../tables/kits.ts';
import { closeBook, openBook } from '../tables/open-book.ts';

/** What the article master says that a kit consists of. Other channels' words about articles are not taken. */
@Controller()
export class FollowKits {
  private readonly master: string | undefined;

  constructor(
    private readonly terms: StockTerms,
    @Inject(CHANNELS) channels: Channel[],
  ) {
    this.master = channels.find((channel) => channel.articleMaster)?.code;
  }

  @Consumes(ArticlePublished)
  async onArticles(messages: MessageOf<typeof ArticlePublished>[], tx: EntityManager): Promise<Event[]> {
    const events: Event[] = [];
    for (const { data } of messages) {
      const { number, parts } = data.article;
      if (data.channel !== this.master || parts === undefined) continue;
      const wanted = new Map(parts.map((part) => [part.article, toMilli(part.quantity)]));
      // Locked with all that it was and will be made of, so that no order is decided on half of it.
      const before = await openBook(tx, await this.terms.at(tx), { articles: [number, ...wanted.keys()] });
      if (same(before.kits.get(number) ?? new Map(), wanted)) continue;
      await setKit(tx, number, wanted);
      if (await containsItself(tx, number)) {
        throw new Unprocessable(
          'article.contains-itself',
          `Kit ${number} is a part of itself, so nobody can say how many there are. Correct its parts in the article master, then discard this message.`,
        );
      }
      const book = await openBook(tx, await this.terms.at(tx), { moving: [number, ...wanted.keys()] });
      const kit = book.article(number);
      Object.assign(kit, { isKit: wanted.size > 0, moved: true });
      book.touch(kit);
      book.note(
        'kit.set',
        { article: number },
        { parts: Object.fromEntries(parts.map((part) => [part.article, part.quantity])) },
      );
      reviewQueue(book);
      events.push(...(await closeBook(tx, book)));
    }
    return events;
  }
}

function same(one: ReadonlyMap<string, bigint>, other: ReadonlyMap<string, bigint>): boolean {
  return one.size === other.size && [...one].every(([part, quantity]) => other.get(part) === quantity);
}

import { Controller, Inject } from '@nestjs/common';
import {
  ArticlePublished,
  type Channel,
  type DataOf,
  type Event,
  ownerOf,
  toMilli,
} from '@samlast/contracts';
import { Consumes, type MessageOf, Unprocessable } from '@samlast/messaging';
import { CHANNELS } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { reviewQueue } from '../review-queue/review-queue.ts';
import { containsItself, setKit, setWholePieces } from '../tables/kits.ts';
import { appendToLedger } from '../tables/ledger.ts';
import { closeBook, openBook } from '../tables/open-book.ts';

type Parts = NonNullable<DataOf<typeof ArticlePublished>['article']['parts']>;

/**
 * What the owner of kits' parts says that a kit consists of, and the owner of names what is sold in whole pieces only.
 * Other channels' words about that are not taken.
 */
@Controller()
export class FollowKits {
  private readonly ownerOfParts: string | undefined;
  private readonly ownerOfNames: string | undefined;

  constructor(
    private readonly terms: StockTerms,
    @Inject(CHANNELS) channels: Channel[],
  ) {
    this.ownerOfParts = ownerOf(channels, 'parts');
    this.ownerOfNames = ownerOf(channels, 'names');
  }

  @Consumes(ArticlePublished)
  async onArticles(messages: MessageOf<typeof ArticlePublished>[], tx: EntityManager): Promise<Event[]> {
    const events: Event[] = [];
    for (const { data } of messages) {
      const { number, parts, wholePieces } = data.article;
      if (wholePieces !== undefined && data.channel === this.ownerOfNames)
        await this.setPieces(tx, number, wholePieces);
      if (parts !== undefined && data.channel === this.ownerOfParts)
        events.push(...(await this.setParts(tx, number, parts)));
    }
    return events;
  }

  private async setPieces(tx: EntityManager, number: string, wholePieces: boolean): Promise<void> {
    const book = await openBook(tx, await this.terms.at(tx), { articles: [number] });
    if (book.article(number).wholePieces === wholePieces) return;
    await setWholePieces(tx, number, wholePieces);
    await appendToLedger(tx, [{ kind: 'article.pieces-set', article: number, data: { wholePieces } }]);
  }

  private async setParts(tx: EntityManager, number: string, parts: Parts): Promise<Event[]> {
    const wanted = new Map(parts.map((part) => [part.article, toMilli(part.quantity)]));
    // Locked with all that it was and will be made of, so that no order is decided on half of it.
    const before = await openBook(tx, await this.terms.at(tx), { articles: [number, ...wanted.keys()] });
    if (same(before.kits.get(number) ?? new Map(), wanted)) return [];
    await setKit(tx, number, wanted);
    if (await containsItself(tx, number)) {
      throw new Unprocessable(
        'article.contains-itself',
        `Kit ${number} is a part of itself, so nobody can say how many there are. Correct its parts in the system that owns them, then discard this message.`,
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
    return closeBook(tx, book);
  }
}

function same(one: ReadonlyMap<string, bigint>, other: ReadonlyMap<string, bigint>): boolean {
  return one.size === other.size && [...one].every(([part, quantity]) => other.get(part) === quantity);
}

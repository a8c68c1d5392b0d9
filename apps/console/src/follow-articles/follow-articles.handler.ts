import { Controller, Inject } from '@nestjs/common';
import {
  ArticleAccepted,
  ArticleListed,
  ArticlePublished,
  ArticleRefused,
  type Channel,
  type Event,
  ownerOf,
  ShelfRefused,
  ShelfSet,
  StockExpected,
  StockLevelChanged,
  StockObserved,
} from '@samlast/contracts';
import { Consumes, type MessageOf } from '@samlast/messaging';
import { CHANNELS } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import { notice } from '../follow-channels/signs.ts';
import { tellLive } from '../live/changes.ts';
import { ArticleBook } from './article-book.ts';

/** Writes down what is known of articles, their stock and what each shop shows; publishes nothing. */
@Controller()
export class FollowArticles {
  private readonly master: string | undefined;

  constructor(@Inject(CHANNELS) channels: Channel[]) {
    this.master = ownerOf(channels, 'names');
  }

  @Consumes(StockLevelChanged)
  async onLevels(messages: MessageOf<typeof StockLevelChanged>[], tx: EntityManager): Promise<Event[]> {
    await new ArticleBook(tx).writeLevels(messages);
    return this.told(messages.map(({ data }) => data.article), tx); // prettier-ignore
  }

  @Consumes(StockObserved, StockExpected)
  async onReads(
    messages: MessageOf<typeof StockObserved | typeof StockExpected>[],
    tx: EntityManager,
  ): Promise<Event[]> {
    const book = new ArticleBook(tx);
    await book.writeReads(messages.filter((message) => message.type === 'stock.observed'));
    await book.writeExpected(messages.filter((message) => message.type === 'stock.expected'));
    return this.told(messages.map(({ data }) => data.article), tx); // prettier-ignore
  }

  @Consumes(ArticlePublished, ArticleListed)
  async onCatalogue(
    messages: MessageOf<typeof ArticlePublished | typeof ArticleListed>[],
    tx: EntityManager,
  ): Promise<Event[]> {
    const book = new ArticleBook(tx);
    await book.writeNames(messages, this.master);
    await book.writeListings(messages.filter((message) => message.type === 'article.listed'));
    await notice(messages, tx);
    return this.told(messages.map((message) => message.key), tx); // prettier-ignore
  }

  @Consumes(ArticleAccepted, ArticleRefused)
  async onAnswers(
    messages: MessageOf<typeof ArticleAccepted | typeof ArticleRefused>[],
    tx: EntityManager,
  ): Promise<Event[]> {
    await new ArticleBook(tx).writeAnswers(messages);
    return this.told(messages.map(({ data }) => data.article), tx); // prettier-ignore
  }

  @Consumes(ShelfSet, ShelfRefused)
  async onShelves(
    messages: MessageOf<typeof ShelfSet | typeof ShelfRefused>[],
    tx: EntityManager,
  ): Promise<Event[]> {
    await new ArticleBook(tx).writeShelves(messages);
    await notice(messages, tx);
    return this.told(messages.map(({ data }) => data.article), tx); // prettier-ignore
  }

  private async told(articles: string[], tx: EntityManager): Promise<Event[]> {
    await tellLive(tx, { orders: [], articles: [...new Set(articles)] });
    return [];
  }
}

import { Inject, Injectable } from '@nestjs/common';
import {
  ArticleListed,
  ArticlePublished,
  type Channel,
  type Event,
  fitText,
  storable,
} from '@samlast/contracts';
import { UnitOfWork } from '@samlast/messaging';
import { CHANNELS, Log, Metrics } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { ChannelConfig } from '../channel.ts';
import { faultOf } from '../import-orders/misfit.ts';
import type { Shop, ShopArticle } from '../shop.ts';
import { Loop } from '../take-turns/loop.ts';
import { Turns } from '../take-turns/turns.ts';
import { CHANNEL, SETTINGS, SHOP } from '../tokens.ts';
import { wantShelves } from '../write-shelves/shelf-book.ts';
import { ShelfWriter } from '../write-shelves/shelf-writer.ts';
import { digestOf, ownersIn } from './article-digest.ts';
import { NumbersTwice } from './number-twice.ts';
import { listRefused, listTwice, settleRefused } from './refused-articles.ts';
import { withdrawArticles, type Vanished } from './withdraw-articles.ts';

/** Says what the shop knows of its articles, each time that something of it has changed. */
@Injectable()
export class ArticleReader {
  private readonly loop: Loop;
  private readonly read;
  private readonly owners: string;
  /** So many articles have vanished from the shop's list that a person has to say whether they are gone. */
  private vanished: Vanished = { held: [], known: 0 };
  private believed = false;

  constructor(
    @Inject(CHANNEL) private readonly channel: Channel,
    @Inject(CHANNELS) channels: Channel[],
    @Inject(SETTINGS) config: ChannelConfig,
    @Inject(SHOP) private readonly shop: Shop,
    private readonly unitOfWork: UnitOfWork,
    private readonly writer: ShelfWriter,
    private readonly turns: Turns,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.read = metrics.counter('samlast_articles_read_total', 'Articles read from the shop, by outcome', [
      'outcome',
    ]);
    this.owners = ownersIn(channels);
    const turn = () => this.readArticles();
    this.loop = new Loop({ name: 'articles', pauseMs: config.ARTICLES_POLL_MS, log, turn });
    if (shop.articles) turns.add(this.loop);
  }

  /** The shop says that articles have changed. */
  wake(): void {
    this.loop.wake();
  }

  /** What is held, for people to look at. */
  get vanishedNow(): Vanished {
    return this.vanished;
  }

  /** A person says that what has vanished is gone: the next list is believed. */
  believe(): void {
    this.believed = true;
    this.loop.wake();
  }

  private async readArticles(): Promise<boolean> {
    if (!this.turns.active || !this.shop.articles) return false;
    const numbers = new NumbersTwice();
    for await (const page of this.shop.articles()) {
      const kept = page.filter((one) => isKept(one.article.number));
      if (kept.length < page.length) await this.listOdd(page.filter((one) => !kept.includes(one)));
      const counting = numbers.firstOf(kept);
      const changed = await this.unitOfWork.run((tx) => this.publish(tx, counting));
      this.read.inc({ outcome: 'read' }, page.length);
      if (changed > 0) this.writer.wake();
    }
    await this.withdraw(numbers);
    return false;
  }

  /** What cannot even be looked up by its number. */
  private async listOdd(odd: readonly ShopArticle[]): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      await listRefused(
        tx,
        odd.map(({ article }) => ({
          article: fitText(article.number, 100),
          reason: 'unreadable',
          fields: ['number'],
          text: 'Its number has a broken character in it, so it is left out; correct it in the shop.',
        })),
      );
      return { events: [], answer: undefined };
    });
    this.read.inc({ outcome: 'unreadable' }, odd.length);
  }

  /** Only after a list that was read to its end. */
  private async withdraw({ seen, refused }: NumbersTwice): Promise<void> {
    const { believed } = this;
    const vanished = await this.unitOfWork.run(async (tx) => {
      await listTwice(tx, refused);
      const { events, vanished: answer } = await withdrawArticles(tx, this.channel.code, seen, believed);
      return { events, answer };
    });
    if (believed) this.believed = false;
    if (vanished.held.length > 0 && this.vanished.held.length === 0) {
      this.log.warn(
        'very many articles have vanished from the shop: GET /ops/vanished-articles, and say if it is so',
        {
          channel: this.channel.code,
          count: vanished.held.length,
        },
      );
    }
    this.vanished = vanished;
  }

  private async publish(
    tx: EntityManager,
    page: readonly ShopArticle[],
  ): Promise<{ events: Event[]; answer: number }> {
    const digests = new Map(page.map((one) => [one.article.number, digestOf(one, this.owners)]));
    const rows = (await tx.query('SELECT number, digest FROM articles WHERE number = ANY($1)', [
      [...digests.keys()],
    ])) as { number: string; digest: string }[];
    const known = new Map(rows.map((row) => [row.number, row.digest]));
    const changed = page.filter((one) => known.get(one.article.number) !== digests.get(one.article.number));
    const said: { one: ShopArticle; events: Event[] }[] = [];
    for (const one of changed) {
      const told = this.eventsOf(one);
      if ('events' in told) said.push({ one, events: told.events });
      else await listRefused(tx, [{ article: one.article.number, reason: 'unreadable', ...told }]);
    }
    // What was not taken of what it said before is answered anew.
    await settleRefused(
      tx,
      said.map(({ one }) => one.article.number),
      ['unreadable', 'not-master', 'implausible', 'wms'],
    );
    if (said.length === 0) return { events: [], answer: 0 };
    await tx.query(
      `INSERT INTO articles (number, shop_article_id, digest)
       SELECT DISTINCT ON (number) * FROM unnest($1::text[], $2::text[], $3::text[]) AS n (number, id, digest)
       ON CONFLICT (number) DO UPDATE SET shop_article_id = excluded.shop_article_id, digest = excluded.digest`,
      [
        said.map(({ one }) => one.article.number),
        said.map(({ one }) => one.id),
        said.map(({ one }) => digests.get(one.article.number)),
      ],
    );
    // The shop has it now, so a level that it could not take before can be written.
    await wantShelves(
      tx,
      said.map(({ one }) => one.article.number),
    );
    return { events: said.flatMap(({ events }) => events), answer: said.length };
  }

  private eventsOf({
    id,
    article,
    listed,
  }: ShopArticle): { events: Event[] } | { fields: string[]; text: string } {
    const channel = this.channel.code;
    const { number, barcode, name } = article;
    try {
      return {
        events: [
          ArticlePublished.of({ channel, article }),
          ArticleListed.of({ channel, article: number, shopArticleId: id, barcode, name, listed }),
        ],
      };
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      const fields = [...new Set(error.issues.map((issue) => fieldOf(issue.path)))];
      this.read.inc({ outcome: 'unreadable' });
      this.log.warn('an article of the shop does not fit and is left out; correct these fields there', {
        channel,
        article: fitText(String(number), 100),
        reason: fields.join(', '),
      });
      const each = error.issues.map((issue) => faultOf({ ...issue, path: memberOf(issue.path) }));
      return { fields, text: `It does not fit and is left out; correct it in the shop: ${each.join('; ')}.` };
    }
  }
}

const isKept = (number: string) => number === storable(number);

/** The article's own member, without the event around it. */
const memberOf = (path: readonly PropertyKey[]) => {
  const parts = path.filter((part) => part !== 'article');
  return parts.length > 0 ? parts : ['number'];
};
const fieldOf = (path: readonly PropertyKey[]) => memberOf(path).join('.');

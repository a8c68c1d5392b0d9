import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ArticleListed, ArticlePublished, type Channel, type Event } from '@samlast/contracts';
import { UnitOfWork } from '@samlast/messaging';
import { Log, Metrics } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { ChannelConfig } from '../channel.ts';
import type { Shop, ShopArticle } from '../shop.ts';
import { Loop } from '../take-turns/loop.ts';
import { Turns } from '../take-turns/turns.ts';
import { CHANNEL, SETTINGS, SHOP } from '../tokens.ts';
import { wantShelves } from '../write-shelves/shelf-book.ts';
import { ShelfWriter } from '../write-shelves/shelf-writer.ts';

/** Says what the shop knows of its articles, each time that something of it has changed. */
@Injectable()
export class ArticleReader {
  private readonly loop: Loop;
  private readonly read;

  constructor(
    @Inject(CHANNEL) private readonly channel: Channel,
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
    const turn = () => this.readArticles();
    this.loop = new Loop({ name: 'articles', pauseMs: config.ARTICLES_POLL_MS, log, turn });
    if (shop.articles) turns.add(this.loop);
  }

  /** The shop says that articles have changed. */
  wake(): void {
    this.loop.wake();
  }

  private async readArticles(): Promise<boolean> {
    if (!this.turns.active || !this.shop.articles) return false;
    for await (const page of this.shop.articles()) {
      const changed = await this.unitOfWork.run((tx) => this.publish(tx, page));
      this.read.inc({ outcome: 'read' }, page.length);
      if (changed > 0) this.writer.wake();
    }
    return false;
  }

  private async publish(
    tx: EntityManager,
    page: readonly ShopArticle[],
  ): Promise<{ events: Event[]; answer: number }> {
    const digests = new Map(page.map((one) => [one.article.number, digest(one)]));
    const rows = (await tx.query('SELECT number, digest FROM articles WHERE number = ANY($1)', [
      [...digests.keys()],
    ])) as { number: string; digest: string }[];
    const known = new Map(rows.map((row) => [row.number, row.digest]));
    const changed = page.filter((one) => known.get(one.article.number) !== digests.get(one.article.number));
    const said = changed.flatMap((one) => {
      const events = this.eventsOf(one);
      return events ? [{ one, events }] : [];
    });
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

  private eventsOf({ id, article, listed }: ShopArticle): Event[] | undefined {
    const channel = this.channel.code;
    const { number, barcode, name } = article;
    try {
      return [
        ArticlePublished.of({ channel, article }),
        ArticleListed.of({ channel, article: number, shopArticleId: id, barcode, name, listed }),
      ];
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      const fields = error.issues.map((issue) => issue.path.join('.')).join(', ');
      this.read.inc({ outcome: 'unreadable' });
      this.log.warn('an article of the shop does not fit and is left out; correct these fields there', {
        channel,
        article: String(number).slice(0, 100),
        reason: fields,
      });
      return undefined;
    }
  }
}

function digest(article: ShopArticle): string {
  return createHash('sha1').update(JSON.stringify(article)).digest('hex');
}

import { Controller } from '@nestjs/common';
import {
  type Article,
  ArticleListed,
  ArticlePublished,
  ArticleWithdrawn,
  type Event,
} from '@samlast/contracts';
import { Consumes, type MessageOf } from '@samlast/messaging';
import { Metrics } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import { fieldsOf, type Said } from './article-fields.ts';
import { ArticleWords, type WordBook } from './article-words.ts';
import { CatalogueTerms } from './catalogue-terms.ts';
import { QueueArticles } from './queue-articles.ts';
import { refusalsOf, twinRefusal } from './refusals.ts';
import { foreignFields, sortOut } from './sort-out.ts';

type Published = MessageOf<typeof ArticlePublished>;
type Listed = MessageOf<typeof ArticleListed>;
type Withdrawn = MessageOf<typeof ArticleWithdrawn>;

/**
 * The master-data firewall (promise P2): of each member of an article its owner's word reaches Ongoing, all others'
 * do not.
 */
@Controller()
export class PublishArticles {
  private readonly kept;

  constructor(
    private readonly terms: CatalogueTerms,
    private readonly words: ArticleWords,
    private readonly queue: QueueArticles,
    metrics: Metrics,
  ) {
    this.kept = metrics.counter(
      'article_publications_kept_out_total',
      'Article data with members that another channel owns, and says otherwise',
      ['channel'],
    );
  }

  @Consumes(ArticlePublished, ArticleListed, ArticleWithdrawn)
  async onArticles(messages: (Published | Listed | Withdrawn)[], tx: EntityManager): Promise<Event[]> {
    const articles = [...new Set(messages.map((message) => message.key))];
    const book = await this.words.load(tx, articles);
    const published: Published[] = [];
    const own = new Set<string>();
    for (const message of messages) {
      if (message.type === 'article.listed') note(book, message.data);
      else if (message.type === 'article.withdrawn') {
        const { article, channel, renamedTo } = message.data;
        book.change(article, channel, { withdrawn: true, renamedTo, listed: false });
        if (channel === this.terms.maker) own.add(article);
      } else {
        take(book, message.data.channel, message.data.article);
        published.push(message);
        if (this.concerns(message.data.channel, message.data.article)) own.add(message.key);
      }
    }
    await this.words.save(tx, book);
    const twins = await this.queue.enqueue(tx, [...own], book);
    await this.words.mark(tx, articles);
    return this.refusals(published, book, twins);
  }

  /** Whether some of it is the channel's own; the maker's word that there is such an article is. */
  private concerns(channel: string, article: Article): boolean {
    const { maker, owners } = this.terms;
    return channel === maker || fieldsOf(article).some((field) => owners[field] === channel);
  }

  /** As things stand after all of these messages. */
  private refusals(
    published: readonly Published[],
    book: WordBook,
    twins: ReadonlyMap<string, string>,
  ): Event[] {
    const { owners, limits } = this.terms;
    const pairs = new Map(published.map(({ data }) => [`${data.channel}/${data.article.number}`, data]));
    return [...pairs.values()].flatMap(({ channel, article: { number } }) => {
      const words = book.of(number).get(channel)?.said ?? {};
      const sorted = sortOut(number, book.saidBy(number), owners, limits);
      if (foreignFields(channel, words, sorted.said, owners).length > 0) this.kept.inc({ channel });
      const twin = twins.get(number);
      const events = refusalsOf(number, channel, words, sorted, owners);
      return twin === undefined ? events : [...events, twinRefusal(number, channel, twin)];
    });
  }
}

function take(book: WordBook, channel: string, { number, ...article }: Article): void {
  const said: Said = { ...book.of(number).get(channel)?.said, ...article };
  book.change(number, channel, { said, published: true, withdrawn: false, renamedTo: undefined });
}

function note(book: WordBook, { channel, article, shopArticleId, barcode, listed }: Listed['data']): void {
  book.change(article, channel, { shopArticleId, barcode, listed });
}

import { Body, Controller, Get, HttpCode, NotFoundException, Param, Post, Query } from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import { Authored, Log } from '@samlast/service';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { fieldsOf, type Said } from '../publish-articles/article-fields.ts';
import { ArticleWords } from '../publish-articles/article-words.ts';
import { CatalogueTerms } from '../publish-articles/catalogue-terms.ts';
import { QueueArticles } from '../publish-articles/queue-articles.ts';
import { sortOut } from '../publish-articles/sort-out.ts';
import { FindingBook } from './finding-book.ts';
import { kinds } from './findings.ts';

const ROWS_MAX = 500;
const kindNames = Object.keys(kinds) as [keyof typeof kinds, ...(keyof typeof kinds)[]];
const Wanted = z.strictObject({ kind: z.enum(kindNames).optional() });

/** What does not fit in article data, and what a person does about it. */
@Controller('ops/catalogue')
export class CatalogueController {
  constructor(
    private readonly database: DataSource,
    private readonly findings: FindingBook,
    private readonly words: ArticleWords,
    private readonly terms: CatalogueTerms,
    private readonly queue: QueueArticles,
    private readonly unitOfWork: UnitOfWork,
    private readonly log: Log,
  ) {}

  /** Of one kind, or all that a person should do something about; the counts are of everything. */
  @Get()
  async list(@Query({ schema: Wanted }) { kind }: z.output<typeof Wanted>) {
    const [counts, findings] = [await this.findings.counts(), await this.findings.list({ kind }, ROWS_MAX)];
    return { counts, findings };
  }

  /** Member by member: whose it is, what the owner says, what the WMS has, what others say. */
  @Get(':article')
  async show(@Param('article') article: string) {
    const { owners, limits } = this.terms;
    const book = await this.words.load(this.database, [article]);
    const [seen] = await this.database.query<{ there: Said; pieces: boolean }[]>(
      'SELECT there, pieces FROM article_seen WHERE article = $1',
      [article],
    );
    const words = [...book.of(article).values()];
    if (words.length === 0 && !seen) throw new NotFoundException(unknown(article));
    const { said, doubts } = sortOut(article, book.saidBy(article), owners, limits);
    const spoken = [said, seen?.there ?? {}, ...words.map((one) => one.said)].flatMap(fieldsOf);
    const others = words.filter(({ withdrawn }) => !withdrawn);
    return {
      article,
      doubts,
      fields: [...new Set(spoken)].map((field) => ({
        field,
        owner: owners[field],
        said: said[field],
        there: seen?.there[field],
        others: others
          .filter((one) => one.channel !== owners[field] && one.said[field] !== undefined)
          .map((one) => ({ channel: one.channel, says: one.said[field] })),
      })),
      findings: await this.findings.list({ article }, ROWS_MAX),
    };
  }

  /** Writes what the owners say over what the warehouse has changed. */
  @Post(':article/write')
  @HttpCode(202)
  async write(
    @Param('article') article: string,
    @Body({ schema: Authored }) { author, reason }: z.infer<typeof Authored>,
  ) {
    await this.unitOfWork.run(async (tx) => {
      const book = await this.words.load(tx, [article]);
      if (book.of(article).size === 0) throw new NotFoundException(unknown(article));
      await this.queue.enqueue(tx, [article], book, true);
      return { events: [], answer: undefined };
    });
    this.log.info('an article is written again', { article, caller: author, reason });
    return { article, state: 'queued' };
  }
}

const unknown = (article: string) =>
  `No channel has said anything of article ${article}, and the warehouse has none. Check the number.`;

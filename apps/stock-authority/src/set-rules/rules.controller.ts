import {
  Body,
  ConflictException,
  Controller,
  Get,
  NotFoundException,
  Param,
  Put,
  UnprocessableEntityException,
} from '@nestjs/common';
import { ChannelCode, fromMilli, NonNegativeQuantity, toMilli } from '@samlast/contracts';
import { UnitOfWork } from '@samlast/messaging';
import { Authored, Log } from '@samlast/service';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { reviewQueue } from '../review-queue/review-queue.ts';
import { readArticle } from '../tables/articles.ts';
import { closeBook, openBook } from '../tables/open-book.ts';
import { type Rules, textsOf } from './rules.ts';
import { setRules } from './set-rules.ts';

const SetRules = Authored.extend({
  /** The version that was looked at; absent where these rules hold whatever others have set meanwhile. */
  version: z.int().min(0).optional(),
  safety: NonNegativeQuantity.default('0'),
  /** So many pieces may be waited for at most, instead of what each channel says; 0 where none is to be. */
  backorderMost: NonNegativeQuantity.optional(),
  channels: z
    .record(
      ChannelCode,
      z.strictObject({ cap: NonNegativeQuantity.optional(), pool: NonNegativeQuantity.default('0') }),
    )
    .default({}),
});
type SetRules = z.infer<typeof SetRules>;

/** Safety stock, caps and pools: what people know of an article that no figure tells. */
@Controller('ops/articles/:number/rules')
export class RulesController {
  constructor(
    private readonly source: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly terms: StockTerms,
    private readonly log: Log,
  ) {}

  @Get()
  async show(@Param('number') number: string) {
    const article = await readArticle(this.source.manager, number);
    if (!article) throw unknown(number);
    return { article: number, ...textsOf(article.rules) };
  }

  /** Replaces all rules of the article; what is left out does not hold any more. */
  @Put()
  async set(
    @Param('number') number: string,
    @Body({ schema: SetRules }) { version, safety, backorderMost, channels, author, reason }: SetRules,
  ) {
    const strangers = Object.keys(channels).filter((code) => !this.terms.policyOf(code));
    if (strangers.length > 0)
      throw new NotFoundException(`channels.json has no channel ${strangers.join(', ')}. Correct the code.`);
    const limits = Object.entries(channels).map(([code, { cap, pool }]) => {
      const limit = { pool: toMilli(pool), ...(cap !== undefined && { cap: toMilli(cap) }) };
      return [code, limit] as const;
    });
    for (const [code, { pool, cap }] of limits)
      if (cap !== undefined && pool > cap) throw poolAboveCap(code, fromMilli(pool), fromMilli(cap));
    const rules = await this.unitOfWork.run(async (tx) => {
      if (!(await readArticle(tx, number))) throw unknown(number);
      const book = await openBook(tx, await this.terms.at(tx), { moving: [number] });
      const known = book.article(number).rules.version;
      if (version !== undefined && version !== known) throw outdated(number, version, known);
      const next: Rules = {
        version: known + 1,
        safety: toMilli(safety),
        limits: new Map(limits),
        ...(backorderMost !== undefined && { backorderMost: toMilli(backorderMost) }),
      };
      setRules(book, number, next, { author, reason });
      reviewQueue(book);
      return { events: await closeBook(tx, book), answer: next };
    });
    this.log.info("an article's rules were set by hand", { article: number });
    return { article: number, ...textsOf(rules) };
  }
}

const unknown = (number: string) =>
  new NotFoundException(
    `No article ${number} is known here: the warehouse has not told of it and no order wants it. Check the number.`,
  );

const outdated = (number: string, version: number, known: number) =>
  new ConflictException({
    statusCode: 409,
    code: 'rules.outdated',
    message: `The rules of ${number} are at version ${known}, and were changed after version ${version}. Look at them again, then set them under version ${known}.`,
  });

/** The pieces beyond its cap would lie with nobody. */
const poolAboveCap = (code: string, pool: string, cap: string) =>
  new UnprocessableEntityException({
    statusCode: 422,
    code: 'rules.pool-above-cap',
    message: `${pool} pieces are to be kept for ${code}, which may show no more than ${cap}: nobody could sell the rest. Raise its cap or lower its pool.`,
  });

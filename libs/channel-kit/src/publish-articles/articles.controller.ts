import { Body, ConflictException, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { Authored, Log } from '@samlast/service';
import { DataSource } from 'typeorm';
import { ArticleReader } from './article-reader.ts';
import { readRefused } from './refused-articles.ts';

/** Of a list that vanished as a whole nobody wants to see every number. */
const SHOWN_MOST = 100;

/** What a person can see of a shop's articles, and do about them. */
@Controller('ops')
export class OperateArticles {
  constructor(
    private readonly database: DataSource,
    private readonly reader: ArticleReader,
    private readonly log: Log,
  ) {}

  /** Article data of this shop that was not taken, each with the reason and what to do. */
  @Get('refused-articles')
  refused() {
    return readRefused(this.database);
  }

  /** Articles that the shop does not list any more, too many at a time to be believed. */
  @Get('vanished-articles')
  vanished() {
    const { held, known } = this.reader.vanishedNow;
    return { count: held.length, known, articles: held.slice(0, SHOWN_MOST) };
  }

  @Post('vanished-articles/accept')
  @HttpCode(202)
  async accept(@Body({ schema: Authored }) { author, reason }: Authored) {
    const { held } = this.reader.vanishedNow;
    if (held.length === 0)
      throw new ConflictException('No articles are held, so there is nothing to decide.');
    await this.database.query(
      'INSERT INTO commands (command, subject, author, reason) VALUES ($1, $2, $3, $4)',
      ['accept-vanished', `${held.length} articles`, author, reason],
    );
    this.reader.believe();
    this.log.info('vanished articles are gone, says a person', { count: held.length, caller: author });
    return { count: held.length };
  }
}

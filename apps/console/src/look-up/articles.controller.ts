import { Controller, Get, Header, NotFoundException, Param, Query, UseGuards } from '@nestjs/common';
import { Public } from '@samlast/service';
import { z } from 'zod';
import { SessionGuard } from '../sign-in/session.guard.ts';
import { ArticleSearch } from './article-search.ts';
import { Text } from './text.ts';

const Wanted = z.strictObject({ search: Text.optional() });

/** Articles with their stock, and what each shop shows of them. */
@Public()
@UseGuards(SessionGuard)
@Controller('api/articles')
export class ArticlesController {
  constructor(private readonly articles: ArticleSearch) {}

  @Get()
  @Header('cache-control', 'no-store')
  async list(@Query({ schema: Wanted }) { search }: z.output<typeof Wanted>) {
    return { articles: await this.articles.list(search) };
  }

  @Get(':article')
  @Header('cache-control', 'no-store')
  async one(@Param('article', { schema: Text }) number: string) {
    const article = await this.articles.one(number);
    if (article) return article;
    throw new NotFoundException(
      `No article ${number} has been seen yet. Check the number, as the warehouse writes it.`,
    );
  }
}

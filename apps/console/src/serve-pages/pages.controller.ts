import { Controller, Get, Header, Inject, NotFoundException, Param, Res } from '@nestjs/common';
import { Public } from '@samlast/service';
import type { FastifyReply } from 'fastify';
import type { Pages } from './bundle-pages.ts';

export const PAGES = Symbol('PAGES');

/** The pages themselves, which are the same for everybody; what they show comes from /api. */
@Public()
@Controller()
export class PagesController {
  constructor(@Inject(PAGES) private readonly pages: Pages) {}

  @Get([
    '/',
    'orders',
    'orders/:number',
    'articles',
    'articles/:article',
    'catalogue',
    'stock',
    'inbound',
    'inbound/:kind/:number',
    'held',
    'parked',
    'foreign',
  ])
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'no-cache')
  index(): string {
    return this.pages.index;
  }

  @Get('assets/:name')
  asset(@Param('name') name: string, @Res() reply: FastifyReply): void {
    const file = this.pages.files.get(name);
    if (!file) throw new NotFoundException(`There is no ${name}: load the page again.`);
    void reply
      .header('content-type', file.type)
      .header('cache-control', 'public, max-age=31536000, immutable')
      .send(file.body);
  }
}

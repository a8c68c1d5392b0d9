import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { Authored, Public } from '@samlast/service';
import { z } from 'zod';
import type { ArticleData, Catalogue } from '../look-up/shapes.ts';
import { Text } from '../look-up/text.ts';
import { OriginGuard } from '../sign-in/origin.guard.ts';
import { SessionGuard } from '../sign-in/session.guard.ts';
import { Decisions } from './decisions.ts';
import { Owners } from './owners.ts';
import { valueOf } from './relay-answer.ts';

const Finding = z.object({
  article: z.string(),
  kind: z.string(),
  channel: z.string(),
  text: z.string(),
  remedy: z.string(),
  since: z.string(),
});
const List = z.object({
  counts: z.array(z.object({ kind: z.string(), count: z.int(), what: z.enum(['act', 'note']) })),
  findings: z.array(Finding),
});
const One = z.object({
  article: z.string(),
  fields: z.array(
    z.object({
      field: z.string(),
      owner: z.string().optional(),
      said: z.unknown(),
      there: z.unknown(),
      others: z.array(z.object({ channel: z.string(), says: z.unknown() })),
    }),
  ),
  findings: z.array(Finding),
});
const Wanted = z.strictObject({ kind: Text.optional() });

/** What does not fit in article data, asked of the gateway, which compares it. */
@Public()
@UseGuards(OriginGuard, SessionGuard)
@Controller('api/catalogue')
export class CatalogueController {
  constructor(
    private readonly owners: Owners,
    private readonly decisions: Decisions,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async list(@Query({ schema: Wanted }) { kind }: z.output<typeof Wanted>): Promise<Catalogue> {
    const query = kind ? `?kind=${encodeURIComponent(kind)}` : '';
    return valueOf(await this.owners.get('wms-gateway', `/ops/catalogue${query}`, List));
  }

  @Get(':article')
  @Header('cache-control', 'no-store')
  async one(@Param('article', { schema: Text }) article: string): Promise<ArticleData> {
    return valueOf(
      await this.owners.get('wms-gateway', `/ops/catalogue/${encodeURIComponent(article)}`, One),
    );
  }

  @Post(':article/write')
  @HttpCode(200)
  async write(
    @Param('article', { schema: Text }) article: string,
    @Body({ schema: Authored }) authored: Authored,
  ) {
    const path = `/ops/catalogue/${encodeURIComponent(article)}/write`;
    await this.decisions.carryOut('wms-gateway', path, authored, z.unknown());
    return { said: `${article} is written again as its owners have it.` };
  }
}

import { Injectable } from '@nestjs/common';
import { ArticleAccepted, ArticleRefused, type Article, type Event } from '@samlast/contracts';
import { OngoingAccessError } from '@samlast/ongoing-client';
import type { EntityManager } from 'typeorm';
import { Ongoing } from '../ongoing.ts';
import { later, type Later, type OpenWrite, type Outcome } from '../write-queue/write.ts';
import { toOngoingArticle } from './article-mapping.ts';

export interface ArticleBody {
  channel: string;
  article: Article;
}

/**
 * Writes article data. It can be written again at any time, so an unknown outcome is settled by writing
 * once more.
 */
@Injectable()
export class SendArticle {
  constructor(private readonly ongoing: Ongoing) {}

  async attempt(write: OpenWrite): Promise<Outcome | Later> {
    const { article } = write.body as ArticleBody;
    try {
      const answer = await this.ongoing.writes.putArticle(toOngoingArticle(article));
      if (answer.outcome === 'done') return { kind: 'accepted', wmsId: answer.articleSystemId };
      if (answer.outcome === 'refused') return { kind: 'refused', reason: 'wms', text: answer.text };
      return later(answer.cause);
    } catch (error) {
      const reached = !(error instanceof OngoingAccessError);
      return { kind: 'later', fault: error instanceof Error ? error.message : 'unknown fault', reached };
    }
  }

  async book(
    tx: EntityManager,
    settled: { write: OpenWrite; outcome: Outcome; step: number }[],
  ): Promise<Event[]> {
    if (settled.length === 0) return [];
    const rows = settled.map(({ write, outcome }) => ({
      article: write.subject,
      accepted_revision: outcome.kind === 'accepted' ? write.revision : undefined,
      wms_article_id: outcome.kind === 'accepted' ? outcome.wmsId : undefined,
      refusal_text: outcome.kind === 'refused' ? outcome.text : undefined,
    }));
    await tx.query(
      `UPDATE article_data d SET accepted_revision = COALESCE(r.accepted_revision, d.accepted_revision),
         wms_article_id = COALESCE(r.wms_article_id, d.wms_article_id), refusal_text = r.refusal_text
       FROM jsonb_to_recordset($1::jsonb)
         AS r(article text, accepted_revision integer, wms_article_id integer, refusal_text text)
       WHERE d.article = r.article`,
      [JSON.stringify(rows)],
    );
    return settled.map(({ write, outcome }) => {
      const { channel } = write.body as ArticleBody;
      const ref = { channel, article: write.subject };
      return outcome.kind === 'accepted'
        ? ArticleAccepted.of({ ...ref, wmsArticleId: outcome.wmsId })
        : ArticleRefused.of({
            ...ref,
            reason: 'wms',
            text: 'text' in outcome ? outcome.text.slice(0, 1000) : undefined,
          });
    });
  }
}

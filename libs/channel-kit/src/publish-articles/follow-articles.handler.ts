import { Controller } from '@nestjs/common';
import { ArticleAccepted, ArticleRefused, type Event } from '@samlast/contracts';
import { Consumes, type MessageOf } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import { listRefused, settleRefused } from './refused-articles.ts';

type Answer = MessageOf<typeof ArticleAccepted | typeof ArticleRefused>;

/** What became of this channel's article data: what was not taken stands on the list of its people. */
@Controller()
export class FollowArticles {
  @Consumes(ArticleAccepted, ArticleRefused)
  async onAnswers(messages: Answer[], tx: EntityManager): Promise<Event[]> {
    // One by one in their order: an acceptance settles what Ongoing refused before it, and nothing after it.
    for (const message of messages) {
      if (message.type === 'article.accepted') await settleRefused(tx, [message.data.article], ['wms']);
      else {
        const { article, reason, fields = [], text = 'No reason was given.' } = message.data;
        await listRefused(tx, [{ article, reason, fields, text }]);
      }
    }
    return [];
  }
}

import { Controller, Inject } from '@nestjs/common';
import { ArticlePublished, ArticleRefused, type Article, type Channel, type Event } from '@samlast/contracts';
import { Consumes, type MessageOf } from '@samlast/messaging';
import { CHANNELS, Metrics } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import { ARTICLE_LANE } from '../config.ts';
import { Signals } from '../signals.ts';
import { WriteQueue } from '../write-queue/write-queue.ts';
import type { ArticleBody } from './send-article.ts';

type Published = MessageOf<typeof ArticlePublished>;

/**
 * The master-data firewall (promise P2): article data of the one master reaches Ongoing, of all others it
 * does not.
 */
@Controller()
export class PublishArticles {
  private readonly masters: ReadonlySet<string>;
  private readonly kept;

  constructor(
    @Inject(CHANNELS) channels: Channel[],
    private readonly queue: WriteQueue,
    private readonly signals: Signals,
    metrics: Metrics,
  ) {
    this.masters = new Set(
      channels.filter((channel) => channel.articleMaster).map((channel) => channel.code),
    );
    this.kept = metrics.counter(
      'article_publications_kept_out_total',
      'Article data of channels that are not the article master',
      ['channel'],
    );
  }

  @Consumes(ArticlePublished)
  async onArticles(messages: Published[], tx: EntityManager): Promise<Event[]> {
    const events: Event[] = [];
    const wanted = new Map<string, ArticleBody>();
    for (const { data } of messages) {
      const { channel, article } = data;
      if (this.masters.has(channel)) {
        wanted.set(article.number, {
          channel,
          article: { ...wanted.get(article.number)?.article, ...article },
        });
      } else {
        this.kept.inc({ channel });
        const text = `Article data comes from ${[...this.masters].join() || 'no channel'} alone (articleMaster in channels.json).`;
        events.push(ArticleRefused.of({ channel, article: article.number, reason: 'not-master', text }));
      }
    }
    if (wanted.size > 0) await this.queueArticles(tx, wanted);
    return events;
  }

  /**
   * What waits unsent is completed by the newer data; otherwise it is a write of its own, behind the one on
   * its way.
   */
  private async queueArticles(tx: EntityManager, wanted: ReadonlyMap<string, ArticleBody>): Promise<void> {
    const rows = [...wanted.values()].toSorted((a, b) => (a.article.number < b.article.number ? -1 : 1));
    const [merged] = await tx.query<[{ subject: string }[], number]>(
      `UPDATE writes w SET body = jsonb_set(w.body, '{article}', (w.body -> 'article') || n.article)
       FROM jsonb_to_recordset($1::jsonb) AS n(channel text, article jsonb)
       WHERE w.kind = 'article' AND w.subject = n.article ->> 'number' AND w.sent IS NULL RETURNING w.subject`,
      [JSON.stringify(rows)],
    );
    const done = new Set(merged.map((row) => row.subject));
    const rest = rows.filter(({ article }) => !done.has(article.number));
    const revisions = await tx.query<{ article: string; revision: number }[]>(
      `INSERT INTO article_data AS d (article, channel, revision)
       SELECT article ->> 'number', channel, 1 FROM jsonb_to_recordset($1::jsonb) AS n(channel text, article jsonb)
       ON CONFLICT (article) DO UPDATE SET revision = d.revision + 1, channel = EXCLUDED.channel
       RETURNING article, revision`,
      [JSON.stringify(rest)],
    );
    const revisionOf = new Map(revisions.map((row) => [row.article, row.revision]));
    await this.queue.enqueue(
      tx,
      rest.map((body: { channel: string; article: Article }) => ({
        kind: 'article',
        subject: body.article.number,
        revision: revisionOf.get(body.article.number) ?? 1,
        action: 'put',
        lane: ARTICLE_LANE,
        body,
        articles: [],
      })),
    );
    this.signals.writes.ringSoon();
  }
}

import { Controller, Inject } from '@nestjs/common';
import { type Channel, type Event, StockLevelChanged, toMilli } from '@samlast/contracts';
import { Consumes, type MessageOf } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import { CHANNEL } from '../tokens.ts';
import { keepLevels, type Level } from './shelf-book.ts';
import { ShelfWriter } from './shelf-writer.ts';

/** Remembers what this channel's shop may show. Writing it there is the shelf writer's, after the commit. */
@Controller()
export class FollowLevels {
  constructor(
    @Inject(CHANNEL) private readonly channel: Channel,
    private readonly writer: ShelfWriter,
  ) {}

  @Consumes(StockLevelChanged)
  async onLevels(messages: MessageOf<typeof StockLevelChanged>[], tx: EntityManager): Promise<Event[]> {
    const levels = messages.flatMap(({ data }): Level[] => {
      // A channel that was added after this level was published has none yet; the next one names it.
      const mine = data.channels[this.channel.code];
      if (!mine) return [];
      const { level, since } = mine;
      return [{ article: data.article, version: data.version, level: toMilli(level), since }];
    });
    await keepLevels(tx, levels);
    if (levels.length > 0) this.writer.wakeAfterCommit();
    return [];
  }
}

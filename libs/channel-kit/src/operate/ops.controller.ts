import { Body, Controller, Get, HttpCode, NotFoundException, Param, Post, Put } from '@nestjs/common';
import { fitText, Timestamp } from '@samlast/contracts';
import { Authored } from '@samlast/service';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { OrderFeed } from '../import-orders/order-feed.ts';
import { Turns } from '../take-turns/turns.ts';
import { ShopCaller } from '../tell-shop/shop-caller.ts';

const ROWS_MOST = 500;

const SetCursor = Authored.extend({ changedAt: Timestamp, id: z.string().max(200).default('') });
type SetCursor = z.infer<typeof SetCursor>;

/** What a person can see of a channel and do about it. Every command carries who gave it and why, and is kept. */
@Controller('ops')
export class Ops {
  constructor(
    private readonly database: DataSource,
    private readonly feed: OrderFeed,
    private readonly caller: ShopCaller,
    private readonly turns: Turns,
  ) {}

  /** What the shop lets fail again and again just now, with what it says to it. */
  @Get('failing')
  failing() {
    return this.turns.failing();
  }

  /** How far the shop's orders have been read. */
  @Get('cursor')
  async cursor() {
    const rows = (await this.database.query(
      `SELECT changed_at AS "changedAt", last_id AS id, read_started_at AS "readStartedAt", read_ended_at AS "readEndedAt"
       FROM feed`,
    )) as object[];
    if (!rows[0]) throw new NotFoundException('The shop has not been polled yet.');
    return rows[0];
  }

  /** Reads the shop's orders again from a time on, or leaves some out. */
  @Put('cursor')
  async setCursor(@Body({ schema: SetCursor }) { changedAt, id, author, reason }: SetCursor) {
    await this.database.transaction(async (tx) => {
      await tx.query(
        `INSERT INTO feed (changed_at, last_id) VALUES ($1, $2) ON CONFLICT (only_row) DO UPDATE
         SET changed_at = excluded.changed_at, last_id = excluded.last_id, edition = feed.edition + 1`,
        [changedAt, id],
      );
      await this.keepCommand(tx, 'set-cursor', changedAt, author, reason);
    });
    this.feed.wake();
    return this.cursor();
  }

  /**
   * Orders that a person should look at: not readable, changed after they were sent on, refused, cancelled too late.
   */
  @Get('unreadable-orders')
  unreadable() {
    return this.database.query(
      `SELECT id, number, shop_number AS "shopNumber", state, attention AS reason, attention_at AS since
       FROM shop_orders WHERE attention IS NOT NULL ORDER BY attention_at DESC LIMIT ${ROWS_MOST}`,
    );
  }

  @Post('unreadable-orders/:id/retry')
  @HttpCode(200)
  async retry(@Param('id') id: string, @Body({ schema: Authored }) { author, reason }: Authored) {
    await this.keepCommand(this.database, 'read-order-again', id, author, reason);
    const read = await this.feed.readOrder(id);
    if (!read) throw new NotFoundException('The shop has no order with this id.');
    return { read: true, ...('unreadable' in read && { reason: read.unreadable }) };
  }

  /** Takes an order off the list: a person has settled it. */
  @Post('unreadable-orders/:id/settle')
  @HttpCode(200)
  async settle(@Param('id') id: string, @Body({ schema: Authored }) { author, reason }: Authored) {
    await this.keepCommand(this.database, 'settle-order', id, author, reason);
    await this.database.query('UPDATE shop_orders SET attention = NULL, attention_at = NULL WHERE id = $1', [
      id,
    ]);
    return { settled: true };
  }

  /** Placed in the shop before the channel's start, so never imported. */
  @Get('orders-before-start')
  beforeStart() {
    return this.database.query(
      `SELECT id, shop_number AS "shopNumber", placed_at AS "placedAt", read_at AS "readAt"
       FROM shop_orders WHERE state = 'before-start' ORDER BY placed_at DESC LIMIT ${ROWS_MOST}`,
    );
  }

  /** Calls to the shop that wait or that it refused. */
  @Get('jobs')
  jobs() {
    return this.database.query(
      `SELECT j.id, j.kind, j.key, j.state, j.tries, j.next_at AS "nextAt", j.reason, j.created_at AS "createdAt",
         o.number, o.shop_number AS "shopNumber"
       FROM jobs j JOIN shop_orders o ON o.id = j.order_id WHERE j.state <> 'done' ORDER BY j.id LIMIT ${ROWS_MOST}`,
    );
  }

  @Post('jobs/:id/retry')
  @HttpCode(200)
  async retryJob(@Param('id') id: string, @Body({ schema: Authored }) { author, reason }: Authored) {
    return this.endParked(id, author, reason, 'waiting');
  }

  @Post('jobs/:id/discard')
  @HttpCode(200)
  async discardJob(@Param('id') id: string, @Body({ schema: Authored }) { author, reason }: Authored) {
    return this.endParked(id, author, reason, 'done');
  }

  /** What is known of one article's shelf, for those who ask why a number is what it is. Thousandths of a piece. */
  @Get('shelves/:article')
  async shelf(@Param('article') article: string) {
    const rows = (await this.database.query(
      `SELECT article, version, level, sold, allowance, shown, shown_version AS "shownVersion", refused,
         edited_at AS "editedAt", wanted > done AS waiting,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('order', o.number, 'sold', l.sold, 'imported', l.imported, 'counted', l.counted,
             'countedFrom', l.counted_from)), '[]')
           FROM order_lines l JOIN shop_orders o ON o.id = l.order_id
           WHERE l.article = s.article AND l.unsettled) AS uncounted
       FROM shelves s WHERE article = $1`,
      [article],
    )) as object[];
    if (!rows[0]) throw new NotFoundException('Nothing is known of this article here.');
    return rows[0];
  }

  /** Articles whose number in the shop was changed by something that is no order of it. */
  @Get('edited-shelves')
  editedShelves() {
    return this.database.query(
      `SELECT article, edited_at AS "editedAt" FROM shelves WHERE edited_at IS NOT NULL
       ORDER BY edited_at DESC LIMIT ${ROWS_MOST}`,
    );
  }

  private async endParked(id: string, author: string, reason: string, state: 'waiting' | 'done') {
    const [, count] = (await this.database.query(
      `UPDATE jobs SET state = $2, next_at = now(), ended_at = CASE WHEN $2 = 'done' THEN now() END
       WHERE id::text = $1 AND state = 'parked'`,
      [id, state],
    )) as [unknown, number];
    if (count === 0) throw new NotFoundException('No call with this id has been refused by the shop.');
    await this.keepCommand(this.database, `job-${state}`, id, author, reason);
    this.caller.wake();
    return { id, state };
  }

  private async keepCommand(
    on: Pick<DataSource, 'query'>,
    command: string,
    subject: string,
    author: string,
    reason: string,
  ): Promise<void> {
    await on.query('INSERT INTO commands (command, subject, author, reason) VALUES ($1, $2, $3, $4)', [
      command,
      fitText(subject, 200),
      author,
      reason,
    ]);
  }
}

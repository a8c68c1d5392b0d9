import {
  Body,
  ConflictException,
  Controller,
  Get,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  Post,
} from '@nestjs/common';
import type { Order } from '@samlast/contracts';
import { UnitOfWork } from '@samlast/messaging';
import { Authored, CONFIG, Log } from '@samlast/service';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { ForeignOrders } from '../follow-orders/foreign-orders.ts';
import { Leadership } from '../leadership.ts';
import { linesOf, OrderRegistry, pickedArticles, type Registered } from '../push-orders/order-registry.ts';
import type { PutBody } from '../push-orders/send-order.ts';
import { Reachability } from '../reachability.ts';
import { Signals } from '../signals.ts';
import { WriteQueue } from '../write-queue/write-queue.ts';

const ROWS_MAX = 500;

/** What a person may see and do at the gateway. */
@Controller('ops')
export class OperateController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DataSource,
    private readonly leadership: Leadership,
    private readonly reachability: Reachability,
    private readonly foreign: ForeignOrders,
    private readonly registry: OrderRegistry,
    private readonly queue: WriteQueue,
    private readonly unitOfWork: UnitOfWork,
    private readonly signals: Signals,
    private readonly log: Log,
  ) {}

  /** What waits for Ongoing, who writes, and whether Ongoing answers. */
  @Get('queue')
  async readQueue() {
    const lanes = await this.database.query<unknown[]>(
      `SELECT lane, count(*)::int AS waiting, count(sent)::int AS open FROM writes GROUP BY lane ORDER BY lane`,
    );
    const troubled = await this.database.query<unknown[]>(
      `SELECT kind, subject AS number, revision, action, lane, tries, last_fault AS fault, not_before AS "notBefore"
       FROM writes WHERE tries > 0 ORDER BY tries DESC, position LIMIT $1`,
      [ROWS_MAX],
    );
    const outage = this.reachability.outage();
    return {
      writer: (await this.leadership.current()) ?? null,
      ongoing: outage ?? 'answers',
      lanes,
      troubled,
    };
  }

  @Get('refused-orders')
  async readRefused() {
    return this.database.query<unknown[]>(
      `SELECT number, channel, refusal_reason AS reason, refusal_text AS text, updated_at AS at
       FROM orders WHERE state = 'refused' ORDER BY updated_at DESC LIMIT $1`,
      [ROWS_MAX],
    );
  }

  @Get('orders/:number')
  async readOrder(@Param('number') number: string) {
    const [order] = await this.database.query<object[]>(
      `SELECT number, channel, origin, state, revision, accepted_revision AS "acceptedRevision", lines,
         refusal_reason AS reason, refusal_text AS text, wms_order_id AS "wmsOrderId",
         status_number AS "statusNumber", parcels, updated_at AS at FROM orders WHERE number = $1`,
      [number],
    );
    if (!order) {
      throw new NotFoundException(
        `The gateway has no order ${number}. Numbers are written as in the WMS, such as 5178-SE.`,
      );
    }
    const writes = await this.database.query<unknown[]>(
      `SELECT revision, action, tries, last_fault AS fault, not_before AS "notBefore", sent, deadline
       FROM writes WHERE kind = 'order' AND subject = $1 ORDER BY revision`,
      [number],
    );
    return { ...order, writes };
  }

  @Get('foreign-orders')
  async readForeign() {
    return this.foreign.list(ROWS_MAX);
  }

  /** Sends a refused order again, after a person has set right what was wrong. */
  @Post('orders/:number/retry')
  @HttpCode(202)
  async retry(
    @Param('number') number: string,
    @Body({ schema: Authored }) { author, reason }: z.infer<typeof Authored>,
  ) {
    await this.unitOfWork.run(async (tx) => {
      const was = (await this.registry.lock(tx, [number])).get(number);
      if (!was) throw new NotFoundException(`The gateway has no order ${number}.`);
      const [kept] = await tx.query<{ refused_order: PutBody | null }[]>(
        `SELECT refused_order FROM orders WHERE number = $1`,
        [number],
      );
      const body = kept?.refused_order;
      if (was.state !== 'refused' || !was.claimed || !body) {
        throw new ConflictException(whyNotAgain(was));
      }
      const order: Order = body.order;
      const lines = linesOf(order, body.parts);
      await this.registry.change(tx, [{ number, state: 'queued', revision: order.revision, lines }]);
      await this.queue.enqueue(tx, [
        {
          kind: 'order',
          subject: number,
          revision: order.revision,
          action: 'put',
          lane: order.channel,
          articles: pickedArticles(lines),
          body: { ...body, acceptedBefore: was.accepted_revision !== null },
        },
      ]);
      return { events: [], answer: undefined };
    });
    this.log.info('a refused order is sent again', { number, caller: author, reason });
    this.signals.writes.ring();
    return { number, state: 'queued', installation: this.config.INSTALLATION };
  }
}

function whyNotAgain({ number, claimed, state }: Registered): string {
  if (!claimed)
    return `Order ${number} has no number of its own: give it another one in its shop, or cancel it there.`;
  return state === 'refused'
    ? `Order ${number} was refused more than 35 days ago, and its address is forgotten: place it anew in its shop, and reject this one.`
    : `Order ${number} is ${state}: only a refused order can be sent again.`;
}

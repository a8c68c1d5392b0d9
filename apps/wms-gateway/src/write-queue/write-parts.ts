import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import { CONFIG, Log } from '@samlast/service';
import type { Config } from '../config.ts';
import { Ongoing } from '../ongoing.ts';
import { SendArticle } from '../publish-articles/send-article.ts';
import { InboundOutcomes } from '../push-inbound/inbound-outcomes.ts';
import { SendInbound } from '../push-inbound/send-inbound.ts';
import { OrderOutcomes } from '../push-orders/order-outcomes.ts';
import { SendOrder } from '../push-orders/send-order.ts';
import { Reachability } from '../reachability.ts';
import { Signals } from '../signals.ts';
import type { Later, OpenWrite, Outcome } from './write.ts';
import { WriteQueue } from './write-queue.ts';

/** What the writing consists of. */
@Injectable()
export class WriteParts {
  constructor(
    @Inject(CONFIG) readonly config: Config,
    readonly queue: WriteQueue,
    readonly unitOfWork: UnitOfWork,
    readonly ongoing: Ongoing,
    readonly orders: SendOrder,
    readonly outcomes: OrderOutcomes,
    readonly articles: SendArticle,
    readonly inbound: SendInbound,
    readonly inboundOutcomes: InboundOutcomes,
    readonly reachability: Reachability,
    readonly signals: Signals,
    readonly log: Log,
  ) {}

  /** Makes the request of one write. */
  attempt(write: OpenWrite): Promise<Outcome | Later> {
    switch (write.kind) {
      case 'order':
        return this.orders.attempt(write);
      case 'article':
        return this.articles.attempt(write);
      case 'purchase-order':
      case 'return':
        return this.inbound.attempt(write);
    }
  }
}

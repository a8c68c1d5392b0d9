import { Controller, Injectable, Module } from '@nestjs/common';
import {
  ArticleListed,
  ArticlePublished,
  type DataOf,
  type Event,
  type EventDefinition,
  OrderAmended,
  OrderCancelRequested,
  OrderPlaced,
  PurchaseOrderAmended,
  PurchaseOrderCancelRequested,
  PurchaseOrderPlaced,
  ReturnAnnounced,
  ReturnWithdrawn,
  ShelfRefused,
  ShelfSet,
} from '@samlast/contracts';
import { Consumes, type Message, type MessageOf, UnitOfWork } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import { defineConfig, defineService, type RunningService, startService } from '@samlast/service';

/** What the channel has published, in order of arrival. */
@Injectable()
class Seen {
  readonly messages: Message[] = [];
}

@Controller()
class Listen {
  constructor(private readonly seen: Seen) {}

  @Consumes(OrderPlaced, OrderAmended, OrderCancelRequested)
  async onOrders(
    messages: MessageOf<typeof OrderPlaced | typeof OrderAmended | typeof OrderCancelRequested>[],
    _tx: EntityManager,
  ): Promise<Event[]> {
    return this.keep(messages);
  }

  @Consumes(PurchaseOrderPlaced, PurchaseOrderAmended, PurchaseOrderCancelRequested)
  async onPurchaseOrders(
    messages: MessageOf<
      typeof PurchaseOrderPlaced | typeof PurchaseOrderAmended | typeof PurchaseOrderCancelRequested
    >[],
    _tx: EntityManager,
  ): Promise<Event[]> {
    return this.keep(messages);
  }

  @Consumes(ReturnAnnounced, ReturnWithdrawn)
  async onReturns(
    messages: MessageOf<typeof ReturnAnnounced | typeof ReturnWithdrawn>[],
    _tx: EntityManager,
  ): Promise<Event[]> {
    return this.keep(messages);
  }

  @Consumes(ShelfSet, ShelfRefused)
  async onShelves(
    messages: MessageOf<typeof ShelfSet | typeof ShelfRefused>[],
    _tx: EntityManager,
  ): Promise<Event[]> {
    return this.keep(messages);
  }

  @Consumes(ArticlePublished, ArticleListed)
  async onArticles(
    messages: MessageOf<typeof ArticlePublished | typeof ArticleListed>[],
    _tx: EntityManager,
  ): Promise<Event[]> {
    return this.keep(messages);
  }

  private keep(messages: Message[]): Event[] {
    const known = new Set(this.seen.messages.map((one) => one.id));
    this.seen.messages.push(...messages.filter((one) => !known.has(one.id)));
    return [];
  }
}

@Module({ controllers: [Listen], providers: [Seen] })
class PeerModule {}

const peer = defineService({
  name: 'peer',
  config: defineConfig({}),
  schema: () => 'peer',
  group: () => 'peer',
  migrations: [],
  module: () => PeerModule,
});

/** Stands for the stock authority and the gateway: says what they say, hears what a channel says. */
export class Peer {
  private constructor(private readonly service: RunningService) {}

  static async start(env: Record<string, string>): Promise<Peer> {
    return new Peer(await startService(peer, env));
  }

  /** Publishes these events, as their owners would. */
  async say(...events: Event[]): Promise<void> {
    await this.service.app.get(UnitOfWork).run(async () => ({ events, answer: undefined }));
  }

  /** What the channel has published of one kind, about one key where one is given. */
  heard<Definition extends EventDefinition>(definition: Definition, key?: string): DataOf<Definition>[] {
    return this.service.app
      .get(Seen)
      .messages.filter((one) => one.type === definition.type && (key === undefined || one.key === key))
      .map((one) => one.data as DataOf<Definition>);
  }

  stop(): Promise<void> {
    return this.service.close();
  }
}

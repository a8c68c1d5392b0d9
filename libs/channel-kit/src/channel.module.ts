import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Channel } from '@samlast/contracts';
import { Log } from '@samlast/service';
import { FollowInbound } from './announce-inbound/follow-inbound.handler.ts';
import { InboundCaller } from './announce-inbound/inbound-caller.ts';
import { OperateInbound } from './announce-inbound/inbound.controller.ts';
import { InboundFeed } from './announce-inbound/inbound-feed.ts';
import type { ChannelConfig, ChannelDefinition } from './channel.ts';
import { ClaimKeeper } from './claim-pieces/claim-keeper.ts';
import { Claims } from './claim-pieces/claims.controller.ts';
import { FollowDecisions } from './follow-orders/follow-decisions.handler.ts';
import { FollowWarehouse } from './follow-orders/follow-warehouse.handler.ts';
import { ForgetDone } from './forget-done/forget-done.ts';
import { OrderFeed } from './import-orders/order-feed.ts';
import { Ops } from './operate/ops.controller.ts';
import { ArticleReader } from './publish-articles/article-reader.ts';
import { FollowArticles } from './publish-articles/follow-articles.handler.ts';
import { OperateArticles } from './publish-articles/articles.controller.ts';
import { Webhooks } from './receive-webhooks/webhooks.controller.ts';
import type { Shop } from './shop.ts';
import { Moments } from './take-turns/moments.ts';
import { Turns } from './take-turns/turns.ts';
import { ShopCaller } from './tell-shop/shop-caller.ts';
import { CHANNEL, DEFINITION, SETTINGS, SHOP } from './tokens.ts';
import { FollowLevels } from './write-shelves/follow-levels.handler.ts';
import { ShelfWriter } from './write-shelves/shelf-writer.ts';

/** A channel: what comes from the bus, what comes from the shop, and what goes there. */
@Module({
  controllers: [
    FollowLevels,
    FollowDecisions,
    FollowWarehouse,
    FollowInbound,
    FollowArticles,
    Webhooks,
    Claims,
    Ops,
    OperateInbound,
    OperateArticles,
  ],
  providers: [
    Turns,
    Moments,
    ForgetDone,
    OrderFeed,
    ShelfWriter,
    ShopCaller,
    ArticleReader,
    ClaimKeeper,
    InboundFeed,
    InboundCaller,
  ],
})
export class ChannelModule implements OnApplicationShutdown {
  constructor(@Inject(SHOP) private readonly shop: Shop) {}

  static with<Config extends ChannelConfig>(
    definition: ChannelDefinition<Config>,
    config: Config,
    channels: readonly Channel[],
  ): DynamicModule {
    return {
      module: ChannelModule,
      providers: [
        { provide: DEFINITION, useValue: definition },
        { provide: SETTINGS, useValue: config },
        { provide: CHANNEL, useValue: channels.find((channel) => channel.code === config.CHANNEL_CODE) },
        { provide: SHOP, useFactory: (log: Log) => definition.shop(config, { log }), inject: [Log] },
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.shop.close?.();
  }
}

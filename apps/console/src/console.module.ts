import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { CatalogueController } from './ask-owners/catalogue.controller.ts';
import { ChannelListsController } from './ask-owners/channel-lists.controller.ts';
import { ChannelAnswers } from './ask-owners/channel-lists.ts';
import { Decisions } from './ask-owners/decisions.ts';
import { ForeignController } from './ask-owners/foreign.controller.ts';
import { InboundCommands } from './ask-owners/inbound.commands.ts';
import { OrderCommands } from './ask-owners/orders.commands.ts';
import { Owners } from './ask-owners/owners.ts';
import { ParkedController } from './ask-owners/parked.controller.ts';
import { ServicesController } from './ask-owners/services.controller.ts';
import { StockController } from './ask-owners/stock.controller.ts';
import { FollowArticles } from './follow-articles/follow-articles.handler.ts';
import { FollowInbound } from './follow-inbound/follow-inbound.handler.ts';
import { FollowOrders } from './follow-orders/follow-orders.handler.ts';
import { Live } from './live/live.ts';
import { LiveController } from './live/live.controller.ts';
import { ArticleSearch } from './look-up/article-search.ts';
import { ArticlesController } from './look-up/articles.controller.ts';
import { InboundController } from './look-up/inbound.controller.ts';
import { OrderSearch } from './look-up/order-search.ts';
import { OrdersController } from './look-up/orders.controller.ts';
import { OverviewController } from './look-up/overview.controller.ts';
import { pagesToServe } from './serve-pages/bundle-pages.ts';
import { protectiveHeaders } from './serve-pages/headers.ts';
import { PAGES, PagesController } from './serve-pages/pages.controller.ts';
import { OriginGuard } from './sign-in/origin.guard.ts';
import { SessionController } from './sign-in/session.controller.ts';
import { SessionGuard } from './sign-in/session.guard.ts';
import { Sessions } from './sign-in/sessions.ts';

@Module({
  controllers: [
    FollowOrders,
    FollowArticles,
    FollowInbound,
    SessionController,
    OverviewController,
    OrdersController,
    ArticlesController,
    InboundController,
    OrderCommands,
    InboundCommands,
    ParkedController,
    ServicesController,
    ForeignController,
    StockController,
    CatalogueController,
    ChannelListsController,
    LiveController,
    PagesController,
  ],
  providers: [
    Sessions,
    SessionGuard,
    OriginGuard,
    OrderSearch,
    ArticleSearch,
    Owners,
    Decisions,
    ChannelAnswers,
    Live,
    { provide: PAGES, useFactory: pagesToServe },
  ],
})
export class ConsoleModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(protectiveHeaders).forRoutes('{*path}');
  }
}

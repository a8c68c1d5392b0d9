import { Module } from '@nestjs/common';
import { ClaimDesk } from './claim-stock/claim-desk.ts';
import { ClaimsController } from './claim-stock/claims.controller.ts';
import { ExpireClaims } from './claim-stock/expire-claims.ts';
import { ExpectGoods } from './expect-goods/expect-goods.handler.ts';
import { WatchArrivals } from './expect-goods/watch-arrivals.ts';
import { OpenClaims } from './claim-stock/open-claims.ts';
import { FollowKits } from './follow-kits/follow-kits.handler.ts';
import { ForgetBuyers } from './forget-buyers/forget-buyers.ts';
import { ConfirmShelves } from './lease-stock/confirm-shelves.handler.ts';
import { ObserveStock } from './observe-stock/observe-stock.handler.ts';
import { CountRestored } from './operate-leases/count-restored.ts';
import { GiveUpLeases } from './operate-leases/give-up-leases.ts';
import { LeasesController } from './operate-leases/leases.controller.ts';
import { WatchChannels } from './operate-leases/watch-channels.ts';
import { OrdersController } from './operate-orders/orders.controller.ts';
import { PublishLevels } from './publish-levels/publish-levels.ts';
import { StockTerms } from './publish-levels/stock-terms.ts';
import { ChannelsController } from './register-channel/channels.controller.ts';
import { ReserveStock } from './reserve-stock/reserve-stock.handler.ts';
import { RulesController } from './set-rules/rules.controller.ts';
import { SettleOrders } from './settle-orders/settle-orders.handler.ts';
import { ArticlesController } from './show-article/articles.controller.ts';
import { RepairController } from './verify/repair.controller.ts';
import { VerifyController } from './verify/verify.controller.ts';

/**
 * The only one that promises a piece. From the bus: orders, stock, answers. By HTTP: channels, and people's
 * commands.
 */
@Module({
  controllers: [
    ReserveStock,
    ObserveStock,
    SettleOrders,
    ConfirmShelves,
    ExpectGoods,
    FollowKits,
    ChannelsController,
    ClaimsController,
    OrdersController,
    LeasesController,
    ArticlesController,
    RulesController,
    VerifyController,
    RepairController,
  ],
  providers: [
    StockTerms,
    PublishLevels,
    ClaimDesk,
    OpenClaims,
    ExpireClaims,
    ForgetBuyers,
    GiveUpLeases,
    CountRestored,
    WatchChannels,
    WatchArrivals,
  ],
})
export class StockAuthorityModule {}

import { Body, Controller, Get, HttpCode, NotFoundException, Param, Post, Query } from '@nestjs/common';
import { ArticleNumber, ChannelCode, fromMilli } from '@samlast/contracts';
import { UnitOfWork } from '@samlast/messaging';
import { Authored, Log } from '@samlast/service';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { exposure, guarded } from '../lease-stock/lease.ts';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { pauseChannel } from '../tables/channels.ts';
import { leasesOf } from '../tables/leases.ts';
import { appendToLedger } from '../tables/ledger.ts';
import { CountRestored } from './count-restored.ts';
import { GiveUpLeases } from './give-up-leases.ts';

const Listing = z.strictObject({ channel: ChannelCode.optional() });
type Listing = z.infer<typeof Listing>;
const GiveUp = Authored.extend({ article: ArticleNumber.optional() });
type GiveUp = z.infer<typeof GiveUp>;

const ROWS_MOST = 1_000;

/** What shops may sell without asking, and what a person does about a shop that cannot be reached any more. */
@Controller('ops')
export class LeasesController {
  constructor(
    private readonly source: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly terms: StockTerms,
    private readonly leases: GiveUpLeases,
    private readonly countRestored: CountRestored,
    private readonly log: Log,
  ) {}

  /**
   * Pieces that a channel can still sell, the largest first; of a channel that is silent or paused they cannot be had
   * back before it confirms a lower number, or somebody gives them up.
   */
  @Get('leases')
  async list(@Query({ schema: Listing }) { channel }: Listing) {
    const rows = await leasesOf(this.source.manager, channel, ROWS_MOST);
    const terms = await this.terms.at(this.source.manager);
    return {
      leases: rows.map(({ article, lease }) => ({
        channel: lease.channel,
        article,
        canSell: fromMilli(exposure(lease)),
        promised: fromMilli(guarded(lease)),
        confirmedVersion: lease.confirmed,
        alive: terms.shopOf(lease.channel).alive,
      })),
    };
  }

  /** Whatever its shop still sells of these is short from now on: its pieces go to the others. */
  @Post('leases/:channel/give-up')
  @HttpCode(200)
  async giveUp(
    @Param('channel') channel: string,
    @Body({ schema: GiveUp }) { article, author, reason }: GiveUp,
  ) {
    this.refuseStranger(channel);
    const pieces = await this.leases.giveUp(channel, article, { author, reason });
    this.log.info("a channel's leases were given up by hand", { channel });
    return { channel, givenUp: fromMilli(pieces) };
  }

  /** This database is an older one: what shops were given since is found out before anything more is given. */
  @Post('restored')
  @HttpCode(200)
  async restored(@Body({ schema: Authored }) by: Authored) {
    const articles = await this.countRestored.count(by);
    this.log.info('all levels were made anew after a restore from a backup', { count: articles });
    return { articles };
  }

  /** A paused channel is given nothing, and what it has is taken back as far as its shop confirms it. */
  @Post('channels/:channel/:what')
  @HttpCode(200)
  async pause(
    @Param('channel') channel: string,
    @Param('what') what: string,
    @Body({ schema: Authored }) { author, reason }: Authored,
  ) {
    this.refuseStranger(channel);
    if (what !== 'pause' && what !== 'resume')
      throw new NotFoundException(`A channel can pause or resume, not ${what}.`);
    await this.unitOfWork.run(async (tx) => {
      if (!(await pauseChannel(tx, channel, what === 'pause')))
        throw new NotFoundException(`Channel ${channel} has never been heard of, so it shows nothing yet.`);
      await appendToLedger(tx, [{ kind: `channel.${what}d`, data: { channel, author, reason } }]);
      return { events: [], answer: undefined };
    });
    await this.leases.publishAnew(channel);
    return { channel, paused: what === 'pause' };
  }

  private refuseStranger(channel: string): void {
    if (this.terms.policyOf(channel)) return;
    throw new NotFoundException(`channels.json has no channel ${channel}.`);
  }
}

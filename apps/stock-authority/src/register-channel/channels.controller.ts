import {
  Body,
  ConflictException,
  Controller,
  Delete,
  Get,
  Inject,
  NotFoundException,
  Param,
  Put,
} from '@nestjs/common';
import { type Channel, ShelfMethod } from '@samlast/contracts';
import { UnitOfWork } from '@samlast/messaging';
import { Authored, CHANNELS, CONFIG, Log } from '@samlast/service';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { StockAuthorityConfig } from '../config.ts';
import { WatchChannels } from '../operate-leases/watch-channels.ts';
import {
  deleteRegistration,
  listRegistrations,
  lockRegistration,
  saveRegistration,
} from '../tables/channels.ts';
import { appendToLedger } from '../tables/ledger.ts';
import { leave, register } from './register.ts';

const Claim = z.strictObject({
  /** What tells this shop from every other one, such as its address and its own id. */
  shopIdentity: z.string().trim().min(1).max(300),
  /** One running process. */
  instanceId: z.string().trim().min(1).max(100),
  kind: z.string().min(1).max(30),
  /** How its shop takes stock writes, which says what a lease may promise; none where it shows no stock. */
  method: ShelfMethod.optional(),
});
type Claim = z.infer<typeof Claim>;

const at = (time?: number) => time && new Date(time).toISOString();

/** Which shop works under which channel's code, and with which instance. */
@Controller('channels')
export class ChannelsController {
  constructor(
    @Inject(CHANNELS) private readonly channels: Channel[],
    @Inject(CONFIG) private readonly config: StockAuthorityConfig,
    private readonly source: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly watch: WatchChannels,
    private readonly log: Log,
  ) {}

  @Get()
  async list() {
    const holders = await listRegistrations(this.source.manager);
    return {
      channels: this.channels.map(({ code, name, kind, mode }) => {
        const holder = holders.get(code);
        const { shopIdentity, instanceId, standbyId } = holder ?? {};
        const seen = { seenAt: at(holder?.seenAt), standbySeenAt: at(holder?.standbySeenAt) };
        return { code, name, kind, mode, ...(holder && { shopIdentity, instanceId, standbyId, ...seen }) };
      }),
    };
  }

  /** Repeated by every instance as its heartbeat, several times within `silentAfterS`. */
  @Put(':code')
  async claim(@Param('code') code: string, @Body({ schema: Claim }) claim: Claim) {
    this.refuseStranger(code, claim.kind);
    const silentAfterS = this.config.CHANNEL_SILENT_S;
    const { role, isNews } = await this.unitOfWork.run(async (tx) => {
      const { known, now } = await lockRegistration(tx, code);
      const registered = register(known, claim, now, silentAfterS * 1000);
      const { role } = registered;
      if (registered.role !== 'refused') await saveRegistration(tx, code, registered.now);
      const isNews = registered.role !== 'refused' && registered.now.method !== known?.method;
      return { events: [], answer: { role, isNews } };
    });
    if (isNews) this.watch.lookSoon();
    if (role === 'refused') {
      this.log.warn('another shop asked for a code that is held', {
        channel: code,
        instance: claim.instanceId,
      });
      throw new ConflictException(
        `Channel ${code} is held by another shop, and two shops under one code would make the same order numbers. ` +
          `Give this shop a code of its own in channels.json. Where it takes the other one's place for good, stop that one and ` +
          `send DELETE /channels/${code} with author and reason first.`,
      );
    }
    return { code, role, silentAfterS };
  }

  /** What an instance says when it ends in order: the next one of its shop takes over at once. */
  @Delete(':code/instances/:instanceId')
  async leave(@Param('code') code: string, @Param('instanceId') instanceId: string) {
    return this.unitOfWork.run(async (tx) => {
      const { known } = await lockRegistration(tx, code);
      const left = leave(known, instanceId);
      if (left) await saveRegistration(tx, code, left);
      return { events: [], answer: { code, role: 'none' } };
    });
  }

  /** Gives the code to whichever shop asks next. */
  @Delete(':code')
  async release(@Param('code') code: string, @Body({ schema: Authored }) { author, reason }: Authored) {
    const given = await this.unitOfWork.run(async (tx) => {
      await lockRegistration(tx, code);
      const answer = await deleteRegistration(tx, code);
      if (answer) await appendToLedger(tx, [{ kind: 'channel.given-free', data: { code, author, reason } }]);
      return { events: [], answer };
    });
    if (!given)
      throw new NotFoundException(`Channel ${code} is held by nobody, so it need not be given free.`);
    this.watch.lookSoon();
    this.log.info('a channel was given free by hand', { channel: code });
    return { code, role: 'free' };
  }

  private refuseStranger(code: string, kind: string): void {
    const channel = this.channels.find((one) => one.code === code);
    if (!channel) {
      throw new NotFoundException(
        `channels.json has no channel ${code}. Add it there, restart the services, and let the channel ask again.`,
      );
    }
    if (channel.kind !== kind) {
      throw new ConflictException(
        `channels.json says that ${code} is of kind ${channel.kind}, but an image of kind ${kind} asked for it. Correct one of them.`,
      );
    }
  }
}

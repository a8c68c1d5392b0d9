import { Body, Controller, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { Authored, Public } from '@samlast/service';
import { z } from 'zod';
import { OriginGuard } from '../sign-in/origin.guard.ts';
import { SessionGuard } from '../sign-in/session.guard.ts';
import { Decisions } from './decisions.ts';

/** A person decides about an order; the service that owns it carries it out. */
@Public()
@UseGuards(OriginGuard, SessionGuard)
@Controller('api/orders')
export class OrderCommands {
  constructor(private readonly decisions: Decisions) {}

  @Post(':number/release')
  @HttpCode(200)
  async release(@Param('number') number: string, @Body({ schema: Authored }) authored: Authored) {
    await this.command('stock-authority', 'release', number, authored);
    return { said: `Order ${number} is released.` };
  }

  @Post(':number/reject')
  @HttpCode(200)
  async reject(@Param('number') number: string, @Body({ schema: Authored }) authored: Authored) {
    await this.command('stock-authority', 'reject', number, authored);
    return { said: `Order ${number} is rejected.` };
  }

  /** An order that the warehouse refused is sent to it once more, after what was wrong has been set right. */
  @Post(':number/retry')
  @HttpCode(200)
  async retry(@Param('number') number: string, @Body({ schema: Authored }) authored: Authored) {
    await this.command('wms-gateway', 'retry', number, authored);
    return { said: `Order ${number} is sent to the warehouse again.` };
  }

  private async command(owner: string, verb: string, number: string, authored: Authored): Promise<void> {
    const path = `/ops/orders/${encodeURIComponent(number)}/${verb}`;
    await this.decisions.carryOut(owner, path, authored, z.unknown());
  }
}

import { Body, Controller, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { Authored, Log, Public } from '@samlast/service';
import { z } from 'zod';
import { OriginGuard } from '../sign-in/origin.guard.ts';
import { SessionGuard } from '../sign-in/session.guard.ts';
import { Owners } from './owners.ts';
import { valueOf } from './relay-answer.ts';

/** A person decides about a held order; the stock authority carries it out. */
@Public()
@UseGuards(OriginGuard, SessionGuard)
@Controller('api/orders')
export class OrderCommands {
  constructor(
    private readonly owners: Owners,
    private readonly log: Log,
  ) {}

  @Post(':number/release')
  @HttpCode(200)
  async release(@Param('number') number: string, @Body({ schema: Authored }) authored: Authored) {
    await this.command('release', number, authored);
    return { said: `Order ${number} is released.` };
  }

  @Post(':number/reject')
  @HttpCode(200)
  async reject(@Param('number') number: string, @Body({ schema: Authored }) authored: Authored) {
    await this.command('reject', number, authored);
    return { said: `Order ${number} is rejected.` };
  }

  private async command(verb: 'release' | 'reject', number: string, authored: Authored): Promise<void> {
    const path = `/ops/orders/${encodeURIComponent(number)}/${verb}`;
    valueOf(await this.owners.post('stock-authority', path, authored, z.unknown()));
    this.log.info('an operator decided about a held order', { number, kind: verb });
  }
}

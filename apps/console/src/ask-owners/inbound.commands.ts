import { Body, Controller, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { Authored, Public } from '@samlast/service';
import { z } from 'zod';
import { Text } from '../look-up/text.ts';
import { OriginGuard } from '../sign-in/origin.guard.ts';
import { SessionGuard } from '../sign-in/session.guard.ts';
import { Decisions } from './decisions.ts';

const Kind = z.enum(['purchase-order', 'return']);

/** A person decides about a purchase order or a return; the gateway, which writes them, carries it out. */
@Public()
@UseGuards(OriginGuard, SessionGuard)
@Controller('api/inbound')
export class InboundCommands {
  constructor(private readonly decisions: Decisions) {}

  /** One that the warehouse refused is sent to it once more, after what was wrong has been set right. */
  @Post(':kind/:number/retry')
  @HttpCode(200)
  async retry(
    @Param('kind', { schema: Kind }) kind: string,
    @Param('number', { schema: Text }) number: string,
    @Body({ schema: Authored }) authored: Authored,
  ) {
    const path = `/ops/inbound/${kind}/${encodeURIComponent(number)}/retry`;
    await this.decisions.carryOut('wms-gateway', path, authored, z.unknown());
    return { said: `${number} is sent to the warehouse again.` };
  }
}

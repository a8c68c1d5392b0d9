import { Body, Controller, Get, Header, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { fromMilli, Quantity, toMilli } from '@samlast/contracts';
import { Authored, Public } from '@samlast/service';
import { z } from 'zod';
import type { AtRisk, SilentLeases, StockGate, StockNow } from '../look-up/shapes.ts';
import { OriginGuard } from '../sign-in/origin.guard.ts';
import { SessionGuard } from '../sign-in/session.guard.ts';
import { Decisions } from './decisions.ts';
import { type Answer, Owners } from './owners.ts';

const Gate = z.object({
  state: z.enum(['open', 'waiting', 'differs', 'accepted', 'discarded']),
  doubt: z.enum(['zeroed', 'page-missing', 'list-shrunk']).nullable(),
  heldAt: z.string().nullable(),
  secondReadAt: z.string().nullable(),
  count: z.int(),
  articles: z.array(
    z.object({
      article: z.string(),
      sellable: z.string(),
      sellableBefore: z.string(),
      status: z.string(),
      differs: z.boolean(),
    }),
  ),
});

const Risks = z.object({
  orders: z.array(
    z.object({
      number: z.string(),
      channel: z.string(),
      article: z.string(),
      wanted: z.string(),
      missing: z.string(),
    }),
  ),
});

const Leases = z.object({
  leases: z.array(
    z.object({ channel: z.string(), article: z.string(), canSell: Quantity, alive: z.boolean() }),
  ),
});

/** Stock that a person has to look at, asked of whoever owns it at this moment; and what the person decides. */
@Public()
@UseGuards(OriginGuard, SessionGuard)
@Controller('api/stock')
export class StockController {
  constructor(
    private readonly owners: Owners,
    private readonly decisions: Decisions,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async now(): Promise<StockNow> {
    const [gate, risks, leases] = await Promise.all([
      this.owners.get('wms-gateway', '/ops/stock-gate', Gate),
      this.owners.get('stock-authority', '/ops/orders/at-risk', Risks),
      this.owners.get('stock-authority', '/ops/leases', Leases),
    ]);
    return {
      gate: valueOr(gate, gateOf),
      atRisk: valueOr(risks, ({ orders }): AtRisk => ({ orders })),
      silent: valueOr(leases, silentOf),
    };
  }

  @Post('gate/accept')
  @HttpCode(200)
  async accept(@Body({ schema: Authored }) authored: Authored) {
    await this.decisions.carryOut('wms-gateway', '/ops/stock-gate/accept', authored, z.unknown());
    return { said: 'Everything is read once more, and counts as it is then.' };
  }

  @Post('gate/discard')
  @HttpCode(200)
  async discard(@Body({ schema: Authored }) authored: Authored) {
    await this.decisions.carryOut('wms-gateway', '/ops/stock-gate/discard', authored, z.unknown());
    return { said: 'Everything is read once more, and judged by what was known before.' };
  }

  /** The pieces of a shop that cannot be reached go to the others. */
  @Post('leases/:channel/give-up')
  @HttpCode(200)
  async giveUp(@Param('channel') channel: string, @Body({ schema: Authored }) authored: Authored) {
    const path = `/ops/leases/${encodeURIComponent(channel)}/give-up`;
    const schema = z.object({ givenUp: z.string() });
    const { givenUp } = await this.decisions.carryOut('stock-authority', path, authored, schema);
    return { said: `${givenUp} pieces of ${channel} are for the others now.` };
  }
}

function valueOr<Asked, Shown extends object>(
  answer: Answer<Asked>,
  show: (value: Asked) => Shown,
): Shown | { problem: string } {
  return answer.outcome === 'answered' ? show(answer.value) : { problem: answer.text };
}

function gateOf({ doubt, heldAt, secondReadAt, ...rest }: z.output<typeof Gate>): StockGate {
  return {
    ...rest,
    doubt: doubt ?? undefined,
    heldAt: heldAt ?? undefined,
    secondReadAt: secondReadAt ?? undefined,
  };
}

/** By channel: of those that nobody hears of, what their shops can still sell without asking. */
function silentOf({ leases }: z.output<typeof Leases>): SilentLeases {
  const channels = new Map<string, { articles: number; pieces: bigint }>();
  for (const { channel, canSell, alive } of leases) {
    if (alive) continue;
    const { articles, pieces } = channels.get(channel) ?? { articles: 0, pieces: 0n };
    channels.set(channel, { articles: articles + 1, pieces: pieces + toMilli(canSell) });
  }
  return {
    channels: [...channels].map(([channel, { articles, pieces }]) => ({
      channel,
      articles,
      pieces: fromMilli(pieces),
    })),
  };
}

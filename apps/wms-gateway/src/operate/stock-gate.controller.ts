import { Body, ConflictException, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { Authored, Log } from '@samlast/service';
import { HeldReads } from '../watch-stock/held-reads.ts';

const ROWS_MAX = 500;

/** What the gate before stock reads holds, and a person's word on it. */
@Controller('ops/stock-gate')
export class StockGateController {
  constructor(
    private readonly held: HeldReads,
    private readonly log: Log,
  ) {}

  @Get()
  async show() {
    const { gate, articles, count } = await this.held.show(ROWS_MAX);
    return { ...gate, count, articles };
  }

  /** What was held is true: the next read of everything, which is made at once, counts as it is. */
  @Post('accept')
  @HttpCode(202)
  accept(@Body({ schema: Authored }) authored: Authored) {
    return this.decide('accepted', authored);
  }

  /** What was held is wrong: everything is read at once, and judged by what was known before. */
  @Post('discard')
  @HttpCode(202)
  discard(@Body({ schema: Authored }) authored: Authored) {
    return this.decide('discarded', authored);
  }

  private async decide(state: 'accepted' | 'discarded', { author, reason }: Authored) {
    if (!(await this.held.decide(state, author, reason)))
      throw new ConflictException('No read of stock is held, so there is nothing to decide.');
    this.log.info('a person decided on a read of stock that is held', {
      kind: state,
      caller: author,
      reason,
    });
    return { state };
  }
}

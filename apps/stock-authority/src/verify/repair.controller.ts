import { Body, ConflictException, Controller, HttpCode, Post } from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import { Authored, Log } from '@samlast/service';
import { DataSource } from 'typeorm';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { NotRepairable, repair } from './repair.ts';

/** Writes back what was changed past the ledger; only what was changed waits for it. */
@Controller('ops/repair')
export class RepairController {
  constructor(
    private readonly source: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly terms: StockTerms,
    private readonly log: Log,
  ) {}

  @Post()
  @HttpCode(200)
  async run(@Body({ schema: Authored }) authored: Authored) {
    try {
      const answer = await this.unitOfWork.run(async (tx) =>
        repair(this.source, tx, await this.terms.at(tx), authored),
      );
      if (answer.repaired.length > 0)
        this.log.warn('what was changed past the ledger was written back', {
          caller: authored.author,
          reason: authored.reason,
          count: answer.repaired.length,
        });
      return answer;
    } catch (error) {
      if (error instanceof NotRepairable) throw new ConflictException(error.message);
      throw error;
    }
  }
}

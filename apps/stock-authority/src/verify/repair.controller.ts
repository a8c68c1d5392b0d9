import { Body, ConflictException, Controller, HttpCode, Post } from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import { Authored, Log } from '@samlast/service';
import { DataSource } from 'typeorm';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { NotRepairable, repair } from './repair.ts';
import { verify } from './verify.ts';

/** Writes back what was changed past the ledger; the authority stands still while that is found. */
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
    // Looked at first without a lock: where nothing differs, nobody has to wait.
    if ((await verify(this.source)).agrees) return { repaired: [], articles: [] };
    try {
      const answer = await this.unitOfWork.run(async (tx) => repair(tx, await this.terms.at(tx), authored));
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

import { Controller, HttpCode, Post } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { verify } from './verify.ts';

/** Folds the ledger from its first entry and compares; changes nothing. */
@Controller('ops/verify')
export class VerifyController {
  constructor(private readonly source: DataSource) {}

  @Post()
  @HttpCode(200)
  run() {
    return verify(this.source);
  }
}

import {
  Body,
  ConflictException,
  Controller,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Post,
} from '@nestjs/common';
import { DeadLetterRefused, DeadLetters, type Replay } from '@samlast/messaging';
import { z } from 'zod';

/** Who did it and why, for every command that a person gives. */
export const Authored = z.strictObject({
  author: z.string().trim().min(1).max(200),
  reason: z.string().trim().min(1).max(500),
});
export type Authored = z.infer<typeof Authored>;

/** Messages that this service could not work with, each with its reason; a person retries or discards them. */
@Controller('ops/dead-letters')
export class DeadLettersController {
  constructor(private readonly deadLetters: DeadLetters) {}

  @Get()
  list() {
    return this.deadLetters.list();
  }

  @Post(':id/retry')
  @HttpCode(200)
  retry(@Param('id') id: string, @Body({ schema: Authored }) { author, reason }: Authored) {
    return answer(this.deadLetters.retry(id, author, reason));
  }

  @Post(':id/discard')
  @HttpCode(200)
  discard(@Param('id') id: string, @Body({ schema: Authored }) { author, reason }: Authored) {
    return answer(this.deadLetters.discard(id, author, reason));
  }
}

async function answer(replay: Promise<Replay>): Promise<Replay> {
  try {
    return await replay;
  } catch (error) {
    if (!(error instanceof DeadLetterRefused)) throw error;
    if (error.code === 'dead-letter.unknown') throw new NotFoundException(error.message);
    throw new ConflictException(error.message);
  }
}

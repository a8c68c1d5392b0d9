import { Injectable, NotFoundException } from '@nestjs/common';
import { type Authored, Log } from '@samlast/service';
import type { z } from 'zod';
import { Owners } from './owners.ts';
import { valueOf } from './relay-answer.ts';

/** What a person has decided is carried out by the service that owns it, which also keeps who decided and why. */
@Injectable()
export class Decisions {
  constructor(
    private readonly owners: Owners,
    private readonly log: Log,
  ) {}

  async carryOut<T>(service: string, path: string, authored: Authored, schema: z.ZodType<T>): Promise<T> {
    if (!this.owners.knows(service))
      throw new NotFoundException(`SERVICES of the console has no ${service}.`);
    const value = valueOf(await this.owners.post(service, path, authored, schema));
    this.log.info('an operator decided', { service, path });
    return value;
  }
}

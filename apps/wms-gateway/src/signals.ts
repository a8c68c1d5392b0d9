import { Injectable } from '@nestjs/common';
import { Wake } from './wake.ts';

/** Who waits for what within this process. What another process has queued is found by polling. */
@Injectable()
export class Signals {
  readonly writes = new Wake();
  readonly stock = new Wake();
  readonly hints = new Wake();
  readonly inbound = new Wake();
}

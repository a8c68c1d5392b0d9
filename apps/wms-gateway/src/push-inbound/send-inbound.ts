import { Injectable } from '@nestjs/common';
import { OngoingAccessError } from '@samlast/ongoing-client';
import type { Later, OpenWrite, Outcome } from '../write-queue/write.ts';
import { SendPurchaseOrder } from './send-purchase-order.ts';
import { SendReturn } from './send-return.ts';

/** Makes one write of an announcement, whichever kind it is. */
@Injectable()
export class SendInbound {
  constructor(
    private readonly purchases: SendPurchaseOrder,
    private readonly returns: SendReturn,
  ) {}

  async attempt(write: OpenWrite): Promise<Outcome | Later> {
    const sender = write.kind === 'return' ? this.returns : this.purchases;
    try {
      return await (write.action === 'put' ? sender.put(write) : sender.cancel(write));
    } catch (error) {
      // Reads fail by an error before anything is written; what is written says by its outcome whether it arrived.
      const reached = write.sentBefore && !(error instanceof OngoingAccessError);
      return { kind: 'later', fault: error instanceof Error ? error.message : 'unknown fault', reached };
    }
  }
}

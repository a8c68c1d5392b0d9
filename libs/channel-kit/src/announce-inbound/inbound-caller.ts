import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import { Log, Metrics } from '@samlast/service';
import type { Shop } from '../shop.ts';
import { ShopFailure, ShopRefused } from '../shop-errors.ts';
import { backoffMs, Loop } from '../take-turns/loop.ts';
import { Turns } from '../take-turns/turns.ts';
import { SHOP } from '../tokens.ts';
import { type Call, dueCalls, endCall, postponeCall } from './inbound-book.ts';

const LOOK_EVERY_MS = 500;
const CALLS_AT_ONCE = 4;

/** Tells the system what became of its announcements: each until it has answered, of one of them in turn. */
@Injectable()
export class InboundCaller {
  private readonly loop: Loop | undefined;
  private readonly calls;

  constructor(
    @Inject(SHOP) private readonly shop: Shop,
    private readonly unitOfWork: UnitOfWork,
    private readonly turns: Turns,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.calls = metrics.counter(
      'samlast_inbound_calls_total',
      'What was told of announcements, by outcome',
      ['kind', 'outcome'],
    );
    if (!shop.purchases && !shop.returns) return;
    const turn = () => this.callSome();
    this.loop = new Loop({ name: 'news of announcements', pauseMs: LOOK_EVERY_MS, log, turn });
    turns.add(this.loop);
  }

  wake(): void {
    this.loop?.wake();
  }

  /** From within a transaction whose calls will be seen a moment later. */
  wakeAfterCommit(): void {
    this.loop?.wakeSoon();
  }

  private async callSome(): Promise<boolean> {
    if (!this.turns.active) return false;
    const due = await this.unitOfWork.run(async (tx) => ({
      events: [],
      answer: await dueCalls(tx, CALLS_AT_ONCE),
    }));
    await Promise.all(due.map((call) => this.call(call)));
    return due.length > 0;
  }

  private async call(call: Call): Promise<void> {
    const { kind } = call;
    let failure: { error: unknown } | undefined;
    try {
      const access = kind === 'return' ? this.shop.returns : this.shop.purchases;
      await access?.tell({ id: call.inboundId, shopNumber: call.shopNumber, number: call.number }, call.news);
    } catch (error) {
      failure = { error };
    }
    const refused = failure?.error instanceof ShopRefused;
    this.calls.inc({ kind, outcome: failure ? (refused ? 'refused' : 'failed') : 'done' });
    if (failure) {
      this.log.warn(refused ? 'the shop refused a call' : 'a call to the shop failed and is tried again', {
        kind: call.news.kind,
        number: call.number,
        attempt: call.tries + 1,
        error: failure.error,
      });
    }
    await this.unitOfWork.run(async (tx) => {
      if (!failure) await endCall(tx, call);
      else if (refused) await endCall(tx, call, reasonOf(failure.error));
      else await postponeCall(tx, call, backoffMs(call.tries + 1, failure.error), reasonOf(failure.error));
      return { events: [], answer: undefined };
    });
  }
}

/** For the list of calls that people work off. */
function reasonOf(error: unknown): string {
  if (error instanceof ShopFailure) return error.inFull;
  return error instanceof Error ? error.message : 'It failed without a reason.';
}

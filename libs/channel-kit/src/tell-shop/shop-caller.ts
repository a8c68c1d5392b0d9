import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import { Log, Metrics } from '@samlast/service';
import { OrderFeed } from '../import-orders/order-feed.ts';
import type { OrderRef, ReturnedGoods, Shipment, Shop } from '../shop.ts';
import { ShopFailure, ShopRefused } from '../shop-errors.ts';
import { backoffMs, Loop } from '../take-turns/loop.ts';
import { Turns } from '../take-turns/turns.ts';
import { SHOP } from '../tokens.ts';
import { ShelfWriter } from '../write-shelves/shelf-writer.ts';
import { beginTries, dueJobs, endJob, type Job, parkJob, postponeJob, withOwnPieces } from './job-book.ts';
import { parcelText } from './parcel-text.ts';

const LOOK_EVERY_MS = 500;
const CALLS_AT_ONCE = 4;

/**
 * Makes the calls to the shop that handlers put on the list: each until the shop has answered, of an order in turn.
 */
@Injectable()
export class ShopCaller {
  private readonly loop: Loop;
  private readonly calls;

  constructor(
    @Inject(SHOP) private readonly shop: Shop,
    private readonly unitOfWork: UnitOfWork,
    private readonly turns: Turns,
    private readonly feed: OrderFeed,
    private readonly writer: ShelfWriter,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.calls = metrics.counter('samlast_shop_calls_total', 'Calls to the shop by outcome', [
      'kind',
      'outcome',
    ]);
    const turn = () => this.callAll();
    this.loop = new Loop({ name: 'shop calls', pauseMs: LOOK_EVERY_MS, log, turn });
    turns.add(this.loop);
  }

  wake(): void {
    this.loop.wake();
  }

  /** From within a transaction whose jobs will be seen a moment later. */
  wakeAfterCommit(): void {
    this.loop.wakeSoon();
  }

  private async callAll(): Promise<boolean> {
    if (!this.turns.active) return false;
    const most = this.shop.features.callsAtOnce ?? CALLS_AT_ONCE;
    const jobs = await this.unitOfWork.run(async (tx) => {
      const due = await dueJobs(tx, most);
      await beginTries(
        tx,
        due.map((job) => job.id),
      );
      return { events: [], answer: await withOwnPieces(tx, due) };
    });
    const done = await this.writer.apart(() => Promise.all(jobs.map((job) => this.call(job))));
    if (done.some(Boolean)) {
      this.feed.wake();
      this.writer.wake();
    }
    return jobs.length > 0;
  }

  /** True when the shop did it. */
  private async call(job: Job): Promise<boolean> {
    const { kind } = job;
    try {
      await this.perform(job);
    } catch (error) {
      const reason = reasonOf(error);
      const refused = error instanceof ShopRefused;
      this.calls.inc({ kind, outcome: refused ? 'refused' : 'failed' });
      this.log.warn(refused ? 'the shop refused a call' : 'a call to the shop failed and is tried again', {
        kind,
        number: job.number,
        attempt: job.tries + 1,
        error,
      });
      await this.unitOfWork.run(async (tx) => {
        if (refused) await parkJob(tx, job, reason);
        else await postponeJob(tx, job, backoffMs(job.tries + 1, error), reason);
        return { events: [], answer: undefined };
      });
      return false;
    }
    this.calls.inc({ kind, outcome: 'done' });
    await this.unitOfWork.run(async (tx) => {
      await endJob(tx, job);
      return { events: [], answer: undefined };
    });
    return true;
  }

  private async perform(job: Job): Promise<void> {
    const order: OrderRef = { id: job.orderId, shopNumber: job.shopNumber, number: job.number };
    if (job.kind === 'fulfil') await this.tellParcel(order, job);
    else if (job.kind === 'cancel') {
      if (!this.shop.cancel)
        throw new ShopRefused(
          'This kind of shop cannot cancel an order from outside. Cancel it there by hand.',
        );
      await this.shop.cancel(order, String(job.payload.reason));
    } else if (job.kind === 'return' && this.shop.returned) await this.shop.returned(order, goodsOf(job));
    else await this.shop.note?.(order, { key: job.key, ...(job.payload as { text: string }) });
  }

  /** No shop makes a fulfilment of nothing, so a parcel of unknown content is a remark. */
  private async tellParcel(order: OrderRef, job: Job): Promise<void> {
    const shipment = shipmentOf(job);
    if (shipment.lines.length > 0) return this.shop.fulfil?.(order, shipment);
    if (!this.shop.note)
      throw new ShopRefused(
        `This kind of shop takes no remarks, so enter there by hand: ${parcelText(shipment)}`,
      );
    return this.shop.note(order, { key: job.key, text: parcelText(shipment) });
  }
}

/** Its text is for the notes of shops that cannot take it. */
function goodsOf({ payload }: Job): ReturnedGoods {
  const { text: _text, ...goods } = payload as unknown as ReturnedGoods & { text: string };
  return goods;
}

/** For the list of calls that people work off. */
function reasonOf(error: unknown): string {
  if (error instanceof ShopFailure) return error.inFull;
  return error instanceof Error ? error.message : 'It failed without a reason.';
}

function shipmentOf({ payload }: Job): Shipment {
  const { lines, ...rest } = payload as unknown as Omit<Shipment, 'lines'> & {
    lines: (Omit<Shipment['lines'][number], 'id'> & { row: string })[];
  };
  return { ...rest, lines: lines.map(({ row, ...line }) => ({ id: row, ...line })) };
}

import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  HttpTransport,
  OngoingClient,
  ReportedNumbers,
  type Transport,
  type TransportRequest,
} from '@samlast/ongoing-client';
import { CONFIG } from '@samlast/service';
import type { Config } from './config.ts';
import { OddAnswers } from './odd-answers.ts';
import { Reachability } from './reachability.ts';

/** Holds writes back at the last moment, when their connection is there. */
class FencedTransport implements Transport {
  permit: () => boolean = () => false;

  constructor(private readonly inner: Transport) {}

  send(request: TransportRequest) {
    return this.inner.send(request.method === 'GET' ? request : { ...request, mayLeave: this.permit });
  }

  close(): void {
    this.inner.close();
  }
}

/** The ways to Ongoing: writes with a short time and a fence, and reads of lists, which may last. */
@Injectable()
export class Ongoing implements OnApplicationShutdown {
  readonly writes: OngoingClient;
  readonly reads: OngoingClient;
  /** The bookmark of lines, which only the writer sets; beside its writes, as it is no part of any order. */
  readonly marks: ReportedNumbers;
  private readonly fence: FencedTransport;
  private readonly fenceOfMarks: FencedTransport;

  constructor(@Inject(CONFIG) config: Config, reachability: Reachability, odd: OddAnswers) {
    const transport = new HttpTransport();
    this.fence = new FencedTransport(transport);
    this.fenceOfMarks = new FencedTransport(transport);
    const options = {
      baseUrl: config.ONGOING_URL,
      user: config.ONGOING_USER,
      password: config.ONGOING_PASSWORD,
      goodsOwnerId: config.ONGOING_GOODS_OWNER_ID,
      onRequest: reachability.note,
      onOddAnswer: odd.noteAnswer,
    };
    this.writes = new OngoingClient({
      ...options,
      transport: this.fence,
      timeoutMs: config.ORDER_TIMEOUT_MS,
    });
    this.marks = new ReportedNumbers({
      ...options,
      transport: this.fenceOfMarks,
      timeoutMs: config.ORDER_TIMEOUT_MS,
    });
    // Feeds leave out what cannot be read. A look before a write must not: what it misses would be written over.
    const timeoutMs = config.READ_TIMEOUT_MS;
    this.reads = new OngoingClient({ ...options, transport, timeoutMs, onOddItem: odd.noteItem });
  }

  /** Asked before each write from now on. */
  permitWhile(permit: () => boolean): void {
    this.fence.permit = permit;
  }

  permitMarksWhile(permit: () => boolean): void {
    this.fenceOfMarks.permit = permit;
  }

  onApplicationShutdown(): void {
    this.reads.close();
  }
}

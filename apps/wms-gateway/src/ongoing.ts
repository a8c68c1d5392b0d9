import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  HttpTransport,
  OngoingClient,
  TransportFailure,
  type Transport,
  type TransportRequest,
} from '@samlast/ongoing-client';
import { CONFIG } from '@samlast/service';
import type { Config } from './config.ts';
import { OddAnswers } from './odd-answers.ts';
import { Reachability } from './reachability.ts';

export const FENCED = 'FENCED';

/** Holds writes back at the last moment, where nothing but the socket comes after. */
class FencedTransport implements Transport {
  permit: () => boolean = () => false;

  constructor(private readonly inner: Transport) {}

  send(request: TransportRequest) {
    if (request.method !== 'GET' && !this.permit()) {
      throw new TransportFailure(
        'aborted',
        FENCED,
        false,
        'the time in which this write may be made is over',
      );
    }
    return this.inner.send(request);
  }

  close(): void {
    this.inner.close();
  }
}

/** The two ways to Ongoing: writes with a short time and a fence, and reads of lists, which may last. */
@Injectable()
export class Ongoing implements OnApplicationShutdown {
  readonly writes: OngoingClient;
  readonly reads: OngoingClient;
  private readonly fence: FencedTransport;

  constructor(@Inject(CONFIG) config: Config, reachability: Reachability, odd: OddAnswers) {
    const transport = new HttpTransport();
    this.fence = new FencedTransport(transport);
    const options = {
      baseUrl: config.ONGOING_URL,
      user: config.ONGOING_USER,
      password: config.ONGOING_PASSWORD,
      goodsOwnerId: config.ONGOING_GOODS_OWNER_ID,
      onRequest: reachability.note,
    };
    this.writes = new OngoingClient({
      ...options,
      transport: this.fence,
      timeoutMs: config.ORDER_TIMEOUT_MS,
    });
    // Feeds leave out what cannot be read. A look before a write must not: what it misses would be written over.
    const timeoutMs = config.READ_TIMEOUT_MS;
    this.reads = new OngoingClient({ ...options, transport, timeoutMs, onOddItem: odd.note });
  }

  /** Asked before each write from now on. */
  permitWhile(permit: () => boolean): void {
    this.fence.permit = permit;
  }

  onApplicationShutdown(): void {
    this.reads.close();
  }
}

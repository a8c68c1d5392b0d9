import { Controller, Header, Sse, UseGuards, type MessageEvent } from '@nestjs/common';
import { Public } from '@samlast/service';
import { interval, map, merge, type Observable, takeUntil } from 'rxjs';
import { SessionGuard } from '../sign-in/session.guard.ts';
import { Live } from './live.ts';

/** Proxies close a connection that is silent for long, and a browser that vanished is only noticed by writing to it. */
const BEAT_MS = 20_000;

@Public()
@UseGuards(SessionGuard)
@Controller('api/live')
export class LiveController {
  constructor(private readonly live: Live) {}

  /** Which orders and articles have changed, as it happens. */
  @Sse()
  @Header('cache-control', 'no-store')
  @Header('x-accel-buffering', 'no')
  stream(): Observable<MessageEvent> {
    return merge(
      this.live.changes.pipe(map((data) => ({ type: 'changes', data }))),
      interval(BEAT_MS).pipe(map(() => ({ type: 'beat', data: {} }))),
    ).pipe(takeUntil(this.live.ended));
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { FENCED, type RequestReport } from '@samlast/ongoing-client';
import { CONFIG, Health, Log, Metrics } from '@samlast/service';
import type { Config } from './config.ts';
import { Outage } from './outage.ts';

/** One fault of the server may concern one order alone; so many in a row concern all. */
const FAULTS_IN_A_ROW = 3;
/** Not Ongoing's doing: this process held the request back. */
const OWN_DOING = new Set([FENCED, 'ABORTED']);

/** Whether Ongoing answers at all. While it does not, everything waits together, longer and longer. */
@Injectable()
export class Reachability {
  private readonly now: Outage;
  private fault: string | undefined;
  private back = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly log: Log,
    metrics: Metrics,
    health: Health,
  ) {
    this.now = new Outage(config);
    // Not a fault: orders are still taken, decided and queued.
    health.addNote('ongoing', () => {
      const outage = this.outage();
      if (!outage?.long) return undefined;
      return `no answer for ${Math.round(outage.forMs / 60_000)} min (${outage.fault}): orders are kept and sent when it answers`;
    });
    metrics.gauge(
      'ongoing_unreachable_seconds',
      'How long Ongoing has given no answer; 0 while it does',
      () => (this.now.since === undefined ? 0 : (performance.now() - this.now.since) / 1000),
    );
  }

  /** Told of every request to Ongoing. */
  readonly note = (report: RequestReport): void => {
    if (report.failure && OWN_DOING.has(report.failure)) return;
    const { status } = report;
    const away = status === undefined || status === 401 || status === 403 || status === 429 || status === 503;
    if (away) this.failed(report, 1);
    else if (status >= 500) this.failed(report, FAULTS_IN_A_ROW);
    else this.answered();
  };

  /** Milliseconds that all requests should wait now. */
  pauseMs(): number {
    return this.now.pauseMs(performance.now());
  }

  /** True once after an outage has ended. */
  isBack(): boolean {
    const back = this.back;
    this.back = false;
    return back;
  }

  /** For people: undefined while Ongoing answers. */
  outage(): { fault: string; forMs: number; long: boolean } | undefined {
    const { since } = this.now;
    if (since === undefined) return undefined;
    const forMs = Math.round(performance.now() - since);
    return { fault: this.fault ?? '', forMs, long: forMs > this.config.UNREACHABLE_MS };
  }

  private answered(): void {
    const { failures } = this.now;
    if (failures > 0) this.log.info('Ongoing answers again', { attempt: failures });
    if (this.now.answered()) this.back = true;
    this.fault = undefined;
  }

  private failed(report: RequestReport, allowed: number): void {
    const begins = this.now.failed(performance.now(), allowed, Math.random(), report.retryAfterMs);
    if (this.now.since !== undefined) this.fault = explain(report);
    const { failures } = this.now;
    if (begins && (failures === 1 || failures % 10 === 0)) {
      this.log.warn('Ongoing gives no answer: the queue is kept and tried again', {
        reason: this.fault,
        attempt: failures,
        method: report.method,
        path: report.path,
      });
    }
  }
}

function explain({ status, failure }: RequestReport): string {
  if (status === 401) return 'Ongoing answered 401: check ONGOING_USER and ONGOING_PASSWORD';
  if (status === 403) {
    return 'Ongoing answered 403: have API access switched on for the goods owner, and check ONGOING_GOODS_OWNER_ID';
  }
  if (status !== undefined) return `Ongoing answered ${status}`;
  return `no connection to ONGOING_URL (${failure ?? 'unknown'})`;
}

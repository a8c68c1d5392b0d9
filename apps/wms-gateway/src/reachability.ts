import { Inject, Injectable } from '@nestjs/common';
import type { RequestReport } from '@samlast/ongoing-client';
import { CONFIG, Health, Log, Metrics } from '@samlast/service';
import type { Config } from './config.ts';
import { backoffMs } from './write-queue/backoff.ts';

/** One fault of the server may concern one order alone; so many in a row concern all. */
const FAULTS_IN_A_ROW = 3;
/** Not Ongoing's doing: this process held the request back. */
const OWN_DOING = new Set(['FENCED', 'ABORTED']);

/** Whether Ongoing answers at all. While it does not, everything waits together, longer and longer. */
@Injectable()
export class Reachability {
  private failures = 0;
  private faults = 0;
  private pausedUntil = 0;
  private downSince: number | undefined;
  private fault: string | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly log: Log,
    metrics: Metrics,
    health: Health,
  ) {
    // Not a fault: orders are still taken, decided and queued.
    health.addNote('ongoing', () => {
      const outage = this.outage();
      if (!outage?.long) return undefined;
      return `no answer for ${Math.round(outage.forMs / 60_000)} min (${outage.fault}): orders are kept and sent when it answers`;
    });
    metrics.gauge(
      'ongoing_unreachable_seconds',
      'How long Ongoing has given no answer; 0 while it does',
      () => (this.downSince === undefined ? 0 : (performance.now() - this.downSince) / 1000),
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
    return Math.max(0, this.pausedUntil - performance.now());
  }

  /** For people: undefined while Ongoing answers. */
  outage(): { fault: string; forMs: number; long: boolean } | undefined {
    if (this.downSince === undefined) return undefined;
    const forMs = Math.round(performance.now() - this.downSince);
    return { fault: this.fault ?? '', forMs, long: forMs > this.config.UNREACHABLE_MS };
  }

  private answered(): void {
    if (this.failures > 0) this.log.info('Ongoing answers again', { attempt: this.failures });
    this.failures = 0;
    this.faults = 0;
    this.pausedUntil = 0;
    this.downSince = undefined;
    this.fault = undefined;
  }

  private failed(report: RequestReport, allowed: number): void {
    this.faults += 1;
    if (this.faults < allowed) return;
    this.fault = explain(report);
    this.downSince ??= performance.now();
    // Requests that run side by side fail side by side: together they are one failure.
    if (this.pauseMs() > 0) return;
    this.failures += 1;
    const { RETRY_MIN_MS, RETRY_MAX_MS } = this.config;
    this.pausedUntil =
      performance.now() + backoffMs(this.failures, RETRY_MIN_MS, RETRY_MAX_MS, Math.random());
    if (this.failures === 1 || this.failures % 10 === 0) {
      this.log.warn('Ongoing gives no answer: the queue is kept and tried again', {
        reason: this.fault,
        attempt: this.failures,
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

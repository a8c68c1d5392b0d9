import { Injectable } from '@nestjs/common';
import type { OddItem } from '@samlast/ongoing-client';
import { Log, Metrics } from '@samlast/service';

const REMEMBERED_MAX = 1_000;

/** What Ongoing shows and nobody can read: each is named once and counted every time. */
@Injectable()
export class OddAnswers {
  private readonly counter;
  private readonly named = new Set<string>();

  constructor(
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.counter = metrics.counter(
      'ongoing_odd_answers_total',
      'Entries in answers of Ongoing that could not be read and were left out',
      ['operation'],
    );
  }

  readonly note = ({ operation, id, field, problem }: OddItem): void => {
    this.counter.inc({ operation });
    const key = `${operation} ${id} ${field}`;
    if (this.named.has(key)) return;
    if (this.named.size >= REMEMBERED_MAX) this.named.clear();
    this.named.add(key);
    this.log.warn('an entry of an answer of Ongoing cannot be read and is left out', {
      kind: operation,
      id: id ?? 'unknown',
      reason: `${field} ${problem}`,
    });
  };
}

import { Injectable } from '@nestjs/common';
import type { OddItem } from '@samlast/ongoing-client';
import { Log, Metrics } from '@samlast/service';
import { z } from 'zod';

const REMEMBERED_MAX = 1_000;
/** How often what a webhook named is asked for, when it cannot be read. */
export const ODD_TRIES = 3;

/** What Ongoing shows and nobody can read: each kind is named once and counted every time. */
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
      'Answers of Ongoing, and entries in them, that could not be read',
      ['operation'],
    );
  }

  /** An entry of a list, which is left out. */
  readonly noteItem = (odd: OddItem): void => {
    this.note(odd, 'an entry of an answer of Ongoing cannot be read and is left out');
  };

  /** A whole answer: it is asked again, or what was written is looked for. */
  readonly noteAnswer = (odd: OddItem): void => {
    this.note(odd, 'an answer of Ongoing cannot be read and is asked for again');
  };

  /**
   * What `tell` makes; nothing where no message takes what Ongoing shows, such as a number that is too long. It is left
   * out, as what cannot be read is: all the others would wait for it.
   */
  tellable<T>(of: Pick<OddItem, 'operation' | 'id'>, tell: () => T): T | undefined {
    try {
      return tell();
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      const [issue] = error.issues;
      const field = issue?.path.length ? z.core.toDotPath(issue.path) : 'the entry';
      const odd = { ...of, field, problem: `fits no message (${issue?.code})` };
      this.note(odd, 'an entry of an answer of Ongoing cannot be read into a message and is left out');
      return undefined;
    }
  }

  private note({ operation, id, field, problem }: OddItem, message: string): void {
    this.counter.inc({ operation });
    // Of a list that is read as a whole the field holds a place in it, which says nothing.
    const key = `${operation} ${id} ${field.replaceAll(/\[\d+\]/g, '[]')}`;
    if (this.named.has(key)) return;
    if (this.named.size >= REMEMBERED_MAX) this.named.clear();
    this.named.add(key);
    this.log.warn(message, { kind: operation, id: id ?? 'unknown', reason: `${field} ${problem}` });
  }
}

import { randomUUID } from 'node:crypto';
import type { Journal } from './journal.ts';
import { DemoRefusal } from './refusal.ts';

export interface DemoReturn {
  readonly id: string;
  readonly number: string;
  /** The order's number. */
  readonly order: string;
  readonly placedAt: string;
  changedAt: string;
  state: 'placed' | 'cancelled';
  lines: { id: string; orderLine: string; article: string; quantity: number; cause: { code: string } }[];
  readonly notes: { key: string; text: string }[];
}

interface Options {
  readonly journal: Journal;
  readonly tick: () => string;
  readonly firstNumber: number;
  readonly onChange: () => void;
}

/** What buyers will send back. What came back is written at the order. */
export class DemoReturns {
  readonly all = new Map<string, DemoReturn>();
  private nextNumber: number;

  constructor(private readonly options: Options) {
    this.nextNumber = options.firstNumber;
  }

  announce(
    order: { number: string; lines: readonly { id: string; article: string; quantity: number }[] },
    wish: { line: string; quantity: number; cause?: string },
  ): DemoReturn {
    const line = order.lines.find((one) => one.id === wish.line);
    if (!line) throw new DemoRefusal(`Order ${order.number} has no line ${wish.line}.`, 409);
    const at = this.options.tick();
    const { quantity, cause = 'REGRET' } = wish;
    const made: DemoReturn = {
      id: randomUUID(),
      number: `R-${this.nextNumber++}`,
      order: order.number,
      placedAt: at,
      changedAt: at,
      state: 'placed',
      lines: [{ id: '1', orderLine: line.id, article: line.article, quantity, cause: { code: cause } }],
      notes: [],
    };
    return this.keep(made);
  }

  withdraw(id: string): DemoReturn {
    const found = this.find(id);
    if (found.state === 'cancelled') return found;
    found.state = 'cancelled';
    found.changedAt = this.options.tick();
    return this.keep(found);
  }

  note(id: string, key: string, text: string): void {
    const found = this.find(id);
    if (found.notes.some((note) => note.key === key)) return;
    found.notes.push({ key, text });
    this.keep(found);
  }

  find(id: string): DemoReturn {
    const found = this.all.get(id);
    if (!found) throw new DemoRefusal('There is no return with this id here.', 404);
    return found;
  }

  /** Those after a place in the feed, oldest change first. */
  changedSince(changedAt: string, after: string, limit: number): DemoReturn[] {
    return [...this.all.values()]
      .filter((one) => one.changedAt > changedAt || (one.changedAt === changedAt && one.id > after))
      .toSorted((one, other) => `${one.changedAt} ${one.id}`.localeCompare(`${other.changedAt} ${other.id}`))
      .slice(0, limit);
  }

  recall(one: DemoReturn): void {
    this.all.set(one.id, one);
    this.nextNumber = Math.max(this.nextNumber, Number(one.number.replace('R-', '')) + 1);
  }

  private keep(one: DemoReturn): DemoReturn {
    this.all.set(one.id, one);
    this.options.journal.append({ return: one });
    this.options.onChange();
    return one;
  }
}

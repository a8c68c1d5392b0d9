import { closeSync, openSync, readSync } from 'node:fs';

const LOOK_EVERY_MS = 2;
/** A sale writes the stock and then the order; after this long a stock line stands for itself. */
const SETTLED_MS = 10;

export type ShopEvent =
  /** A buyer has bought one piece. */
  | { readonly kind: 'sale'; readonly article: string; readonly at: number }
  /** Somebody else has written the number: Samlast. */
  | { readonly kind: 'written'; readonly article: string; readonly number: number; readonly at: number };

interface StockLine {
  readonly article: string;
  readonly number: number;
  readonly at: number;
}

/**
 * What a demo shop writes down, as it writes it: the shop itself says when it sold and what it shows. Its
 * lines carry no time of their own precise enough, so each gets the moment at which it stood in the file,
 * at most 2 ms late.
 */
export class Journal {
  readonly events: ShopEvent[] = [];
  private readonly file: number;
  private readonly known = new Set<string>();
  private readonly timer: NodeJS.Timeout;
  private readonly chunk = Buffer.alloc(1 << 20);
  private position = 0;
  private rest = '';
  private pending: StockLine | undefined;

  /** From here on; what stands in it already is passed over but for the orders, which are not new. */
  constructor(path: string) {
    this.file = openSync(path, 'r');
    this.read();
    this.settle(Infinity);
    this.events.length = 0;
    this.timer = setInterval(() => this.read(), LOOK_EVERY_MS);
  }

  close(): void {
    clearInterval(this.timer);
    this.read();
    this.settle(Infinity);
    closeSync(this.file);
  }

  private read(): void {
    const at = performance.now();
    for (;;) {
      const bytes = readSync(this.file, this.chunk, 0, this.chunk.length, this.position);
      if (bytes === 0) break;
      this.position += bytes;
      const lines = (this.rest + this.chunk.toString('latin1', 0, bytes)).split('\n');
      this.rest = lines.pop() ?? '';
      for (const line of lines) this.take(JSON.parse(line) as Record<string, unknown>, at);
    }
    this.settle(at - SETTLED_MS);
  }

  private take(entry: Record<string, unknown>, at: number): void {
    const stock = entry.stock as { article: string; number: number } | undefined;
    const order = entry.order as { id: string; lines: { article: string }[] } | undefined;
    if (order && !this.known.has(order.id)) {
      this.known.add(order.id);
      this.pending = undefined;
      this.events.push({ kind: 'sale', article: order.lines[0]?.article ?? '', at });
    }
    if (!stock) return;
    this.settle(Infinity);
    this.pending = { ...stock, at };
  }

  private settle(before: number): void {
    if (!this.pending || this.pending.at > before) return;
    this.events.push({ kind: 'written', ...this.pending });
    this.pending = undefined;
  }
}

/**
 * How long each sale of one shop took to be off the other shop's shelf, in milliseconds, in the order of
 * the sales of an article. At each write the other shop shows `first − its own sales − those of the first
 * shop that it counts`; the k-th sale is confirmed with the first write that counts k. Sales that never
 * were are undefined.
 */
export function confirmations(
  sold: readonly ShopEvent[],
  other: readonly ShopEvent[],
  article: string,
  first: number,
): (number | undefined)[] {
  const sales = sold.filter((event) => event.kind === 'sale' && event.article === article);
  const delays: (number | undefined)[] = sales.map(() => undefined);
  let own = 0;
  let counted = 0;
  for (const event of other) {
    if (event.article !== article) continue;
    if (event.kind === 'sale') own += 1;
    else {
      const seen = first - own - event.number;
      for (; counted < seen && counted < sales.length; counted += 1) {
        delays[counted] = event.at - (sales[counted]?.at ?? event.at);
      }
    }
  }
  return delays;
}

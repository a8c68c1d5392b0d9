interface WriteCount {
  /** Requests that arrived. */
  received: number;
  /** Of these, carried out: the order was created or changed. */
  done: number;
}

export interface CountsState {
  requests: Record<string, number>;
  answers: Record<string, number>;
  puts: Record<string, WriteCount>;
  deletes: Record<string, WriteCount>;
  articlePuts: Record<string, WriteCount>;
  purchasePuts?: Record<string, WriteCount> | undefined;
  purchaseDeletes?: Record<string, WriteCount> | undefined;
  returnPuts?: Record<string, WriteCount> | undefined;
  writesAtOnce?: number | undefined;
  oddAnswers?: Record<string, number> | undefined;
}

/** What was asked of the API, so that a test can audit its client: nothing sent twice, nothing left out. */
export class Counts {
  /** By endpoint, such as `PUT /orders`. */
  requests: Record<string, number> = {};
  /** By endpoint and answer, such as `PUT /orders 201` or `PUT /orders dropped`. */
  answers: Record<string, number> = {};
  /** By order number. */
  puts = new Map<string, WriteCount>();
  deletes = new Map<string, WriteCount>();
  /** By article number. */
  articlePuts = new Map<string, WriteCount>();
  /** By purchase order number. */
  purchasePuts = new Map<string, WriteCount>();
  purchaseDeletes = new Map<string, WriteCount>();
  /** By return order number. */
  returnPuts = new Map<string, WriteCount>();
  /** The most writes that ever were under way or waited for each other: 1 of a client that takes its turns. */
  writesAtOnce = 0;
  /** By kind, such as `cut off`. */
  oddAnswers: Record<string, number> = {};

  request(endpoint: string): void {
    this.requests[endpoint] = (this.requests[endpoint] ?? 0) + 1;
  }

  answer(endpoint: string, what: string | number): void {
    const key = `${endpoint} ${what}`;
    this.answers[key] = (this.answers[key] ?? 0) + 1;
  }

  odd(kind: string): void {
    this.oddAnswers[kind] = (this.oddAnswers[kind] ?? 0) + 1;
  }

  /** Only requests whose number can be read are counted by number. */
  write(endpoint: string, number: string | undefined, what: keyof WriteCount): void {
    const map = this.countedIn(endpoint);
    if (!map || number === undefined) return;
    const count = map.get(number) ?? { received: 0, done: 0 };
    count[what]++;
    map.set(number, count);
  }

  private countedIn(endpoint: string): Map<string, WriteCount> | undefined {
    if (endpoint === 'PUT /orders') return this.puts;
    if (endpoint === 'PUT /articles') return this.articlePuts;
    if (endpoint === 'PUT /purchaseOrders') return this.purchasePuts;
    if (endpoint === 'PUT /returnOrders') return this.returnPuts;
    if (endpoint.startsWith('DELETE /orders')) return this.deletes;
    return endpoint.startsWith('DELETE /purchaseOrders') ? this.purchaseDeletes : undefined;
  }

  save(): Required<CountsState> {
    return {
      requests: this.requests,
      answers: this.answers,
      puts: Object.fromEntries(this.puts),
      deletes: Object.fromEntries(this.deletes),
      articlePuts: Object.fromEntries(this.articlePuts),
      purchasePuts: Object.fromEntries(this.purchasePuts),
      purchaseDeletes: Object.fromEntries(this.purchaseDeletes),
      returnPuts: Object.fromEntries(this.returnPuts),
      writesAtOnce: this.writesAtOnce,
      oddAnswers: this.oddAnswers,
    };
  }

  load(state: CountsState | undefined): void {
    this.requests = { ...state?.requests };
    this.answers = { ...state?.answers };
    this.puts = new Map(Object.entries(state?.puts ?? {}));
    this.deletes = new Map(Object.entries(state?.deletes ?? {}));
    this.articlePuts = new Map(Object.entries(state?.articlePuts ?? {}));
    this.purchasePuts = new Map(Object.entries(state?.purchasePuts ?? {}));
    this.purchaseDeletes = new Map(Object.entries(state?.purchaseDeletes ?? {}));
    this.returnPuts = new Map(Object.entries(state?.returnPuts ?? {}));
    this.writesAtOnce = state?.writesAtOnce ?? 0;
    this.oddAnswers = { ...state?.oddAnswers };
  }
}

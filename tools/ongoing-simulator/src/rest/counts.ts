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

  request(endpoint: string): void {
    this.requests[endpoint] = (this.requests[endpoint] ?? 0) + 1;
  }

  answer(endpoint: string, what: string | number): void {
    const key = `${endpoint} ${what}`;
    this.answers[key] = (this.answers[key] ?? 0) + 1;
  }

  /** Only requests whose number can be read are counted by number. */
  write(endpoint: string, number: string | undefined, what: keyof WriteCount): void {
    const counted = { 'PUT /orders': this.puts, 'PUT /articles': this.articlePuts, DELETE: this.deletes };
    const map = endpoint.startsWith('DELETE /orders')
      ? counted.DELETE
      : counted[endpoint as 'PUT /orders' | 'PUT /articles'];
    if (!map || number === undefined) return;
    const count = map.get(number) ?? { received: 0, done: 0 };
    count[what]++;
    map.set(number, count);
  }

  save(): CountsState {
    return {
      requests: this.requests,
      answers: this.answers,
      puts: Object.fromEntries(this.puts),
      deletes: Object.fromEntries(this.deletes),
      articlePuts: Object.fromEntries(this.articlePuts),
    };
  }

  load(state: CountsState | undefined): void {
    this.requests = { ...state?.requests };
    this.answers = { ...state?.answers };
    this.puts = new Map(Object.entries(state?.puts ?? {}));
    this.deletes = new Map(Object.entries(state?.deletes ?? {}));
    this.articlePuts = new Map(Object.entries(state?.articlePuts ?? {}));
  }
}

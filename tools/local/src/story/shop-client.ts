export interface ShopOrder {
  readonly number: string;
  readonly state: string;
  readonly lines: readonly { article: string }[];
  readonly fulfilments: readonly { trackingNumber?: string }[];
}

/** Not sold with 409 is sold out, with 503 nobody could say. */
export type Sale = { sold: true; number: string } | { sold: false; status: 409 | 503 };

/** A demo shop as a buyer and its keeper see it. */
export class ShopClient {
  constructor(
    readonly code: string,
    private readonly url: string,
  ) {}

  /** The shop itself decides, by the number it shows or by asking for the pieces. */
  async buy(article: string, quantity = 1): Promise<Sale> {
    const response = await fetch(`${this.url}/buy`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ article, quantity, buyer: `A buyer at ${this.code}` }),
    });
    const { status } = response;
    if (status === 409 || status === 503) {
      await response.arrayBuffer();
      return { sold: false, status };
    }
    if (!response.ok) throw new Error(`shop ${this.code} answered ${response.status} to a buyer`);
    const { number } = (await response.json()) as { number: string };
    return { sold: true, number };
  }

  async orders(): Promise<ShopOrder[]> {
    return (await (await fetch(`${this.url}/admin/orders`)).json()) as ShopOrder[];
  }

  async shows(article: string): Promise<number> {
    return (await this.stock())[article] ?? 0;
  }

  /** What it shows of every article. */
  async stock(): Promise<Record<string, number>> {
    const answer = await fetch(`${this.url}/admin/stock`);
    return ((await answer.json()) as { stock: Record<string, number> }).stock;
  }
}

export interface ShopOrder {
  readonly number: string;
  readonly state: string;
  readonly fulfilments: readonly { trackingNumber?: string }[];
}

export type Sale = { sold: true; number: string } | { sold: false };

/** A demo shop as a buyer and its keeper see it. */
export class ShopClient {
  constructor(
    readonly code: string,
    private readonly url: string,
  ) {}

  /** The shop itself decides, by the number it shows. */
  async buy(article: string, quantity = 1): Promise<Sale> {
    const response = await fetch(`${this.url}/buy`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ article, quantity, buyer: `A buyer at ${this.code}` }),
    });
    if (response.status === 409) return { sold: false };
    if (!response.ok) throw new Error(`shop ${this.code} answered ${response.status} to a buyer`);
    const { number } = (await response.json()) as { number: string };
    return { sold: true, number };
  }

  async orders(): Promise<ShopOrder[]> {
    return (await (await fetch(`${this.url}/admin/orders`)).json()) as ShopOrder[];
  }

  async shows(article: string): Promise<number> {
    const { stock } = (await (await fetch(`${this.url}/admin/stock`)).json()) as {
      stock: Record<string, number>;
    };
    return stock[article] ?? 0;
  }
}

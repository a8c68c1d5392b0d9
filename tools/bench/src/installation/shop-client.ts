/** A demo shop as its buyers and its keeper see it. */
export class ShopClient {
  constructor(
    readonly code: string,
    private readonly url: string,
    /** Where the shop writes down all that happens in it, a JSON line each. */
    readonly journal: string,
  ) {}

  /** false when the shop says that it is sold out. */
  async buy(article: string): Promise<string | false> {
    const response = await fetch(`${this.url}/buy`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ article, quantity: 1 }),
    });
    const answer = (await response.json()) as { number: string };
    if (response.status === 409) return false;
    if (!response.ok) throw new Error(`Shop ${this.code} answered ${response.status} to a buyer.`);
    return `${answer.number}-${this.code}`;
  }

  async stock(): Promise<Record<string, number>> {
    const response = await fetch(`${this.url}/admin/stock`);
    return ((await response.json()) as { stock: Record<string, number> }).stock;
  }

  async orderNumbers(): Promise<string[]> {
    const response = await fetch(`${this.url}/admin/orders`);
    return ((await response.json()) as { number: string }[]).map(({ number }) => `${number}-${this.code}`);
  }
}

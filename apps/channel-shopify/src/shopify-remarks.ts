import type { ShopifyAdmin } from './shopify-admin.ts';

/**
 * Remarks at orders. Shopify replaces the additional details of an order as a whole, so two remarks at one order wait
 * for each other: notes and news of returns are told side by side. No other process works for the shop.
 */
export class ShopifyRemarks {
  private readonly last = new Map<string, Promise<unknown>>();

  constructor(private readonly admin: ShopifyAdmin) {}

  /** Writes it once; false where it was there already. */
  async add(order: string, key: string, value: string): Promise<boolean> {
    const mine = (this.last.get(order) ?? Promise.resolve()).then(() => this.addNow(order, key, value));
    const settled = mine.catch(() => undefined);
    this.last.set(order, settled);
    try {
      return await mine;
    } finally {
      if (this.last.get(order) === settled) this.last.delete(order);
    }
  }

  private async addNow(order: string, key: string, value: string): Promise<boolean> {
    const before = await this.admin.attributes(order);
    if (before.some((one) => one.key === key)) return false;
    await this.admin.setAttributes(order, [...before, { key, value }]);
    return true;
  }
}

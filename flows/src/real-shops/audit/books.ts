// What each system says of itself when its own interface is asked, in the words of the auditor. No code of a service,
// and nothing that was written down while the orders were made, is used to read it.

export interface BookedLine {
  row: string;
  article: string;
  quantity: number;
}

export interface BookedParcel {
  tracking: string;
  lines: { row: string; quantity: number }[];
}

/** An order that a shop shows as placed, cancelled ones among them. */
export interface ShopOrder {
  id: string;
  /** As its buyer and the staff call it. */
  number: string;
  cancelled: boolean;
  /** Name and address in one line. */
  to: string;
  lines: BookedLine[];
  parcels: BookedParcel[];
  /** What the staff reads at it. */
  remarks: string[];
}

export type Mode = 'claim' | 'lease' | 'shared';

export interface ShopBook {
  code: string;
  orders: ShopOrder[];
  /** What buyers can take, by article; undefined for a system that offers nothing. */
  offered: ReadonlyMap<string, number> | undefined;
  purchases: BookedPurchase[];
  /** What its staff has announced to come back. */
  returns: BookedReturn[];
}

export interface WarehouseOrder {
  number: string;
  /** Installation, channel and the shop's own id; empty where it was typed in by hand. */
  origin: string;
  cancelled: boolean;
  shipped: boolean;
  to: string;
  lines: (BookedLine & { returned: number })[];
  parcels: BookedParcel[];
}

/** Goods that come in; what a system says that it ordered, and what it says that came. */
export interface BookedPurchase {
  number: string;
  cancelled: boolean;
  lines: { row: string; article: string; ordered: number; received: number }[];
}

/** Goods that are to come back, as both sides were told that they will. */
export interface BookedReturn {
  number: string;
  /** The order's number. */
  order: string;
  lines: { article: string; quantity: number }[];
}

export interface WarehouseBook {
  orders: WarehouseOrder[];
  /** By article. */
  sellable: ReadonlyMap<string, number>;
  purchases: BookedPurchase[];
  returns: BookedReturn[];
}

/** Whom it goes to, without what is empty. */
export const addressOf = (...parts: (string | null | undefined)[]) =>
  parts
    .map((part) => part?.trim())
    .filter(Boolean)
    .join(', ');

export async function askJson<Answer>(url: string | URL, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(60_000) });
  if (!response.ok)
    throw new Error(`${String(url)} was answered with ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

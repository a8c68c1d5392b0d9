export interface View {
  /** Part of an order's number or of an article's number. */
  search: string;
  /** Also orders that have left, or are cancelled. */
  all: boolean;
}

export function matches(number: string, { search }: View): boolean {
  return number.toLowerCase().includes(search.trim().toLowerCase());
}

export function select<T>(
  items: T[],
  limit: number,
  wanted: (item: T) => boolean,
): { items: T[]; more: boolean } {
  const found: T[] = [];
  for (const item of items) {
    if (!wanted(item)) continue;
    if (found.length === limit) return { items: found, more: true };
    found.push(item);
  }
  return { items: found, more: false };
}

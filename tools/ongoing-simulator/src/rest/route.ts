import { Refusal } from '../warehouse/refusal.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

export interface Answer {
  status: number;
  body: unknown;
}

export interface GoodsOwner {
  id: number;
  name: string;
}

export interface Call {
  warehouse: Warehouse;
  goodsOwner: GoodsOwner;
  query: Query;
  /** Values of the path's `{…}` parts, all of them ids. */
  ids: number[];
  body: unknown;
}

export interface Route {
  method: string;
  /** As in the reference's catalogue, such as `/orders/{orderId}`. */
  path: string;
  handle: (call: Call) => Answer;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });

/** Query parameters: unknown ones are ignored, arrays are repeated keys, a comma is part of a value. */
export class Query {
  constructor(private readonly parameters: URLSearchParams) {}

  text(name: string): string | undefined {
    return this.parameters.get(name) ?? undefined;
  }

  /** Of both spellings, `orderNumber` and `orderNumbers`; undefined where none is given. */
  texts(...names: string[]): string[] | undefined {
    const values = names.flatMap((name) => this.parameters.getAll(name));
    return values.length > 0 ? values : undefined;
  }

  int(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined || value === '') return undefined;
    if (!/^-?\d{1,10}$/.test(value)) throw invalid(name, `The value '${value}' is not valid.`);
    return Number(value);
  }

  flag(name: string): boolean {
    return this.text(name)?.toLowerCase() === 'true';
  }

  time(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined || value === '') return undefined;
    // A time without an offset is taken as UTC; a plus sign that was not encoded arrives as a blank.
    const zoned = /(z|[+-]\d\d:?\d\d)$/i.test(value) || !value.includes('T') ? value : `${value}Z`;
    const time = Date.parse(zoned);
    if (Number.isNaN(time)) throw invalid(name, `The value '${value}' is not a time.`);
    return time;
  }
}

export function invalid(field: string, problem: string): Refusal {
  return new Refusal(400, 'The request is invalid.', { [field]: [problem] });
}

/** UTC with as many fraction digits as it needs, down to none, as Ongoing writes them. */
export function time(at: number | null): string | null {
  if (at === null) return null;
  const [seconds = '', fraction = ''] = new Date(at).toISOString().slice(0, -1).split('.');
  const digits = fraction.replace(/0+$/, '');
  return digits ? `${seconds}.${digits}Z` : `${seconds}Z`;
}

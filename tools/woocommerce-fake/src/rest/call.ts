import type { WooShop } from '../woo-shop.ts';

export interface Call {
  readonly shop: WooShop;
  /** The numbers in the path, in their order. */
  readonly ids: readonly number[];
  readonly query: URLSearchParams;
  readonly url: string;
  /** Parsed JSON; undefined where none was sent. */
  readonly body: unknown;
}

export interface Answer {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below /wp-json/, with `#` for a number. */
  readonly path: string;
  readonly answer: (call: Call) => Answer;
}

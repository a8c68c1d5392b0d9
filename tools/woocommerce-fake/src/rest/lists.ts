import { isDateTime, type SiteClock } from '../site-clock.ts';
import { invalidParam } from './refusal.ts';

const PER_PAGE_MOST = 100;
const DATES = ['after', 'before', 'modified_after', 'modified_before'] as const;
const ORDER_BY = ['date', 'id', 'include', 'title', 'slug', 'modified'];

/** One entry of a collection with what can be asked of it. */
export interface Entry {
  readonly id: number;
  readonly created: number;
  readonly modified: number;
  readonly json: object;
}

export interface Page {
  readonly entries: object[];
  readonly headers: Record<string, string>;
}

/** A page of a collection, cut and sorted as the query asks. Pages are counted anew with each request. */
export function pageOf(all: readonly Entry[], query: URLSearchParams, clock: SiteClock, url: string): Page {
  const perPage = whole(query, 'per_page', 10);
  if (perPage < 1 || perPage > PER_PAGE_MOST)
    throw invalidParam('per_page', `per_page must be between 1 (inclusive) and ${PER_PAGE_MOST} (inclusive)`);
  const page = whole(query, 'page', 1);
  if (page < 1) throw invalidParam('page', 'page must be greater than or equal to 1');
  const found = all.filter(within(query, clock)).filter(chosen(query)).toSorted(sorted(query));
  const offset = query.has('offset') ? whole(query, 'offset', 0) : (page - 1) * perPage;
  const pages = Math.ceil(found.length / perPage);
  return {
    entries: found.slice(offset, offset + perPage).map(({ json }) => json),
    headers: {
      'x-wp-total': String(found.length),
      'x-wp-totalpages': String(pages),
      ...(page < pages && { link: `<${next(url, page + 1)}>; rel="next"` }),
    },
  };
}

function next(url: string, page: number): string {
  const to = new URL(url);
  to.searchParams.set('page', String(page));
  return to.href;
}

/** `after` and `before` are both exclusive, to the second. */
function within(query: URLSearchParams, clock: SiteClock) {
  const isGmt = flag(query, 'dates_are_gmt');
  const shown = (at: number) => (isGmt ? clock.gmt(at) : clock.local(at));
  const limits = DATES.flatMap((name) => {
    const text = query.get(name);
    if (text === null) return [];
    if (!isDateTime(text)) throw invalidParam(name, 'Invalid date.');
    return [{ name, than: clock.asked(text) }];
  });
  return ({ created, modified }: Entry) =>
    limits.every(({ name, than }) => {
      const time = shown(name.startsWith('modified') ? modified : created);
      return name.endsWith('after') ? time > than : time < than;
    });
}

function chosen(query: URLSearchParams) {
  const include = ids(query, 'include');
  const exclude = new Set(ids(query, 'exclude'));
  return ({ id }: Entry) => (include.length === 0 || include.includes(id)) && !exclude.has(id);
}

function sorted(query: URLSearchParams) {
  const by = query.get('orderby') ?? 'date';
  const order = query.get('order') ?? 'desc';
  if (!ORDER_BY.includes(by)) throw invalidParam('orderby', `orderby is not one of ${ORDER_BY.join(', ')}.`);
  if (!['asc', 'desc'].includes(order)) throw invalidParam('order', 'order is not one of asc, desc.');
  const sign = order === 'asc' ? 1 : -1;
  const second = (at: number) => Math.floor(at / 1000);
  const time = ({ created, modified }: Entry) =>
    by === 'modified' ? second(modified) : by === 'date' ? second(created) : 0;
  return (one: Entry, other: Entry) => sign * (time(one) - time(other) || one.id - other.id);
}

/** `name=1,2` and `name[]=1&name[]=2`. */
export function texts(query: URLSearchParams, name: string): string[] {
  const repeated = query.getAll(`${name}[]`);
  return repeated.length > 0 ? repeated : (query.get(name)?.split(',').filter(Boolean) ?? []);
}

function ids(query: URLSearchParams, name: string): number[] {
  return texts(query, name).map(Number);
}

function whole(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^\d{1,9}$/.test(text)) throw invalidParam(name, `${name} is not of type integer.`);
  return Number(text);
}

function flag(query: URLSearchParams, name: string): boolean {
  return ['true', '1'].includes(query.get(name)?.toLowerCase() ?? '');
}

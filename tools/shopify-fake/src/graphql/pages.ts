import { refusal } from './refusals.ts';

export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
}

/** What is paged through, with what it is ordered by: a cursor names a value, not a place, so pages do not shift. */
export interface Entry<Node> {
  readonly id: number;
  readonly value: number;
  readonly node: Node;
}

const MOST = 250;

export function pageOf<Node>(entries: readonly Entry<Node>[], { first, after }: PageArguments) {
  if (first === undefined || first === null)
    throw refusal('you must provide one of first or last', 'BAD_REQUEST');
  if (first < 0 || first > MOST)
    throw refusal(`first must be between 0 and ${MOST}, but is ${first}.`, 'BAD_REQUEST');
  const from = after ? decode(after) : undefined;
  const rest = entries
    .toSorted((one, other) => one.value - other.value || one.id - other.id)
    .filter(({ id, value }) => !from || value > from.value || (value === from.value && id > from.id));
  const taken = rest.slice(0, first);
  const cursors = taken.map(({ id, value }) => encode({ id, value }));
  return {
    nodes: taken.map(({ node }) => node),
    edges: taken.map(({ node }, index) => ({ node, cursor: cursors[index] })),
    pageInfo: {
      hasNextPage: rest.length > taken.length,
      hasPreviousPage: from !== undefined,
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
    },
  };
}

/** Of things whose order is that of their making. */
export function pageById<Thing extends { id: number }, Node>(
  things: readonly Thing[],
  view: (thing: Thing) => Node,
  page: PageArguments,
) {
  return pageOf(
    things.map((thing) => ({ id: thing.id, value: 0, node: view(thing) })),
    page,
  );
}

const encode = ({ id, value }: { id: number; value: number }) =>
  Buffer.from(JSON.stringify({ last_id: id, last_value: value })).toString('base64');

function decode(cursor: string): { id: number; value: number } {
  try {
    const { last_id: id, last_value: value } = JSON.parse(Buffer.from(cursor, 'base64').toString()) as {
      last_id: number;
      last_value: number;
    };
    if (Number.isFinite(id) && Number.isFinite(value)) return { id, value };
  } catch {
    // Not one of ours.
  }
  throw refusal('Invalid cursor for current pagination sort.', 'BAD_REQUEST');
}

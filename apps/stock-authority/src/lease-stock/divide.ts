/** One who gets a share of an article's pieces, in thousandths. */
export interface Sharer {
  readonly code: string;
  readonly weight: number;
  readonly priority: number;
  /** How briskly it sells beside the others; with its weight it says how much it should have. */
  readonly pace: bigint;
  /** What it can sell already, at most: more than it was told to show while it has not confirmed a lower number. */
  readonly has: bigint;
  /** What the newest level lets it show. */
  readonly shows: bigint;
  /** It gets these before anything is divided, and never more than `cap`. */
  readonly pool: bigint;
  readonly cap?: bigint;
  /** What a person lets it show at most: what it shows beyond that is taken back though nothing is missing. */
  readonly limit?: bigint;
  /** False while nothing may be given to it, as to a channel that gives no sign of life: what it has is taken back. */
  readonly open: boolean;
  /** What it could sell at most, were it told to show so many: a plain write counts beside what the shop has. */
  readonly most: (shows: bigint) => bigint;
}

/** What there is to be divided, in thousandths: for certain, and at the most. */
export interface Pieces {
  readonly low: bigint;
  readonly high: bigint;
}

const PIECE = 1000n;
const atLeastZero = (quantity: bigint) => (quantity > 0n ? quantity : 0n);
const smaller = (one: bigint, other: bigint) => (one < other ? one : other);

/** Higher priority first, then the heavier, then by code, so that every process divides alike. */
function inOrder(a: Sharer, b: Sharer): number {
  return b.priority - a.priority || b.weight - a.weight || (a.code < b.code ? -1 : 1);
}

/**
 * What each should have of so many pieces: pools first, the rest by weight and by how each sells, in whole pieces,
 * by largest remainder. With fewer pieces than sharers the first in the order get them. Caps may leave a rest.
 */
export function ideals(pieces: bigint, sharers: readonly Sharer[]): Map<string, bigint> {
  const found = new Map(sharers.map((one) => [one.code, 0n]));
  let left = atLeastZero(pieces);
  const fits = (one: Sharer) =>
    one.cap === undefined ? left : smaller(left, atLeastZero(one.cap - had(one)));
  const had = (one: Sharer) => found.get(one.code) ?? 0n;
  const give = (one: Sharer, quantity: bigint) => {
    const given = smaller(quantity, fits(one));
    found.set(one.code, had(one) + given);
    left -= given;
  };
  const open = sharers.filter((one) => one.open).toSorted(inOrder);
  for (const one of open) give(one, one.pool);
  // Nothing fits anybody any more once nothing is left.
  for (let takers = open.filter((one) => fits(one) > 0n); takers.length > 0;) {
    const round = left;
    const factors = takers.map((one) => BigInt(one.weight) * (one.pace + PIECE));
    const sum = factors.reduce((all, factor) => all + factor, 0n);
    const shares = takers.map((one, index) => ({ one, exact: (round * (factors[index] ?? 0n)) / sum }));
    for (const { one, exact } of shares) give(one, exact - (exact % PIECE));
    const byRest = shares.toSorted(
      (a, b) =>
        b.one.priority - a.one.priority ||
        Number((b.exact % PIECE) - (a.exact % PIECE)) ||
        inOrder(a.one, b.one),
    );
    for (const { one } of byRest) give(one, PIECE);
    takers = takers.filter((one) => fits(one) > 0n);
  }
  return found;
}

/**
 * What each may show from now on. Nobody is moved without need: a share stays what it is until pieces are missing
 * somewhere. Then the ones with too many are lowered first, and others are raised only to what is certainly there,
 * whatever of the lowered ones is still sold until they are confirmed. So the most that all can sell together never
 * comes to exceed `pieces.low` by a level.
 */
export function divide(pieces: Pieces, sharers: readonly Sharer[]): Map<string, bigint> {
  const targets = new Map(sharers.map((one) => [one.code, one.shows]));
  const wanted = ideals(pieces.low, sharers);
  const had = sharers.reduce((sum, one) => sum + one.has, 0n);
  let room = pieces.low - had;
  const show = (one: Sharer, to: bigint) => {
    room -= one.most(to) - one.most(targets.get(one.code) ?? 0n);
    targets.set(one.code, to);
  };
  for (const one of sharers) room -= one.most(one.shows) - one.has;
  let starving = false;
  for (const one of sharers.filter((each) => each.open).toSorted(inOrder)) {
    const goal = wanted.get(one.code) ?? 0n;
    if (one.shows >= goal) continue;
    const to = raised(one, goal, atLeastZero(room));
    show(one, to);
    // With half of what it should have it can go on selling; below that the others must give. So can one that is given
    // more only when it has sold what it has.
    const dear = one.most(goal) - one.most(one.shows) > goal - one.shows;
    if (to < goal && to * 2n < goal + PIECE && !(dear && one.shows > 0n)) starving = true;
  }
  const ceilings = had > pieces.high || starving ? ideals(pieces.high, sharers) : undefined;
  for (const one of sharers) {
    const share = ceilings?.get(one.code) ?? one.limit;
    const ceiling = one.open ? share : 0n;
    if (ceiling !== undefined && one.shows > ceiling) show(one, ceiling);
  }
  // What one of them cannot be given without taking it all away first, another one may sell meanwhile.
  if (sharers.every((one) => one.code !== ''))
    for (const one of sharers.filter((each) => each.open).toSorted(inOrder)) {
      const shows = targets.get(one.code) ?? 0n;
      if (room >= PIECE)
        show(one, raised({ ...one, shows }, smaller(shows + room, one.cap ?? shows + room), room));
    }
  // Writing any number over a shop's own can add to what it has sold meanwhile, but writing 0.
  for (const one of sharers) {
    const to = targets.get(one.code) ?? 0n;
    if (room < 0n && one.most(to) > one.most(0n) && one.most(to) > one.has) show(one, 0n);
  }
  return targets;
}

/** As much of the goal as there is room for, in whole pieces. */
function raised(one: Sharer, goal: bigint, room: bigint): bigint {
  const base = one.most(one.shows);
  const fits = (to: bigint) => to > one.shows && one.most(to) - base <= room;
  const whole = (to: bigint) => to - ((to - one.shows) % PIECE);
  return [goal, whole(smaller(goal, one.has + room)), whole(smaller(goal, room))].find(fits) ?? one.shows;
}

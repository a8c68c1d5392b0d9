/** One read of an article's sellable pieces: of some moment between two ticks of the gateway's counter. */
export interface Read {
  readonly started: number;
  readonly ended: number;
}

/** How many pieces of one article one revision of an order wants; a cancel is a revision of 0. */
export interface Revision {
  readonly revision: number;
  readonly quantity: bigint;
  /** The gateway's counter before the request and after its answer; known once the WMS has taken it. */
  readonly sent?: number;
  readonly accepted?: number;
  readonly refused?: boolean;
  /** The last read says that this revision was on its way to the WMS while it ran. */
  readonly inFlight?: boolean;
}

/** What one order takes from an article's last read, in thousandths. */
export interface Share {
  /** Subtracted for `low`: never too little. At least 0. */
  readonly low: bigint;
  /** Subtracted for `high`: never too much. Below 0 for pieces that were given back since the read. */
  readonly high: bigint;
  /** The read contains the order as it is, or all was refused: its share is 0, and only an answer can change that. */
  readonly settled: boolean;
}

const largest = (values: bigint[]) => values.reduce((a, b) => (b > a ? b : a), 0n);
const smallest = (first: bigint, rest: bigint[]) => rest.reduce((a, b) => (b < a ? b : a), first);

/**
 * What an order may still take: the largest quantity among the last accepted revision and all later ones
 * that were not refused. A lowered line keeps its pieces until the WMS has answered, because until then it
 * may ship them.
 *
 * @param revisions ascending
 */
export function need(revisions: readonly Revision[]): bigint {
  const alive = revisions.filter((revision) => !revision.refused);
  const accepted = alive.findLastIndex((revision) => revision.accepted !== undefined);
  return largest(alive.slice(Math.max(accepted, 0)).map((revision) => revision.quantity));
}

/** What the order wants now, of its revisions that were not refused. */
const wanted = (alive: readonly Revision[]) => alive.at(-1)?.quantity ?? 0n;

/** Whether the order wants less than the WMS may still ship, and the WMS has yet to say whether it gets less. */
export function mayGiveBack(revisions: readonly Revision[]): boolean {
  const alive = revisions.filter((revision) => !revision.refused);
  return wanted(alive) < need(alive);
}

/** Whether the read may have seen this revision without having begun after its answer. */
function overlaps(read: Read, revision: Revision): boolean {
  if (revision.sent !== undefined) return revision.sent < read.ended;
  return revision.inFlight === true;
}

const taken = (read: Read, revision: Revision) =>
  revision.accepted !== undefined && revision.accepted <= read.started;

/**
 * How much of an order a read certainly contains: the smallest quantity among the last revision that was
 * accepted before the read began and all later ones that were on their way before it ended; 0 where none
 * was accepted in time.
 *
 * @param revisions ascending
 */
export function inside(read: Read, revisions: readonly Revision[]): bigint {
  const alive = revisions.filter((revision) => !revision.refused);
  const basis = alive.findLastIndex((revision) => taken(read, revision));
  if (basis < 0) return 0n;
  return insideSince(read, alive, basis);
}

function insideSince(read: Read, alive: readonly Revision[], basis: number): bigint {
  const later = alive.slice(basis + 1).filter((revision) => overlaps(read, revision));
  return smallest(
    alive[basis]?.quantity ?? 0n,
    later.map((revision) => revision.quantity),
  );
}

/**
 * What one order takes from the last read of an article (design 6.1, and rule 1 of 6.6).
 *
 * `low` is `max(0, need − inside)`. For a revision without an answer `sent` is not known, so two pasts are
 * possible where the read does not name it as in flight: it was not sent until the read had ended, or it
 * was answered before the read began and its answer is late on another topic. The larger share of all such
 * pasts counts, so `low` is safe in whatever order the messages arrive. (Taking such a revision for sent
 * would be safe too, but every cancel that waits in the gateway's queue would then lower the level of a
 * piece that it is about to give back.)
 *
 * `high` takes what was in flight during the read for contained, and so also counts what was given back
 * since; and it counts what a cancel or a lower revision gives back if the WMS carries it out. It trusts
 * that answers come before the reads that contain them, as they do on `wms.stock.v1`; where one is late, an
 * order waits or is short although it need not be, and no piece is sold twice.
 *
 * @param read undefined while the WMS has never told of the article
 * @param revisions of one order and one article, ascending
 */
export function share(read: Read | undefined, revisions: readonly Revision[]): Share {
  const needed = need(revisions);
  const alive = revisions.filter((revision) => !revision.refused);
  if (!read) return { low: needed, high: needed, settled: alive.length === 0 };
  const basis = alive.findLastIndex((revision) => taken(read, revision));
  const later = alive.slice(basis + 1);
  const lows = [needed - (basis < 0 ? 0n : insideSince(read, alive, basis))];
  for (const [index, revision] of alive.entries()) {
    if (index <= basis || revision.accepted !== undefined || revision.inFlight) continue;
    lows.push(need(answered(alive, index)) - insideSince(read, alive, index));
  }
  const contained = later.filter((revision) => overlaps(read, revision)).map((revision) => revision.quantity);
  const most = largest([alive[basis]?.quantity ?? 0n, ...contained]);
  return {
    low: largest(lows),
    high: wanted(alive) - most,
    settled: alive.length === 0 || (basis >= 0 && later.length === 0),
  };
}

/** The same revisions, had this one been accepted. */
function answered(alive: readonly Revision[], index: number): Revision[] {
  return alive.map((revision, at) => (at === index ? { ...revision, accepted: 0 } : revision));
}

/**
 * Pieces that can be promised without any doubt; below 0 when goods vanished or a person forced an order
 * through.
 */
export function free(sellable: bigint, shares: Iterable<Share>): bigint {
  let figure = sellable;
  for (const one of shares) figure -= one.low;
  return figure;
}

/**
 * Pieces that there may be at most: an order beyond it is short, one between `free` and it waits for the
 * next read.
 */
export function high(sellable: bigint, shares: Iterable<Share>): bigint {
  let figure = sellable;
  for (const one of shares) figure -= one.high;
  return figure;
}

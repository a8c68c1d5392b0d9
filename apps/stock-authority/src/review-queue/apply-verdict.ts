import {
  fromMilli,
  toMilli,
  OrderRejected,
  OrderReleased,
  OrderReserved,
  OrderShort,
  OrderWaiting,
} from '@samlast/contracts';
import type { Order } from '@samlast/contracts';
import { sumNeeds } from '../reserve-stock/intake.ts';
import { HOLD, isFirm, type Needs, type ShortPolicy, type Verdict } from '../reserve-stock/decide.ts';
import { lastDay } from '../expect-goods/arrivals.ts';
import type { Book } from '../tables/book.ts';
import type { OrderRecord, State } from '../tables/orders.ts';

const refOf = ({ number, channel, revision }: OrderRecord) => ({ number, channel, revision });

/** What its channel does with an order that cannot be covered. Half a kit is none, so a person decides on those. */
export function policyFor(book: Book, order: OrderRecord): ShortPolicy {
  const policy = book.terms.policyOf(order.channel) ?? HOLD;
  const hasKits = [...(order.wants?.keys() ?? [])].some((article) => book.articles.get(article)?.isKit);
  return policy.kind === 'partial' && hasKits ? HOLD : policy;
}

/** Books what was decided about an order, and says so. `before` is absent for an order that is new. */
export function applyVerdict(
  book: Book,
  order: OrderRecord,
  needs: Needs,
  verdict: Verdict,
  { before, renewDays = false }: { before?: State; renewDays?: boolean } = {},
): void {
  if (before === verdict.state) return stay(book, order, verdict, renewDays);
  const policy = policyFor(book, order);
  order.changed = order.id !== undefined;
  order.state = verdict.state;
  order.shortages = 'shortages' in verdict ? verdict.shortages : [];
  if (before) book.dequeue(order);
  switch (verdict.state) {
    case 'reserved':
      return 'part' in verdict ? reservePart(book, order, needs, verdict.part) : reserve(book, order, needs);
    case 'waiting':
      book.enqueue(order, needs, isFirm('waiting', policy));
      return tellWaiting(book, order, verdict.articles);
    case 'held':
    case 'backordered':
      book.enqueue(order, needs, true);
      return tellHeld(book, order);
    case 'rejected':
      book.remember(order, needs);
      return rejectByPolicy(book, order, needs, before);
  }
}

/**
 * Still held or still waiting: told again only where the reason is new, or where another read would bring
 * an answer.
 */
function stay(book: Book, order: OrderRecord, verdict: Verdict, renewDays: boolean): void {
  if (verdict.state === 'waiting') {
    const articles = verdict.articles.filter((article) => book.readHelps(article));
    if (articles.length > 0) tellWaiting(book, order, articles);
  } else if ('shortages' in verdict) {
    const known = order.shortages;
    const shortages = renewDays ? verdict.shortages : withDaysOf(known, verdict.shortages);
    order.changed ||= JSON.stringify(known) !== JSON.stringify(shortages);
    order.shortages = shortages;
    const [before, after] = [known, shortages].map(dayOf);
    if (reasons(known) !== reasons(shortages) || before !== after) tellHeld(book, order, before);
  }
}

/** When all that is missing can be there, as far as that is known. */
export const dayOf = (shortages: OrderRecord['shortages']) =>
  lastDay(shortages.map(({ expectedOn }) => expectedOn));

/**
 * What was told stays told, though figures move: what has come is in one figure before it is out of the other. Days
 * are told anew when both have come to rest, see `watch-arrivals.ts`.
 */
function withDaysOf(known: OrderRecord['shortages'], shortages: OrderRecord['shortages']) {
  const days = new Map(known.map(({ article, expectedOn }) => [article, expectedOn]));
  return shortages.map(({ expectedOn, ...rest }) => {
    const day = days.has(rest.article) ? days.get(rest.article) : expectedOn;
    return { ...rest, ...(day !== undefined && { expectedOn: day }) };
  });
}

/** What a queued order wants is offered to no shop, so its own need not subtract it once more. */
function tellWaiting(book: Book, order: OrderRecord, articles: string[]): void {
  const counted = book.counted(book.wishes.get(order.number)?.keys() ?? []);
  book.publish(OrderWaiting.of({ ...refOf(order), articles, counted }));
}

function tellHeld(book: Book, order: OrderRecord, before?: string): void {
  const { shortages } = order;
  const counted = book.counted(book.wishes.get(order.number)?.keys() ?? []);
  const outcome = order.state === 'backordered' ? 'backordered' : 'held';
  const expectedOn = dayOf(shortages);
  const days = {
    ...(expectedOn !== undefined && { expectedOn }),
    ...(before !== undefined && before !== expectedOn && { expectedBefore: before }),
  };
  book.publish(OrderShort.of({ ...refOf(order), outcome, shortages, ...days, counted }));
}

const reasons = (shortages: OrderRecord['shortages']) =>
  shortages.map(({ article, reason }) => `${article} ${reason}`).join('\n');

/** The whole order goes on to the warehouse. */
export function reserve(book: Book, order: OrderRecord, needs: Needs): void {
  book.promise(order, needs);
  send(book, order, needs);
}

/**
 * What there is goes on to the warehouse, and the rest is dropped: the shop is told, and its buyer is paid back. What
 * the shop has taken off its shelf stays taken off, all of it, until it puts it back.
 */
function reservePart(book: Book, order: OrderRecord, needs: Needs, part: Needs): void {
  order.wants = needs;
  book.promise(order, part);
  const { shortages } = order;
  book.publish(OrderShort.of({ ...refOf(order), outcome: 'partial', shortages }));
  send(book, order, needs, part);
}

/** The order leaves at the end of this transaction, when it has been loaded; whole, or with so much of each article. */
export function send(book: Book, order: OrderRecord, needs: Needs, part?: Needs): void {
  book.leaving.add(order);
  const counted = book.counted(needs.keys());
  const hasKits = [...needs.keys()].some((article) => book.article(article).isKit);
  const ref = refOf(order);
  book.publishLater(() => {
    if (!order.body) throw new Error(`order ${order.number} was reserved without its content`);
    const { order: whole, text } = order.body;
    if (part) return OrderReserved.of({ ...ref, order: partOf(whole, part), counted });
    const { number, channel, revision } = ref;
    // Text around the text that came: an order is long, and was checked when it came in.
    const head = `{"number":${JSON.stringify(number)},"channel":"${channel}","revision":${revision},"order":`;
    const parts = hasKits ? partsOf(book, whole, needs) : [];
    const rest = { counted, ...(parts.length > 0 && { parts }) };
    return OrderReserved.ofChecked(
      { ...ref, order: whole, ...rest },
      `${head}${text},${JSON.stringify(rest).slice(1)}`,
    );
  });
}

/** What an order takes from the shelf beyond what its lines name. */
function partsOf(book: Book, order: Order, needs: Needs): { article: string; quantity: string }[] {
  const lines = sumNeeds(order);
  return [...needs].flatMap(([article, all]) => {
    const quantity = all - (lines.get(article) ?? 0n);
    return quantity > 0n && !book.article(article).isKit ? [{ article, quantity: fromMilli(quantity) }] : [];
  });
}

/** The same order with so many pieces of each article, in the order of its lines; what gets none is left out. */
function partOf(body: Order, part: Needs): Order {
  const left = new Map(part);
  const lines = body.lines.flatMap((line) => {
    if (!line.picked) return [line];
    const there = left.get(line.article) ?? 0n;
    const wanted = toMilli(line.quantity);
    const given = there < wanted ? there : wanted;
    left.set(line.article, there - given);
    return given > 0n ? [{ ...line, quantity: fromMilli(given) }] : [];
  });
  return { ...body, lines };
}

function rejectByPolicy(book: Book, order: OrderRecord, needs: Needs, before?: State): void {
  const { shortages } = order;
  book.publish(OrderShort.of({ ...refOf(order), outcome: 'rejected', shortages }));
  const reason = `The channel's policy rejects orders that cannot be covered: ${describe(shortages)}`.slice(
    0,
    500,
  );
  const by = `policy of channel ${order.channel}`;
  book.publish(OrderRejected.of({ ...refOf(order), by, reason, counted: book.counted(needs.keys()) }));
  if (before) book.publish(OrderReleased.of({ ...refOf(order), cause: 'rejected' }));
}

/** Says what is missing in words, such as "2 of 5 of A-1". */
export function describe(shortages: OrderRecord['shortages']): string {
  return shortages
    .map(({ article, reason, missing, wanted }) => {
      if (reason === 'unknown-article') return `the warehouse does not know ${article}`;
      return reason === 'inactive'
        ? `${article} is inactive`
        : `${missing} of ${wanted} of ${article} missing`;
    })
    .join(', ');
}

/** Quantities as the ledger holds them. */
export function needsForLedger(needs: Needs): Record<string, string> {
  return Object.fromEntries([...needs].map(([article, quantity]) => [article, fromMilli(quantity)]));
}

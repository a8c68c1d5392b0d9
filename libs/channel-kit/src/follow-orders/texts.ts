import type { OrderPart, Shortage } from '@samlast/contracts';

const WHY: Record<Shortage['reason'], string> = {
  stock: 'out of stock',
  'unknown-article': 'not known in the warehouse',
  inactive: 'inactive in the warehouse',
};

const describe = (shortages: readonly Shortage[]) =>
  shortages
    .map(({ article, missing, wanted, reason }) =>
      reason === 'stock' ? `${missing} of ${wanted} ${article} missing` : `${article} is ${WHY[reason]}`,
    )
    .join(', ');

interface Days {
  readonly expectedOn?: string | undefined;
  readonly expectedBefore?: string | undefined;
}

/** What its supplier was to bring comes on another day, or less of it, or not at all. */
function laterText(missing: string, before: string, on: string | undefined): string {
  const now = on
    ? `is expected on ${on}, no longer on ${before}`
    : `was expected on ${before}; that is late, or less was ordered, and no other day is known`;
  return `Back-ordered: ${missing}. What is missing ${now}. Tell the buyer, or cancel the order here.`;
}

/** What the shop's staff reads at an order that cannot be covered as it is. */
export function shortText(
  outcome: 'held' | 'backordered' | 'partial',
  shortages: readonly Shortage[],
  { expectedOn, expectedBefore }: Days = {},
): string {
  const missing = describe(shortages);
  switch (outcome) {
    case 'held':
      return `Held: ${missing}. It goes to the warehouse when it can be covered; release or reject it in Samlast's console.`;
    case 'backordered':
      if (expectedBefore) return laterText(missing, expectedBefore, expectedOn);
      return `Back-ordered: ${missing}${expectedOn ? `, expected on ${expectedOn}` : ''}. It goes to the warehouse by itself, in its turn, when the goods have come.`;
    case 'partial':
      return `Delivered in part: ${missing}. What is there goes out; the rest will not, so pay it back and take it off the order.`;
  }
}

/** What the shop's staff reads at an order whose change is not carried out. */
export function amendmentText(reason: 'stock' | 'ended', shortages: readonly Shortage[] = []): string {
  return reason === 'stock'
    ? `The change of this order is not carried out: ${describe(shortages)}. The warehouse delivers it as it was; change it back here.`
    : 'The change of this order comes too late: it is cancelled, rejected or being cancelled. Nothing was changed.';
}

/** What the shop's staff reads at an order that they have cancelled and that the warehouse keeps. */
export function cancelRefusedText(reason: 'too-late' | 'unknown', text?: string): string {
  const words = text ? ` (${text})` : '';
  return reason === 'too-late'
    ? `Cancelled in the shop, but the warehouse ships it: it was too late to stop${words}. Ask the buyer to send it back.`
    : `Cancelled in the shop, but the warehouse has not cancelled it, and does not say why${words}. Ask the warehouse whether it ships it, then settle it with the buyer.`;
}

export const CANCEL_DONE = 'The warehouse has the cancel of this order: nothing of it will be sent.';

export const CHANGE_DONE = 'The warehouse has the change of this order.';

const PARTS: Record<OrderPart, string> = {
  lines: 'articles and quantities',
  consignee: 'the address',
  deliveryDate: 'the day of delivery',
  shippingMethod: 'the way of delivery',
  note: 'the note',
  prices: 'prices',
  comments: 'comments at lines',
};

const named = (parts: readonly OrderPart[]) => parts.map((part) => PARTS[part]).join(', ');

/** What the shop's staff reads at an order whose change the warehouse does not take. */
export function refusedChangeText({
  reason,
  text,
  changed = [],
  unchanged = [],
}: {
  reason: string;
  text?: string | undefined;
  changed?: readonly OrderPart[] | undefined;
  unchanged?: readonly OrderPart[] | undefined;
}): string {
  const words = text ? ` (${text})` : '';
  if (reason !== 'too-late')
    return `The warehouse refused the order as it was changed: ${reason}${words}. See Samlast's console.`;
  const late = unchanged.length > 0 ? `, so these stay as they were: ${named(unchanged)}` : '';
  const done = changed.length > 0 ? ` Changed all the same: ${named(changed)}.` : '';
  return `The change of this order came too late: the warehouse works on it already${late}${words}.${done} Change it back here, or settle it with the buyer.`;
}

/** What the shop's staff reads at an order whose promised goods have vanished from the warehouse. */
export function atRiskText(shortages: readonly Shortage[]): string {
  return shortages.length > 0
    ? `At risk: ${describe(shortages)}, since goods have vanished from the warehouse. Tell the buyer that it may come late or in part.`
    : 'No longer at risk: the goods are in the warehouse again.';
}

interface Line {
  article: string;
  quantity: string;
}

const list = (lines: readonly Line[]) =>
  lines.map(({ article, quantity }) => `${quantity} ${article}`).join(', ') || 'nothing';

/** What the shop's staff reads at an order that people of the warehouse changed. */
export function editedText(before: readonly Line[], lines: readonly Line[]): string {
  return `The warehouse has changed this order: it now has ${list(lines)} instead of ${list(before)}. Settle with the buyer what will not come.`;
}

/** The same for pieces that the warehouse moved to an order of its own; none where that one is cancelled. */
export function splitText(into: string, lines: readonly Line[]): string {
  return lines.length > 0
    ? `The warehouse delivers ${list(lines)} of this order as its order ${into}. The parcels are told here as well.`
    : `The warehouse has cancelled its order ${into}, which had a part of this order: those pieces will not come. Settle it with the buyer.`;
}

/** What the staff of a shop reads that cannot be told of returns in any other way. */
export function returnedText(
  lines: readonly (Line & {
    restocked: boolean;
    cause?: { code: string; name?: string | undefined } | undefined;
  })[],
  of?: string,
): string {
  const words = lines.map(({ article, quantity, restocked, cause }) => {
    const why = cause ? ` (${cause.name ?? cause.code})` : '';
    return `${quantity} ${article}${why}, ${restocked ? 'for sale again' : 'scrapped'}`;
  });
  return `Come back to the warehouse${of ? ` as return ${of}` : ', announced by nobody'}: ${words.join('; ')}.`;
}

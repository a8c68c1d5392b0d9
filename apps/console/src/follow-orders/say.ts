import type { Shortage } from '@samlast/contracts';
import type { Kept } from './keep.ts';

/** Who tells of an event on an order's way. */
export type Station = 'shop' | 'authority' | 'gateway' | 'warehouse';

/** One line for a person: what this event says, and who says it. */
export function say(
  kept: Kept,
  order: { channel: string; shopNumber: string },
): { station: Station; text: string } {
  return { station: stationOf(kept), text: textOf(kept, order) };
}

function stationOf(kept: Kept): Station {
  switch (kept.type) {
    case 'order.placed':
    case 'order.amended':
    case 'order.cancel-requested':
      return 'shop';
    case 'order.reserved':
    case 'order.short':
    case 'order.waiting':
    case 'order.amendment-refused':
    case 'order.endangered':
    case 'order.rejected':
    case 'order.released':
    case 'order.cancel-forwarded':
      return 'authority';
    case 'order.accepted':
    case 'order.refused':
    case 'order.cancel-refused':
      return 'gateway';
    case 'order.status-changed':
    case 'order.shipped':
    case 'order.edited':
    case 'order.split':
    case 'order.returned':
      return 'warehouse';
    case 'order.cancelled':
      return kept.by === 'warehouse' ? 'warehouse' : 'gateway';
  }
}

const lines = (count: number) => `${count} ${count === 1 ? 'line' : 'lines'}`;
const because = (text?: string) => (text ? `: ${text}` : '');

function textOf(kept: Kept, { channel, shopNumber }: { channel: string; shopNumber: string }): string {
  switch (kept.type) {
    case 'order.placed':
      return `${channel} placed ${shopNumber} with ${lines(kept.lines.length)}`;
    case 'order.amended':
      return `${channel} changed ${shopNumber}, now ${lines(kept.lines.length)} (revision ${kept.revision})`;
    case 'order.cancel-requested':
      return `${channel} asks to cancel${because(kept.reason)}`;
    case 'order.reserved':
      return 'All pieces reserved, on its way to the warehouse';
    case 'order.short':
      return `${shortTexts[kept.outcome]}: ${kept.shortages.map(sayShortage).join('; ')}${sayDays(kept)}`;
    case 'order.endangered':
      return kept.shortages.length > 0
        ? `At risk, since goods have vanished: ${kept.shortages.map(sayShortage).join('; ')}`
        : 'No longer at risk: the goods are there again';
    case 'order.amendment-refused':
      return `The change is not carried out${because(kept.shortages.map(sayShortage).join('; '))}`;
    case 'order.waiting':
      return `Waits for the next stock reading of ${kept.articles.join(', ')}`;
    case 'order.rejected':
      return `Rejected by ${kept.by}${because(kept.reason)}`;
    case 'order.released':
      return releasedTexts[kept.cause] ?? 'Its pieces are free again';
    case 'order.cancel-forwarded':
      return 'The warehouse is asked to cancel it';
    case 'order.accepted':
      return kept.wmsOrderId === undefined
        ? 'In the warehouse'
        : `In the warehouse as order ${kept.wmsOrderId}`;
    case 'order.refused':
      if (kept.reason === 'too-late') return sayRefusedChange(kept);
      return `The warehouse does not take it (${refusedTexts[kept.reason] ?? kept.reason})${because(kept.text)}`;
    case 'order.cancel-refused':
      return `The cancel is refused (${refusedTexts[kept.reason] ?? kept.reason})${because(kept.text)}`;
    case 'order.cancelled':
      return kept.by === 'warehouse' ? 'Cancelled in the warehouse' : `Cancelled, as ${channel} asked`;
    case 'order.status-changed':
      return `The warehouse says: ${kept.text || kept.state}`;
    case 'order.shipped':
      return sayParcel(kept);
    case 'order.returned':
      return `Came back${kept.return ? ` as return ${kept.return}` : ', announced by nobody'}: ${sayReturned(kept.lines)}`;
    case 'order.edited':
      return `The warehouse changed it: now ${sayLines(kept.lines)}, before ${sayLines(kept.before)}`;
    case 'order.split':
      return kept.lines.length > 0
        ? `The warehouse delivers ${sayLines(kept.lines)} of it as order ${kept.into}`
        : `The warehouse cancelled its order ${kept.into}, which had a part of it`;
  }
}

/** When the pieces of a back-ordered order can be there, and what was told before. */
export function sayDays({
  expectedOn,
  expectedBefore,
}: {
  expectedOn?: string;
  expectedBefore?: string;
}): string {
  const on = expectedOn && `, expected on ${expectedOn}`;
  if (!expectedBefore) return on ?? '';
  return on
    ? `${on}, no longer on ${expectedBefore}`
    : `, was expected on ${expectedBefore}, no other day is known`;
}

function sayRefusedChange(kept: Extract<Kept, { type: 'order.refused' }>): string {
  const done = kept.changed?.length ? `; changed all the same: ${kept.changed.join(', ')}` : '';
  return `The change came too late${done}${because(kept.text)}`;
}

function sayParcel(kept: Extract<Kept, { type: 'order.shipped' }>): string {
  const carrier = kept.carrier ? ` with ${kept.carrier}` : '';
  const tracking = kept.trackingNumber ? `, tracking ${kept.trackingNumber}` : ', no tracking number';
  return `Shipped in parcel ${kept.parcel}${carrier}${tracking}`;
}

const sayLines = (lines: { article: string; quantity: string }[]) =>
  lines.map(({ article, quantity }) => `${quantity} ${article}`).join(', ') || 'nothing';

const sayReturned = (lines: { article: string; quantity: string; restocked: boolean }[]) =>
  lines
    .map(({ article, quantity, restocked }) => `${quantity} ${article}${restocked ? '' : ', scrapped'}`)
    .join(', ');

const shortTexts = { held: 'Held', backordered: 'Back-ordered', partial: 'Sent in part', rejected: 'Short' };

const releasedTexts: Record<string, string> = {
  'cancelled-before-wms': 'Cancelled before the warehouse had it; its pieces are free again',
  'cancelled-in-wms': 'Its pieces are free again after the cancel',
  rejected: 'Its pieces are free again after the rejection',
};

const refusedTexts: Record<string, string> = {
  foreign: 'the number belongs to another order there',
  'too-late': 'it is being worked on already',
  unknown: 'the warehouse does not say why',
  wms: 'refused by Ongoing',
};

/** What one article lacks, as a person would say it. */
export function sayShortage({ article, reason, wanted, missing }: Shortage): string {
  if (reason === 'unknown-article') return `${article} is unknown in the warehouse`;
  if (reason === 'inactive') return `${article} is inactive in the warehouse`;
  return `${missing} of ${wanted} ${article} missing`;
}

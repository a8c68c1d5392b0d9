import { createHash } from 'node:crypto';
import { type Channel, toMilli } from '@samlast/contracts';
import type { ShopOrder, ShopOrderLine } from '../shop.ts';

/**
 * Which members of an order a digest is of. It is part of each digest, so that orders are not taken for changed when a
 * newer version looks at more of them: raise it with every change of `digestOf`, and of what an adapter reads.
 */
const CONTENT = '1';

/** The whole order as it is sent on, under a revision. */
export function contentOf(
  read: ShopOrder,
  {
    number,
    revision,
    channel,
  }: { number: string; revision: number; channel: Pick<Channel, 'code' | 'orderType'> },
) {
  return {
    number,
    channel: channel.code,
    shopNumber: read.number,
    shopOrderId: read.id,
    revision,
    claimKey: read.claimKey,
    type: channel.orderType,
    placedAt: read.placedAt,
    deliveryDate: read.deliveryDate,
    currency: read.currency,
    shippingMethod: read.shippingMethod,
    note: read.note,
    consignee: read.consignee,
    lines: read.lines.filter(hasPieces).map(({ id, ...line }) => ({ row: id, ...line })),
  };
}

/**
 * Of everything in an order that concerns the warehouse. Not of what is fulfilled, which it says itself, nor of the
 * names of lines, which it does not get.
 */
export function digestOf({
  deliveryDate,
  currency,
  shippingMethod,
  note,
  consignee,
  lines,
}: ShopOrder): string {
  const content = [
    deliveryDate ?? '',
    currency ?? '',
    shippingMethod?.code ?? '',
    note ?? '',
    Object.entries(consignee)
      .filter(([, value]) => value !== undefined && value !== '')
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
    lines
      .filter(hasPieces)
      .map(lineContent)
      .toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1)),
  ];
  return `${CONTENT}:${createHash('sha1').update(JSON.stringify(content)).digest('base64url')}`;
}

/** A line that staff has taken off may stand there with nothing. */
export const hasPieces = ({ quantity }: ShopOrderLine) => toMilli(quantity) > 0n;

function lineContent({
  id,
  article,
  warehouse,
  quantity,
  picked,
  unitPrice,
  comment,
}: ShopOrderLine): string[] {
  const pieces = toMilli(quantity).toString();
  return [
    id,
    article,
    warehouse ?? '',
    pieces,
    picked === false ? 'not picked' : '',
    unitPrice ?? '',
    comment ?? '',
  ];
}

/** Whether two digests are of the same members, so that a difference between them is one between the orders. */
export const isComparable = (one: string | undefined, other: string) =>
  one !== undefined && one.slice(0, one.indexOf(':')) === other.slice(0, other.indexOf(':'));

import type { BookedParcel, Mode, ShopBook, ShopOrder, WarehouseBook, WarehouseOrder } from './books.ts';

/** As an order is called that people of the warehouse type in. */
export const COUNTER_SALE = 'COUNTER-';

// What a shop's staff reads at an order, where both sides differ and both are right.
const SHIPPED_ALL_THE_SAME = /Cancelled in the shop, but the warehouse (ships it|has not cancelled it)/;
const CANCELLED_THERE = /Cancelled in the warehouse, not by the shop/;
const IN_PART = /^Delivered in part: (.+?)\. What is there goes out/;
const CAME_BACK = /^Come back to the warehouse.*?: (.+)\.$/;

/**
 * What is wrong between the shops, the ERP and the warehouse, in words, all of it at once: orders that are lost, twice,
 * other than they were placed or made up; parcels, cancels and returns that one side does not know; pieces that are
 * offered twice or to nobody. Empty when all agree line by line.
 *
 * @param modes how each shop sells, by its code
 */
export function differences(
  shops: readonly ShopBook[],
  warehouse: WarehouseBook,
  { modes, installation }: { modes: Readonly<Record<string, Mode>>; installation: string },
): string[] {
  const there = new Map<string, WarehouseOrder[]>();
  for (const order of warehouse.orders) there.set(order.number, [...(there.get(order.number) ?? []), order]);
  const faults: string[] = [];
  for (const { code, orders } of shops) {
    for (const order of orders) {
      const number = `${order.number}-${code}`;
      const found = there.get(number) ?? [];
      there.delete(number);
      const origin = `${installation}:${code}:${order.id}`;
      faults.push(...orderFaults(order, found, origin).map((fault) => `${number} ${fault}`));
    }
  }
  for (const [number, [order]] of there) {
    const isTypedIn = order?.origin === '' && number.startsWith(COUNTER_SALE);
    if (!isTypedIn) faults.push(`${number} is in the warehouse, and no shop has it`);
  }
  return [
    ...faults,
    ...purchaseFaults(shops, warehouse),
    ...returnFaults(shops, warehouse),
    ...offerFaults(shops, warehouse, modes),
  ];
}

function orderFaults(order: ShopOrder, found: readonly WarehouseOrder[], origin: string): string[] {
  const [there] = found;
  if (found.length > 1) return [`is in the warehouse ${found.length} times`];
  const says = (what: RegExp) => order.remarks.some((remark) => what.test(remark));
  const missing = missingOf(order);
  if (order.cancelled) {
    if (!there || there.cancelled) return [];
    return says(SHIPPED_ALL_THE_SAME)
      ? []
      : ['is cancelled in its shop, and alive in the warehouse, and its shop was not told why'];
  }
  if (!there) return isAllMissing(order, missing) ? [] : ['is not in the warehouse'];
  if (there.cancelled)
    return says(CANCELLED_THERE) ? [] : ['is cancelled in the warehouse, and its shop was not told'];
  const faults: string[] = [];
  const compare = (what: string, ours: string, theirs: string) => {
    if (ours !== theirs) faults.push(`has ${what} '${ours}' in its shop, '${theirs}' in the warehouse`);
  };
  compare('the lines', linesOf(order, missing), textOf(there.lines.map(lineText)));
  compare('the address', order.to, there.to);
  compare('the origin', origin, there.origin);
  compare('the parcels', parcelsOf(order.parcels), parcelsOf(there.parcels));
  compare('returned', textOf(cameBack(order)), textOf(returnedOf(there)));
  return faults;
}

const textOf = (parts: readonly string[]) => parts.toSorted().join(', ');
const lineText = ({ row, article, quantity }: { row: string; article: string; quantity: number }) =>
  `${row}: ${quantity} ${article}`;

const piecesText = ({ article, quantity }: { article: string; quantity: number }) => `${quantity} ${article}`;

const parcelsOf = (parcels: readonly BookedParcel[]) =>
  textOf(
    parcels.map(
      ({ tracking, lines }) =>
        `${tracking} with ${textOf(lines.map(({ row, quantity }) => `${row}: ${quantity}`))}`,
    ),
  );

/** Pieces that its shop was told will not come, by article. */
function missingOf({ remarks }: ShopOrder): Map<string, number> {
  const missing = new Map<string, number>();
  for (const remark of remarks) {
    const [, said = ''] = IN_PART.exec(remark) ?? [];
    for (const [, pieces, article = ''] of said.matchAll(/([\d.]+) of [\d.]+ (\S+) missing/g))
      missing.set(article, Number(pieces));
  }
  return missing;
}

const isAllMissing = ({ lines }: ShopOrder, missing: ReadonlyMap<string, number>) =>
  lines.every(({ article }) => missing.get(article) === total(lines, article));

const total = (lines: readonly { article: string; quantity: number }[], article: string) =>
  lines.filter((line) => line.article === article).reduce((sum, { quantity }) => sum + quantity, 0);

/** The lines as they should be in the warehouse: what is missing is taken off the last ones. */
function linesOf({ lines }: ShopOrder, missing: ReadonlyMap<string, number>): string {
  const left = new Map(missing);
  const coming = lines.toReversed().map((line) => {
    const gone = Math.min(left.get(line.article) ?? 0, line.quantity);
    left.set(line.article, (left.get(line.article) ?? 0) - gone);
    return { ...line, quantity: line.quantity - gone };
  });
  return textOf(coming.filter(({ quantity }) => quantity > 0).map(lineText));
}

/** Neither Medusa nor Vendure takes a return that it did not announce, so their staff reads it at the order. */
function cameBack({ remarks }: ShopOrder): string[] {
  const back = new Map<string, number>();
  for (const remark of remarks) {
    const [, said = ''] = CAME_BACK.exec(remark.replace(/ [([]samlast [^)\]]*[)\]]$/, '')) ?? [];
    for (const part of said.split('; ').filter(Boolean)) {
      const [, pieces, article = ''] = /^([\d.]+) (\S+?)(?: \(.*\))?, /.exec(part) ?? [];
      back.set(article, (back.get(article) ?? 0) + Number(pieces));
    }
  }
  return [...back].map(([article, pieces]) => `${pieces} ${article}`);
}

function returnedOf({ lines }: WarehouseOrder): string[] {
  const back = new Map<string, number>();
  for (const { article, returned } of lines)
    if (returned > 0) back.set(article, (back.get(article) ?? 0) + returned);
  return [...back].map(([article, pieces]) => `${pieces} ${article}`);
}

function purchaseFaults(shops: readonly ShopBook[], warehouse: WarehouseBook): string[] {
  const there = new Map(warehouse.purchases.map((purchase) => [purchase.number, purchase]));
  const faults: string[] = [];
  for (const { code, purchases } of shops) {
    for (const purchase of purchases) {
      const number = `${purchase.number}-${code}`;
      const found = there.get(number);
      there.delete(number);
      if (!found) {
        if (!purchase.cancelled) faults.push(`purchase order ${number} is not in the warehouse`);
      } else if (purchase.cancelled !== found.cancelled) {
        faults.push(`purchase order ${number} is cancelled on one side only`);
      } else {
        const [ours, theirs] = [purchase, found].map(({ lines }) =>
          textOf(lines.map((line) => `${line.received} of ${line.ordered} ${line.article}`)),
        );
        if (ours !== theirs && !purchase.cancelled)
          faults.push(`purchase order ${number} has received '${ours}', '${theirs}' in the warehouse`);
      }
    }
  }
  return [...faults, ...[...there.keys()].map((number) => `purchase order ${number} is nobody's`)];
}

function returnFaults(shops: readonly ShopBook[], warehouse: WarehouseBook): string[] {
  const there = new Map(warehouse.returns.map((one) => [one.number, one]));
  const faults: string[] = [];
  for (const { code, returns } of shops) {
    for (const { order, lines, ...announced } of returns) {
      const number = `${announced.number}-${code}`;
      const found = there.get(number);
      there.delete(number);
      const ours = `${textOf(lines.map(piecesText))} of ${order}-${code}`;
      const theirs = found && `${textOf(found.lines.map(piecesText))} of ${found.order}`;
      if (ours !== theirs)
        faults.push(`return ${number} is to bring ${ours}, in the warehouse ${theirs ?? 'nothing'}`);
    }
  }
  return [...faults, ...[...there.keys()].map((number) => `return ${number} is nobody's`)];
}

/**
 * What shops on lease offer never sums up to more than the warehouse can deliver, and all others offer exactly what
 * those leave.
 */
function offerFaults(
  shops: readonly ShopBook[],
  { sellable }: WarehouseBook,
  modes: Readonly<Record<string, Mode>>,
): string[] {
  const faults: string[] = [];
  const sellers = shops.flatMap(({ code, offered }) => (offered ? [{ code, offered }] : []));
  for (const [article, free] of sellable) {
    const offers = sellers.map(({ code, offered }) => ({
      code,
      pieces: Math.max(0, offered.get(article) ?? 0),
    }));
    const leased = offers
      .filter(({ code }) => modes[code] === 'lease')
      .reduce((sum, { pieces }) => sum + pieces, 0);
    const all = offers.map(({ code, pieces }) => `${code} ${pieces}`).join(', ');
    if (leased > Math.max(0, free))
      faults.push(`${article}: the warehouse has ${free}, and shops on lease offer more: ${all}`);
    const left = Math.max(0, free - leased);
    for (const { code, pieces } of offers)
      if (modes[code] !== 'lease' && pieces !== left)
        faults.push(`${article}: ${code} should offer ${left} of ${free}: ${all}`);
  }
  return faults;
}

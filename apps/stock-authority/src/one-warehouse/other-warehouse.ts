import { Unprocessable } from '@samlast/messaging';

/**
 * Why a position cannot be decided on: it lies in a warehouse that is not the one whose pieces are promised here.
 * Undefined for that one, and for a position that names none.
 *
 * @param inUse what people call the goods owner's only warehouse, where they call it anything
 */
export function otherWarehouse(named: string | undefined, inUse: string | undefined): string | undefined {
  if (named === undefined || named === inUse) return undefined;
  return inUse === undefined
    ? `names warehouse ${named}, but the goods owner's only warehouse has no name here. Leave the warehouse out, or name it in WAREHOUSE of the stock authority`
    : `names warehouse ${named}, but only pieces of warehouse ${inUse} are promised here. Correct the warehouse, or leave it out`;
}

/** Parks a message about another warehouse. */
export function refuseOtherWarehouse(
  what: string,
  { warehouse }: { readonly warehouse?: string | undefined },
  inUse: string | undefined,
): void {
  const why = otherWarehouse(warehouse, inUse);
  if (why) throw new Unprocessable('warehouse.other', `${what} ${why}; then discard this message.`);
}

/** Everything that can go wrong or cross in the world. A kind that never struck proves nothing. */
export const FAULTS = [
  'authority crashed before its commit',
  'authority crashed after its commit',
  'channel crashed',
  'channel crashed with a stock write on its way',
  'gateway crashed',
  'gateway crashed with a request on its way',
  'message duplicated',
  'message redelivered',
  'lane of the bus stalled',
  'answer of a shop to a stock write lost',
  'stock write refused because the number had changed',
  'request to the warehouse lost',
  'request to the warehouse late',
  'version of an order overtaken before it was sent',
  'answer of the warehouse lost',
  'answer to a claim lost',
  'request for a claim lost',
  'sale between reading a number and writing it',
  'sale between two pages of the feed',
  'feed showed an order late',
  'write in flight during a stock read',
  'stock read overtaken by a newer one',
  'two reads of stock at a time said different things',
  'read of a gateway that has lost the lead',
  'order refused by the warehouse',
  'cancel refused because the order was being picked',
  'order cancelled by the warehouse',
  'cancel crossed a write of its order',
  'cancel in a shop before its order was read',
  'channel fell silent',
  'goods vanished',
  'order typed in by hand',
  'number of a shop edited by hand',
  'order changed in its shop after it was sent on',
  'change of an order told',
  'change of an order refused for want of pieces',
  'change of an order refused by the warehouse',
  'rules of an article set',
  'order back-ordered',
  'order delivered in part',
  'shop began with a number of its own',
  'order held',
  'buyer went back from the payment',
  'buyer paid for what had been taken off the shelf meanwhile',
  'shop kept more than was written for buyers at the payment',
  'shelf lowered under buyers at the payment',
  'channel registered late',
  'channel given free by hand',
  'kit wanted',
  'kit promised',
  'kit sold by a shop on lease',
  'order waited for a read',
  'order rejected by policy',
  'order released by hand',
  'order rejected by hand',
  'claim expired',
  'claim confirmed after it had expired',
  'claim confirmed late and gone',
  'confirmed claim without an order',
  'article changed between shared and leased',
  'pieces moved from one lease to another',
] as const;

export type Fault = (typeof FAULTS)[number];

/** How often each of them struck. */
export class Faults {
  readonly counts = new Map<Fault, number>(FAULTS.map((fault) => [fault, 0]));

  strike(fault: Fault): void {
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
  }

  add(others: Faults): void {
    for (const [fault, count] of others.counts) this.counts.set(fault, (this.counts.get(fault) ?? 0) + count);
  }
}

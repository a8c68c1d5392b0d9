import { describe, expect, it } from '@jest/globals';
import { OrderPlaced, OrderReserved } from '@samlast/contracts';
import { CANARY, messageOf, orderOf, shippedStory } from '../testing/messages.ts';
import { keep, type OrderMessage } from './keep.ts';

describe('keep', () => {
  it('keeps nothing of the consignee, the note and the comments of a placed order', () => {
    const placed = messageOf(OrderPlaced.of(orderOf('5178-SE')), '2026-11-24T09:00:00Z') as OrderMessage;
    const kept = JSON.stringify(keep(placed));
    expect(kept).not.toContain(CANARY);
    expect(kept).not.toContain('canary@example.test');
    expect(kept).toContain('KETTLE');
  });

  it('keeps nothing of the whole order that a reservation carries', () => {
    const order = orderOf('5178-SE');
    const reserved = OrderReserved.of({ number: '5178-SE', channel: 'SE', revision: 1, order, counted: [] });
    const kept = keep(messageOf(reserved, '2026-11-24T09:00:00Z') as OrderMessage);
    expect(kept).toEqual({ type: 'order.reserved', revision: 1 });
  });

  it('keeps no member that it does not name, however it came in', () => {
    for (const message of shippedStory('5178-SE')) {
      const data: unknown = { ...(message.data as object), receiver: CANARY };
      expect(JSON.stringify(keep({ ...message, data } as OrderMessage))).not.toContain(CANARY);
    }
  });
});

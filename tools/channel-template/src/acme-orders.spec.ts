import { describe, expect, it } from '@jest/globals';
import { readAcmeOrder } from './acme-orders.ts';

describe('an Acme order', () => {
  it('that lacks what every order has is told as unreadable, with what it lacks', () => {
    const changedAt = '2026-11-24T10:15:00Z';
    expect(readAcmeOrder({ id: '1', changedAt })).toMatchObject({
      id: '1',
      unreadable: expect.stringContaining('number'),
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import { channels, observed, placed, told } from '../testing/authority.ts';
import { stageAuthorities } from '../testing/stage.ts';
import { verify } from '../verify/verify.ts';

const [authority] = stageAuthorities(channels.map((one) => ({ ...one, margin: '0', shortPolicy: 'hold' })));

const claim = (key: string, pieces: number) =>
  authority.claims(
    {
      kind: 'open',
      channel: 'SE',
      key,
      digest: key,
      needs: new Map([['A', BigInt(pieces) * 1000n]]),
      expiresAt: new Date(Date.now() + 60_000),
    },
    { kind: 'confirm', channel: 'SE', key },
  );

const paid = (number: string, wants: string, claimKey: string) => {
  const message = placed(number, wants);
  const data = { ...message.data, claimKey };
  return { ...message, data, text: JSON.stringify(data) };
};

describe('the queue', () => {
  it('gives the oldest what is left as soon as the last cart that goods vanished from is an order', async () => {
    await authority.stock(observed('A', 5, [1, 2]));
    await claim('first', 3);
    await claim('second', 2);
    await authority.stock(observed('A', 3, [3, 4]));
    // Of the five that were promised two are gone, and nobody knows yet which of the buyers comes first.
    expect(told(await authority.orders(paid('1-SE', 'A:3', 'first')))).toEqual(['order.short 1-SE']);
    expect(told(await authority.orders(paid('2-SE', 'A:2', 'second')))).toEqual([
      'order.short 2-SE',
      'order.reserved 1-SE',
    ]);
    expect(await authority.states()).toEqual({ '1-SE': 'reserved', '2-SE': 'held' });
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
  });
});

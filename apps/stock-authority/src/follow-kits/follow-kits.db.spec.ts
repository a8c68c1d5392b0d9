import { beforeEach, describe, expect, it } from '@jest/globals';
import { ArticlePublished, OrderAccepted } from '@samlast/contracts';
import {
  amended,
  cancelRequested,
  channels,
  message,
  observed,
  otherPolicies,
  placed,
  told,
} from '../testing/authority.ts';
import { rule } from '../testing/rules.ts';
import { stageAuthority } from '../testing/stage.ts';
import { verify } from '../verify/verify.ts';
import { FollowKits } from './follow-kits.handler.ts';

const inPart = otherPolicies.filter(({ code }) => code === 'PART');
const lines = [...channels, ...inPart].map((one) => ({
  ...one,
  margin: '0',
  articleMaster: one.code === 'ERP',
}));
const authority = stageAuthority(lines);

const publish = (number: string, wants: string, channel = 'ERP') => {
  const parts = wants
    .split(' ')
    .filter(Boolean)
    .map((text) => {
      const [article = '', quantity = ''] = text.split(':');
      return { article, quantity };
    });
  const messages = [message(ArticlePublished, { channel, article: { number, parts } })];
  return authority.run((tx) => new FollowKits(authority.terms, lines).onArticles(messages as never, tx));
};
const shops = (article: string) => {
  const { PART: _, ...rest } = authority.level(article).shops;
  return rest;
};
const agrees = async () => expect(await verify(authority.source)).toMatchObject({ agrees: true });

/** A set of two cups and a pot; the warehouse has five cups and four pots, and says something of the set too. */
beforeEach(async () => {
  await authority.stock(observed('CUP', 5, [1, 2]), observed('POT', 4, [1, 2]), observed('SET', 99, [1, 2]));
  await publish('SET', 'CUP:2 POT:1');
});

describe('who says what a kit consists of', () => {
  it('is the channel that owns parts, and not the article master where another one does', async () => {
    const owned = lines.map((one) =>
      one.code === 'EU' ? { ...one, articleAspects: ['parts' as const] } : one,
    );
    const say = (channel: string, quantity: string) => {
      const article = { number: 'SET', wholePieces: true, parts: [{ article: 'CUP', quantity }] };
      const messages = [message(ArticlePublished, { channel, article })];
      return authority.run((tx) => new FollowKits(authority.terms, owned).onArticles(messages as never, tx));
    };
    await say('ERP', '1');
    expect(shops('SET').SE).toBe('2');
    await say('EU', '5');
    expect(shops('SET').SE).toBe('1');
    await agrees();
  });
});

describe('a kit', () => {
  it('is shown as often as its scarcest part allows, whatever the warehouse says of it', async () => {
    expect(shops('SET')).toEqual({ SE: '2', EU: '2', ERP: '2' });
    await authority.stock(observed('CUP', 9, [3, 4]));
    expect(shops('SET')).toEqual({ SE: '4', EU: '4', ERP: '4' });
    await authority.orders(placed('1-SE', 'POT:3'));
    expect(shops('SET')).toEqual({ SE: '1', EU: '1', ERP: '1' });
    await agrees();
  });

  it('takes its parts, and lines that share a part are not checked one by one against the same pieces', async () => {
    const events = await authority.orders(placed('1-SE', 'SET:2 CUP:2'));
    expect(told(events)).toEqual(['order.short 1-SE']);
    const whole = await authority.orders(placed('2-ERP', 'SET:1 CUP:1'));
    expect(told(whole)).toEqual(['order.short 2-ERP']);
    await authority.orders(cancelRequested('1-SE'));
    expect(await authority.states()).toMatchObject({ '2-ERP': 'reserved' });
    expect(authority.level('CUP').free).toBe('2');
    expect(authority.level('POT').free).toBe('3');
    await agrees();
  });

  it('names the level of the kit itself from which on it is not contained, since that is what its shop shows', async () => {
    const events = await authority.orders(placed('1-SE', 'SET:1'));
    const reserved = events.find((event) => event.type === 'order.reserved')?.data as {
      counted: { article: string; version: number }[];
    };
    const named = reserved.counted.find(({ article }) => article === 'SET');
    expect(named?.version).toBe(authority.level('SET').version);
    expect(shops('SET')).toEqual({ SE: '1', EU: '1', ERP: '1' });
  });

  it('goes on with what it is made of beside the other lines, so that its parts are read again too', async () => {
    const events = await authority.orders(placed('1-SE', 'SET:1 CUP:1'), placed('2-SE', 'CUP:1'));
    const parts = events.flatMap(({ type, data }) => (type === 'order.reserved' ? [data as object] : []));
    expect(parts).toMatchObject([
      {
        parts: [
          { article: 'CUP', quantity: '2' },
          { article: 'POT', quantity: '1' },
        ],
      },
      {},
    ]);
    expect(parts[1]).not.toHaveProperty('parts');
  });

  it('gives its parts back when it is cancelled, and its acceptance by the warehouse counts for them', async () => {
    await authority.orders(placed('1-SE', 'SET:2'));
    const lines = [{ row: '1', article: 'SET', quantity: '2' }];
    await authority.answers(
      message(OrderAccepted, { number: '1-SE', channel: 'SE', revision: 1, sent: 3, accepted: 4, lines }),
    );
    await authority.stock(observed('CUP', 1, [5, 6]), observed('POT', 2, [5, 6]));
    expect(authority.level('CUP').free).toBe('1');
    expect(authority.level('POT').free).toBe('2');
    await agrees();
  });

  it('promises nobody a part alone when it is placed and cancelled in one batch', async () => {
    await authority.stock(observed('LAMP', 0, [1, 2]));
    // Held for want of a lamp; four cups are there for it.
    expect(told(await authority.orders(placed('1-ERP', 'CUP:4 LAMP:1')))).toEqual(['order.short 1-ERP']);
    await authority.orders(placed('2-SE', 'SET:1'), cancelRequested('2-SE'));
    expect(await authority.states()).toMatchObject({ '1-ERP': 'held' });
    await authority.stock(observed('LAMP', 1, [3, 4]));
    expect(await authority.states()).toMatchObject({ '1-ERP': 'reserved' });
    await agrees();
  });

  it('is never delivered in part, neither at once nor when some of it comes in', async () => {
    expect(told(await authority.orders(placed('1-PART', 'SET:4')))).toEqual(['order.short 1-PART']);
    expect(told(await authority.stock(observed('CUP', 7, [3, 4])))).toEqual([]);
    expect(await authority.states()).toEqual({ '1-PART': 'held' });
    await agrees();
  });

  it('can be claimed only as far as its parts are there', async () => {
    const ref = { channel: 'EU', digest: 'd', expiresAt: new Date(Date.now() + 60_000) };
    const open = (key: string, quantity: bigint) =>
      authority.claims({ kind: 'open', ...ref, key, needs: new Map([['SET', quantity]]) });
    expect(await open('three', 3000n)).toMatchObject([
      { claim: { state: 'refused', shortages: [{ article: 'CUP', wanted: 6000n, free: 5000n }] } },
    ]);
    expect(await open('two', 2000n)).toMatchObject([{ claim: { state: 'open' } }]);
    expect(shops('CUP')).toEqual({ SE: '1', EU: '1', ERP: '1' });
    expect(shops('SET')).toEqual({ SE: '0', EU: '0', ERP: '0' });
    await agrees();
  });

  it('has a cap of its own, which its shop shows and a claim there may have', async () => {
    await rule(authority, 'SET', { safety: 0n, limits: new Map([['EU', { cap: 1000n, pool: 0n }]]) });
    expect(shops('SET')).toEqual({ SE: '2', EU: '1', ERP: '2' });
    const ref = { channel: 'EU', digest: 'd', expiresAt: new Date(Date.now() + 60_000) };
    const two = { kind: 'open' as const, ...ref, key: 'two', needs: new Map([['SET', 2000n]]) };
    expect(await authority.claims(two)).toMatchObject([
      { claim: { state: 'refused', shortages: [{ article: 'SET', wanted: 2000n, free: 1000n }] } },
    ]);
  });

  it('may consist of kits, in fractions of pieces', async () => {
    await authority.stock(observed('LEAF', 1, [1, 2]), observed('BOX', 9, [1, 2]));
    await publish('BOX', 'SET:1 LEAF:0.125');
    expect(shops('BOX')).toEqual({ SE: '2', EU: '2', ERP: '2' });
    expect(told(await authority.orders(placed('1-SE', 'BOX:2')))).toEqual(['order.reserved 1-SE']);
    expect(authority.level('LEAF').free).toBe('0.75');
    expect(authority.level('CUP').free).toBe('1');
    await agrees();
  });

  it('is not divided where that would divide a part that is sold in whole pieces only', async () => {
    const article = { number: 'POT', wholePieces: true };
    const whole = [message(ArticlePublished, { channel: 'ERP', article })];
    await authority.run((tx) => new FollowKits(authority.terms, lines).onArticles(whole as never, tx));
    await expect(authority.orders(placed('1-SE', 'SET:0.5'))).rejects.toMatchObject({
      code: 'order.fraction',
      message: expect.stringContaining('row 1, wants 0.5 of SET, but POT is sold in whole pieces only'),
    });
    await authority.orders(placed('2-SE', 'SET:1'));
    await expect(authority.orders(amended('2-SE', 'SET:1.5'))).rejects.toMatchObject({
      code: 'order.fraction',
    });
    const expiresAt = new Date(Date.now() + 60_000);
    const needs = new Map([['SET', 500n]]);
    expect(
      await authority.claims({ kind: 'open', channel: 'EU', digest: 'd', key: 'half', needs, expiresAt }),
    ).toEqual([{ outcome: 'fraction', article: 'SET', wanted: '0.5', whole: 'POT' }]);
    expect(authority.level('POT').free).toBe('3');
    await agrees();
  });

  it('is held while it, or one of its parts, is not known', async () => {
    await publish('NEW', 'CUP:1 GONE:1');
    await authority.orders(placed('1-SE', 'NEW:1'));
    expect(await authority.states()).toEqual({ '1-SE': 'held' });
    await authority.stock(observed('GONE', 1, [3, 4]), observed('NEW', 1, [3, 4]));
    expect(await authority.states()).toEqual({ '1-SE': 'reserved' });
    await agrees();
  });

  it('is what the article master says it is, and nobody else', async () => {
    await publish('SET', 'CUP:1', 'SE');
    expect(shops('SET')).toEqual({ SE: '2', EU: '2', ERP: '2' });
    await publish('SET', 'CUP:1');
    expect(shops('SET')).toEqual({ SE: '5', EU: '5', ERP: '5' });
    await publish('SET', '');
    expect(shops('SET')).toEqual({ SE: '99', EU: '99', ERP: '99' });
    await agrees();
  });

  it('that contains itself is parked with a reason', async () => {
    await expect(publish('CUP', 'SET:1')).rejects.toMatchObject({ code: 'article.contains-itself' });
  });
});

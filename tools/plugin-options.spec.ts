import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';

const { checkOptions } = createRequire(import.meta.url)('../plugins/checkout/options.js') as {
  checkOptions(name: string, given?: object): Record<string, unknown>;
};

const channelUrl = 'https://channel.example';
const claims = { token: 'a-token-of-sixteen' };
const secret = `whsec_${Buffer.alloc(24, 5).toString('base64')}`;

describe('options of a plugin in a shop', () => {
  it('are filled up with what was left out', () => {
    expect(checkOptions('plugin', { channelUrl: `${channelUrl}//`, claims, webhooks: { secret } })).toEqual({
      channelUrl,
      payWithinS: 1800,
      claims: { ...claims, payWithinS: 1800, answerWithinMs: 3000, unanswered: 'refuse' },
      webhooks: { secret },
    });
  });

  it('that ask for nothing turn nothing on', () => {
    expect(checkOptions('plugin', { channelUrl, payWithinS: 60 })).toEqual({ channelUrl, payWithinS: 60 });
  });

  it('may have a shop sell when nobody answers', () => {
    const { claims: checked } = checkOptions('plugin', {
      channelUrl,
      claims: { ...claims, unanswered: 'sell' },
    });
    expect(checked).toMatchObject({ unanswered: 'sell' });
  });

  it.each<[string, object | undefined, RegExp]>([
    ['nothing', undefined, /channelUrl must be/],
    ['an address of another kind', { channelUrl: 'ftp://channel.example' }, /channelUrl must be/],
    ['no token', { channelUrl, claims: {} }, /claims\.token must be/],
    ['a short token', { channelUrl, claims: { token: 'short' } }, /at least 16 characters/],
    ['a word for nobody', { channelUrl, claims: { ...claims, unanswered: 'ask' } }, /'refuse' or 'sell'/],
    ['half a second', { channelUrl, claims: { ...claims, answerWithinMs: 0.5 } }, /claims\.answerWithinMs/],
    ['no time to pay', { channelUrl, claims: { ...claims, payWithinS: 0 } }, /claims\.payWithinS/],
    ['less than no time', { channelUrl, payWithinS: -1 }, /- payWithinS must be/],
    ['a secret of its own kind', { channelUrl, webhooks: { secret: 'secret' } }, /webhooks\.secret must be/],
  ])('are refused with what to do: %s', (_what, given, fault) => {
    expect(() => checkOptions('plugin', given)).toThrow(fault);
  });

  it('are refused with all faults at once, by the name of the plugin', () => {
    const wrong = { claims: { token: '' }, webhooks: { secret: '' } };
    expect(() => checkOptions('samlast-vendure', wrong)).toThrow(
      /^samlast-vendure cannot start:\n- channelUrl .*\n- claims\.token .*\n- webhooks\.secret/,
    );
  });
});

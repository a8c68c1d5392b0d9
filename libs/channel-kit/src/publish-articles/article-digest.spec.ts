import { expect, it } from '@jest/globals';
import type { Channel } from '@samlast/contracts';
import { digestOf, ownersIn } from './article-digest.ts';

const article = { id: '1', article: { number: 'TEE', name: 'T-shirt' } };
const line = (code: string, more: Partial<Channel> = {}) => ({ code, kind: 'http', ...more }) as Channel;
const digestUnder = (...channels: Channel[]) => digestOf(article, ownersIn(channels));

it('an article is said again when something of it has changed, or when others own article data', () => {
  const before = digestUnder(line('SE'), line('ERP'));
  expect(digestUnder(line('SE'), line('ERP'))).toBe(before);
  expect(digestUnder(line('SE', { mode: 'lease' }), line('ERP'))).toBe(before);
  expect(digestUnder(line('SE'), line('ERP', { articleMaster: true }))).not.toBe(before);
  expect(digestUnder(line('SE', { articleAspects: ['names'] }), line('ERP'))).not.toBe(before);
  const renamed = { ...article, article: { number: 'TEE', name: 'Shirt' } };
  expect(digestOf(renamed, ownersIn([line('SE'), line('ERP')]))).not.toBe(before);
});

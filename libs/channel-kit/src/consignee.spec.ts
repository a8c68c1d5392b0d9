import { Consignee } from '@samlast/contracts';
import { describe, expect, it } from '@jest/globals';
import { consigneeFrom } from './consignee.ts';

describe('whom an order goes to', () => {
  it('is what the shop has of it, without what is empty', () => {
    const shop = { name: 'Ada Buyer', company: null, address2: '', city: 'Hamburg', countryCode: 'de' };
    expect(consigneeFrom(shop)).toEqual({ name: 'Ada Buyer', city: 'Hamburg', countryCode: 'DE' });
  });

  it('is cut to what the contract takes, member by member', () => {
    const members = [
      'name',
      'company',
      'address1',
      'address2',
      'postCode',
      'city',
      'stateCode',
      'email',
      'phone',
    ];
    const long = Object.fromEntries(members.map((member) => [member, 'x'.repeat(999)]));
    expect(Object.keys(Consignee.parse(consigneeFrom(long)))).toEqual(members);
  });

  it('is cut before an emoji that does not fit whole', () => {
    const { name } = consigneeFrom({ name: `${'x'.repeat(199)}🎁` });
    expect([name, Consignee.safeParse({ name }).success]).toEqual(['x'.repeat(199), true]);
  });

  it('has no country where the shop has no code of two letters', () => {
    expect(consigneeFrom({ name: 'Ada', countryCode: 'Sverige' })).toEqual({ name: 'Ada' });
  });
});

import { describe, expect, it } from '@jest/globals';
import { ownersOf, type Said } from './article-fields.ts';
import { refusalsOf } from './refusals.ts';
import { foreignFields, sortOut } from './sort-out.ts';

const owners = ownersOf([
  { code: 'ERP', articleMaster: true },
  { code: 'PIM', articleAspects: ['measures'] },
  { code: 'SE' },
]);
const limits = { weightMostKg: 200, lengthMostM: 5 };
const saidBy = (words: Record<string, Said>) => new Map(Object.entries(words));

describe('the words of several channels about one article', () => {
  it('are taken member by member from their owners', () => {
    const words = saidBy({
      ERP: { name: 'Tee', weightKg: '210' },
      PIM: { name: 'TEE PIM', weightKg: '0.21' },
      SE: { name: 'SALE', barcode: '1' },
    });
    expect(sortOut('TEE', words, owners, limits).wanted).toEqual({ name: 'Tee', weightKg: '0.21' });
  });

  it('are doubted together, though they come from two owners', () => {
    const words = saidBy({ ERP: { name: 'Tee' }, PIM: { weightKg: '3000' } });
    const { wanted, doubts } = sortOut('TEE', words, owners, limits);
    expect(wanted).toEqual({ name: 'Tee' });
    expect(doubts).toMatchObject([{ fields: ['weightKg'] }]);
  });

  it('leave to the warehouse whether a kit is stocked', () => {
    const words = saidBy({ ERP: { stocked: false, parts: [{ article: 'A', quantity: '1' }] } });
    expect(sortOut('KIT', words, owners, limits).wanted).not.toHaveProperty('stocked');
  });

  it('are foreign where they are not their own and their owner says otherwise', () => {
    const said = { name: 'Tee', weightKg: '0.21' };
    const foreign = (words: Said) => foreignFields('SE', words, said, owners);
    expect(foreign({ name: 'Tee', weightKg: '0.210' })).toEqual([]);
    expect(foreign({ name: 'SALE', weightKg: '0', barcode: '1' })).toEqual(['name', 'barcode']);
  });

  it('are refused owner by owner, each with what to do', () => {
    const words = { name: 'SALE', weightKg: '210' };
    const sorted = sortOut('TEE', saidBy({ ERP: { name: 'Tee' }, SE: words }), owners, limits);
    const refusals = refusalsOf('TEE', 'SE', words, sorted, owners).map(({ data }) => data);
    expect(refusals).toMatchObject([
      { reason: 'not-master', owner: 'ERP', fields: ['name'], text: expect.stringContaining('ERP says Tee') },
      {
        reason: 'not-master',
        owner: 'PIM',
        fields: ['weightKg'],
        text: expect.stringContaining('PIM has said none'),
      },
    ]);
  });

  it('name what to configure where nobody owns them', () => {
    const nobody = ownersOf([{ code: 'SE' }]);
    const sorted = sortOut('TEE', saidBy({ SE: { name: 'Tee' } }), nobody, limits);
    const [refusal] = refusalsOf('TEE', 'SE', { name: 'Tee' }, sorted, nobody);
    expect(refusal?.data).toMatchObject({ text: expect.stringContaining('No channel owns name') });
  });
});

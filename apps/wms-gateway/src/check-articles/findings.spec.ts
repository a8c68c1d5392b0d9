import { describe, expect, it } from '@jest/globals';
import { ownersOf, type Said } from '../publish-articles/article-fields.ts';
import type { Words } from '../publish-articles/article-words.ts';
import { sortOut } from '../publish-articles/sort-out.ts';
import { type Facts, findingsOf } from './findings.ts';

const owners = ownersOf([
  { code: 'ERP', articleMaster: true },
  { code: 'PIM', articleAspects: ['measures'] },
  { code: 'SE' },
]);
const limits = { weightMostKg: 200, lengthMostM: 5 };

interface Scene extends Partial<Omit<Facts, 'words' | 'sorted' | 'data' | 'seen'>> {
  says?: Record<string, Said>;
  words?: Record<string, Partial<Words>>;
  there?: Said;
  pieces?: boolean;
  written?: Said;
  refusal?: string;
}

function facts(scene: Scene): Facts {
  const { says = {}, words = {}, there, pieces = false, written, refusal, ...more } = scene;
  const article = 'TEE';
  const all = [...new Set([...Object.keys(says), ...Object.keys(words)])].map((channel): Words => ({
    article,
    channel,
    said: says[channel] ?? {},
    published: channel in says,
    shopArticleId: undefined,
    listed: undefined,
    barcode: undefined,
    withdrawn: false,
    renamedTo: undefined,
    ...words[channel],
  }));
  const present = all.filter((one) => one.published && !one.withdrawn);
  return {
    article,
    words: new Map(all.map((one) => [one.channel, one])),
    sorted: sortOut(article, new Map(present.map((one) => [one.channel, one.said])), owners, limits),
    seen: there && { there, pieces },
    data: { written, refusal },
    waiting: false,
    sharing: [],
    vanished: false,
    ...more,
  };
}
const found = (scene: Scene) => findingsOf(facts(scene), owners);
const kinds = (scene: Scene) => found(scene).map(({ kind, channel }) => `${kind} ${channel}`.trim());

const ERP = { name: 'T-shirt', barcode: '7350000000016' };
const PIM = { weightKg: '0.21' };
const there = { ...ERP, ...PIM };

describe('what does not fit in article data', () => {
  it('is nothing where all say the same', () => {
    expect(found({ says: { ERP, PIM, SE: { name: 'T-shirt', weightKg: '0.210' } }, there })).toEqual([]);
  });

  it('is what a channel says of members that another one owns', () => {
    const scene = { says: { ERP, PIM, SE: { name: 'SALE', weightKg: '210' } }, there };
    expect(kinds(scene)).toEqual(['not-owner SE', 'own-words SE']);
    expect(found(scene)[0]).toMatchObject({
      fields: ['weightKg'],
      text: 'SE says weight 210 kg (PIM: 0.21 kg).',
      remedy: expect.stringContaining('belong to PIM'),
    });
  });

  it('is what was changed at the warehouse, and not while a write of it is under way', () => {
    const scene = { says: { ERP, PIM }, there: { ...there, weightKg: '0.4' }, written: there };
    expect(kinds(scene)).toEqual(['changed-in-wms']);
    expect(found(scene)[0]).toMatchObject({
      text: 'The warehouse has weight 0.4 kg (PIM: 0.21 kg): it was changed at the warehouse.',
      remedy: 'If the warehouse is right, correct it in PIM. If not, press Write again.',
    });
    expect(kinds({ ...scene, waiting: true })).toEqual([]);
  });

  it('is what Ongoing refused, in its own words', () => {
    const scene = { says: { ERP, PIM }, refusal: 'the unit "pcs" does not exist' };
    expect(found(scene)).toMatchObject([{ kind: 'refused', text: 'the unit "pcs" does not exist' }]);
  });

  it('is what cannot be right, at the channel that owns it', () => {
    const scene = { says: { ERP, PIM: { weightKg: '3000' } }, there };
    expect(kinds(scene)).toEqual(['implausible PIM']);
  });

  it('is a number that its maker does not have', () => {
    expect(kinds({ says: { SE: { name: 'Tee' } } })).toEqual(['unknown-number SE']);
    expect(kinds({ words: { SE: { listed: true } } })).toEqual(['unknown-number SE']);
    expect(kinds({ words: { SE: { listed: false } } })).toEqual([]);
  });

  it('is another number for the same barcode, or after its maker renamed it', () => {
    const sharing = [{ article: 'TEE-1', channel: 'ERP', barcode: '7350000000016' }];
    const scene = { says: { SE: { barcode: '7350000000016' } }, sharing };
    expect(found(scene)).toMatchObject([
      {
        kind: 'other-number',
        channel: 'SE',
        text: 'SE calls it TEE, and ERP has barcode 7350000000016 under TEE-1.',
        remedy: expect.stringContaining('Change the number in SE to TEE-1'),
      },
    ]);
    const renamed = { ERP: { published: true, withdrawn: true, renamedTo: 'TEE-1' } };
    expect(found({ says: { SE: { name: 'Tee' } }, words: renamed })).toMatchObject([
      { kind: 'other-number', text: 'SE calls it TEE, and ERP renamed it to TEE-1.' },
    ]);
  });

  it('is the same number for another barcode, unless it is one of its other barcodes', () => {
    const SE = { barcode: '7350000000023' };
    expect(kinds({ says: { ERP, PIM, SE }, there })).toEqual(['other-barcode SE']);
    const more = { alternativeBarcodes: ['7350000000023'] };
    expect(kinds({ says: { ERP: { ...ERP, ...more }, PIM, SE }, there: { ...there, ...more } })).toEqual([]);
  });

  it('is one barcode at two articles', () => {
    const sharing = [{ article: 'CAP', channel: 'ERP', barcode: '7350000000016' }];
    expect(kinds({ says: { ERP, PIM }, there, sharing })).toEqual(['barcode-twice ERP']);
  });

  it('is what its maker deleted while there are pieces of it', () => {
    const gone = { ERP: { published: true, withdrawn: true } };
    expect(kinds({ words: gone, there, pieces: true })).toEqual(['gone-with-stock ERP']);
    expect(kinds({ words: gone, there, pieces: false })).toEqual([]);
    expect(kinds({ words: gone, there: { ...there, active: false }, pieces: true })).toEqual([]);
    const inactive = { ERP: { ...ERP, active: false }, PIM };
    expect(kinds({ says: inactive, there, pieces: true })).toEqual(['gone-with-stock ERP']);
  });

  it('is what vanished from the warehouse, as long as somebody makes or sells it', () => {
    const vanished = true;
    expect(kinds({ says: { ERP, PIM }, vanished })).toEqual(['vanished']);
    expect(found({ says: { ERP, PIM }, vanished })[0]?.remedy).toContain('Write again');
    expect(kinds({ says: { ERP, PIM }, vanished, waiting: true })).toEqual([]);
    expect(kinds({ says: { ERP: { ...ERP, active: false } }, vanished })).toEqual([]);
    const seller = { SE: { listed: true } };
    expect(kinds({ words: seller, vanished })).toEqual(['unknown-number SE', 'vanished']);
    expect(found({ words: seller, vanished })[1]?.remedy).not.toContain('Write again');
    expect(kinds({ words: { SE: { listed: false } }, vanished })).toEqual([]);
    expect(kinds({ words: { ERP: { published: true, withdrawn: true } }, vanished })).toEqual([]);
    expect(kinds({ vanished })).toEqual([]);
  });

  it('is, to be noted, what the warehouse has and nobody made', () => {
    expect(kinds({ there })).toEqual(['only-in-wms']);
    expect(kinds({ there: { ...there, active: false } })).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ArticleAccepted, ArticlePublished, ArticleRefused, type Article } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { setStage, type Stage } from '../testing/stage.ts';

let stage: Stage;
// EU stands for the system that measures and weighs.
beforeEach(async () => {
  stage = await setStage({ rejectUnknownKeys: true }, { EU: { articleAspects: ['measures', 'customs'] } });
});
afterEach(() => stage.close());

const publish = (channel: string, article: Article) =>
  stage.publish(ArticlePublished.of({ channel, article }));
const there = async (number: string) =>
  (await stage.simulator.control.articles()).find((one) => one.number === number);
const puts = async (number: string) =>
  (await stage.simulator.control.counts()).articlePuts[number]?.done ?? 0;
/** Answers so far about an article, as channel and outcome. */
async function answers(number: string): Promise<string[]> {
  const accepted = (await stage.told(ArticleAccepted)).map((one) => ({ ...one, reason: 'accepted' }));
  return [...accepted, ...(await stage.told(ArticleRefused))]
    .filter(({ article }) => article === number)
    .map(({ channel, reason }) => `${channel} ${reason}`)
    .toSorted();
}
const accepted = (number: string, times: number) =>
  eventually(async () => (await answers(number)).filter((one) => one === 'ERP accepted').length === times);

describe('an article of several owners', () => {
  it('is made of the words of each, and waits for the one that makes numbers', async () => {
    await stage.gateway();
    await publish('EU', { number: 'TEE', weightKg: '0.21', name: 'not mine' });
    await publish('ERP', { number: 'OTHER' });
    await accepted('OTHER', 1);
    expect(await there('TEE')).toBeUndefined();
    await publish('ERP', { number: 'TEE', name: 'T-shirt', weightKg: '210' });
    await accepted('TEE', 1);
    expect((await there('TEE'))?.fields).toMatchObject({ articleName: 'T-shirt', weight: 0.21 });
    expect(await answers('TEE')).toEqual(['ERP accepted', 'ERP not-master', 'EU accepted', 'EU not-master']);
  });

  it('is not written again where nothing differs, and of a change only what differs', async () => {
    await stage.gateway();
    const article = { number: 'TEE', name: 'T-shirt', unit: 'St', barcode: '7350000000016' };
    await publish('ERP', article);
    await accepted('TEE', 1);
    await publish('ERP', article);
    await accepted('TEE', 2);
    expect(await puts('TEE')).toBe(1);
    await stage.simulator.control.editArticle({
      article: 'TEE',
      fields: {
        articleName: 'T-shirt, black',
        barCodeInfo: { barCode: '7350000000016', barCodePallet: '3' },
      },
    });
    await publish('ERP', { ...article, barcode: '7350000000023' });
    await accepted('TEE', 3);
    // The warehouse's own words stay: the name, which the ERP did not change, and the pallet's barcode.
    expect((await there('TEE'))?.fields).toMatchObject({
      articleName: 'T-shirt, black',
      barCodeInfo: { barCode: '7350000000023', barCodePallet: '3' },
    });
    expect(await puts('TEE')).toBe(2);
  });

  it('keeps what cannot be right out of the warehouse, and sends all the rest', async () => {
    await stage.gateway();
    await publish('ERP', { number: 'TEE', name: 'T-shirt', barcode: '7350000000017' });
    await publish('EU', { number: 'TEE', weightKg: '3000', lengthM: '0.3' });
    await eventually(async () => (await answers('TEE')).includes('EU accepted'));
    const { fields } = (await there('TEE')) ?? {};
    expect(fields).toMatchObject({ articleName: 'T-shirt', length: 0.3 });
    expect(fields).not.toHaveProperty('weight');
    expect(fields).not.toHaveProperty('barCodeInfo');
    const doubts = (await stage.told(ArticleRefused)).filter(({ reason }) => reason === 'implausible');
    expect(doubts.map(({ channel, fields: which }) => [channel, which])).toEqual([
      ['ERP', ['barcode']],
      ['EU', ['weightKg']],
    ]);
  });

  it('has its dangerous goods written by the call they have', async () => {
    await stage.gateway();
    await publish('ERP', { number: 'SPRAY', name: 'Spray' });
    const dangerousGoods = { unNumber: '1950', packing: 'II', flashPointC: '-40', marinePollutant: false };
    await publish('EU', { number: 'SPRAY', dangerousGoods });
    await eventually(async () => (await there('SPRAY'))?.dangerousGoods);
    await eventually(
      async () => (await answers('SPRAY')).filter((one) => one === 'EU accepted').length === 1,
    );
    await publish('EU', { number: 'SPRAY', dangerousGoods: { ...dangerousGoods, packing: 'III' } });
    await eventually(async () => (await there('SPRAY'))?.dangerousGoods?.unPackageType === 'III');
    expect(await puts('SPRAY')).toBe(1);
  });

  it('that is a kit is refused without its parts, and written by itself when they are there', async () => {
    await stage.gateway();
    await publish('ERP', { number: 'SET', name: 'Set', parts: [{ article: 'TEE', quantity: '2' }] });
    await eventually(async () => (await answers('SET')).includes('ERP wms'));
    await publish('ERP', { number: 'TEE', name: 'T-shirt' });
    await accepted('SET', 1);
    expect((await there('SET'))?.parts).toEqual([{ article: 'TEE', quantity: 2 }]);
    await publish('ERP', { number: 'SET', name: 'Set', parts: [{ article: 'TEE', quantity: '2.0' }] });
    await accepted('SET', 2);
    expect(await puts('SET')).toBe(1);
  });

  it('under a number that differs from another one only in case is not written over it', async () => {
    await stage.gateway();
    await publish('ERP', { number: 'TEE', name: 'T-shirt' });
    await accepted('TEE', 1);
    await publish('ERP', { number: 'tee', name: 'Teeth' });
    await eventually(async () => (await answers('tee')).includes('ERP implausible'));
    await publish('ERP', { number: 'TEE', name: 'T-shirt', unit: 'pcs' });
    await accepted('TEE', 2);
    expect(await there('TEE')).toMatchObject({ name: 'T-shirt', fields: { unitCode: 'pcs' } });
    // Typed in at the warehouse, and never published.
    await stage.simulator.control.seed({ articles: [{ number: 'cap', name: 'Kapsyl' }] });
    await publish('ERP', { number: 'CAP', name: 'Cap' });
    await eventually(async () => (await answers('CAP')).includes('ERP wms'));
    expect(await there('cap')).toMatchObject({ name: 'Kapsyl' });
  });

  it('loses nothing that people typed where the tenant clears what is left out, if the gateway is told', async () => {
    await stage.simulator.control.knobs({ omittedMembers: 'cleared', rejectUnknownKeys: false });
    await stage.gateway({ ARTICLE_PUT: 'whole' });
    await publish('ERP', { number: 'TEE', name: 'T-shirt' });
    await accepted('TEE', 1);
    const fields = { articleName: 'T-shirt', linkToPicture: 'https://x.test/1', quantityPerPackage: 12 };
    await stage.simulator.control.editArticle({ article: 'TEE', fields });
    await publish('ERP', { number: 'TEE', name: 'Tee' });
    await accepted('TEE', 2);
    expect((await there('TEE'))?.fields).toMatchObject({ ...fields, articleName: 'Tee' });
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Article, ArticleListed, ArticlePublished, ArticleWithdrawn } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { setStage, type Stage } from '../testing/stage.ts';

let stage: Stage;
let url: string;
beforeEach(async () => {
  // EU stands for the system that measures and weighs.
  stage = await setStage({}, { EU: { articleAspects: ['measures'] } });
  ({ url } = await stage.gateway({ SWEEP_MS: '1000' }));
});
afterEach(() => stage.close());

const publish = (channel: string, article: Article) =>
  stage.publish(ArticlePublished.of({ channel, article }));
const ask = async (path: string, body?: object) => {
  const init = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(`${url}/ops/catalogue${path}`, init || {});
  return { status: response.status, body: (await response.json()) as never };
};
interface Listed {
  counts: { kind: string; count: number }[];
  findings: { article: string; kind: string; channel: string; text: string }[];
}
const list = async (kind = '') => (await ask(kind && `?kind=${kind}`)).body as Listed;
/** Waits until just these are found. */
const finds = (...expected: string[]) =>
  eventually(async () => {
    const found = (await list()).findings.map((one) => `${one.kind} ${one.article} ${one.channel}`.trim());
    if (JSON.stringify(found.toSorted()) !== JSON.stringify(expected.toSorted()))
      throw new Error(found.join(', '));
    return true;
  });
const there = async (number: string) =>
  (await stage.simulator.control.articles()).find((one) => one.number === number);
const arrived = (number: string) => eventually(async () => (await there(number))?.name);

describe('the comparison of article data', () => {
  it('finds what was changed at the warehouse by its sweep, and writes it again when a person says so', async () => {
    await publish('ERP', { number: 'TEE', name: 'T-shirt' });
    await publish('EU', { number: 'TEE', weightKg: '0.21' });
    await eventually(async () => (await there('TEE'))?.fields.weight === 0.21);
    await stage.simulator.control.editArticle({ article: 'TEE', fields: { weight: 0.4 } });
    await finds('changed-in-wms TEE');
    const shown = (await ask('/TEE')).body as { fields: object[] };
    expect(shown.fields).toContainEqual(
      expect.objectContaining({ field: 'weightKg', owner: 'EU', said: '0.21', there: '0.4' }),
    );
    const { status } = await ask('/TEE/write', { author: 'Kim', reason: 'It was weighed with its pallet.' });
    expect(status).toBe(202);
    await eventually(async () => (await there('TEE'))?.fields.weight === 0.21);
    await finds();
  });

  it('writes again also where another write of the article is under way', async () => {
    await publish('ERP', { number: 'TEE', name: 'T-shirt', alternativeBarcodes: ['1'] });
    await arrived('TEE');
    await finds();
    const barCodeInfo = { alternativeBarCodes: [{ barCode: '1' }, { barCode: '2' }] };
    await stage.simulator.control.editArticle({
      article: 'TEE',
      fields: { articleName: 'Tee!', barCodeInfo },
    });
    await stage.simulator.control.knobs({ answerLatencyMs: 700 });
    await publish('ERP', { number: 'TEE', name: 'T-shirt', unit: 'pcs' });
    await eventually(async () => (await there('TEE'))?.fields.unitCode === 'pcs');
    expect((await ask('/TEE/write', { author: 'Kim', reason: 'It is a T-shirt.' })).status).toBe(202);
    await eventually(async () => (await there('TEE'))?.name === 'T-shirt');
    expect((await there('TEE'))?.fields).toMatchObject({
      barCodeInfo: { alternativeBarCodes: [{ barCode: '1' }] },
    });
  });

  it('finds what channels say otherwise, and forgets it when it is put right', async () => {
    await publish('ERP', { number: 'TEE', name: 'T-shirt', barcode: '7350000000016' });
    await publish('SE', { number: 'TEE-SE', name: 'SALE', barcode: '7350000000016' });
    await publish('SE', { number: 'CAP', name: 'Cap' });
    await publish('EU', { number: 'TEE', name: 'TEE!', weightKg: '3000' });
    await finds('other-number TEE-SE SE', 'unknown-number CAP SE', 'implausible TEE EU');
    expect((await list()).counts).toContainEqual({ kind: 'own-words', count: 1, what: 'note' });
    expect((await list('own-words')).findings).toMatchObject([{ article: 'TEE', channel: 'EU' }]);
    await stage.publish(
      ArticleListed.of({ channel: 'SE', article: 'TEE-SE', shopArticleId: '1', listed: false }),
    );
    await publish('ERP', { number: 'CAP', name: 'Cap' });
    await publish('EU', { number: 'TEE', weightKg: '0.3' });
    await finds();
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/^article_findings_now 0$/m);
  });

  it('tells of both when two articles get one barcode', async () => {
    await publish('ERP', { number: 'TEE', name: 'T-shirt', barcode: '7350000000016' });
    await arrived('TEE');
    await finds();
    await publish('ERP', { number: 'CAP', name: 'Cap', barcode: '7350000000016' });
    await finds('barcode-twice CAP ERP', 'barcode-twice TEE ERP');
    await publish('ERP', { number: 'CAP', name: 'Cap', barcode: '7350000000023' });
    await finds();
  });

  it('reads again what kits consist of, which is in no list of articles', async () => {
    await publish('ERP', { number: 'TEE', name: 'T-shirt' });
    await publish('ERP', { number: 'CAP', name: 'Cap' });
    await publish('ERP', { number: 'SET', name: 'Set', parts: [{ article: 'TEE', quantity: '2' }] });
    await arrived('SET');
    await finds();
    await stage.simulator.control.seed({
      articles: [{ number: 'SET', parts: [{ article: 'CAP', quantity: 1 }] }],
    });
    await finds('changed-in-wms SET');
    expect((await list()).findings[0]?.text).toContain('parts 1 CAP (ERP: 2 TEE)');
  });

  it('sets an article inactive only when its last piece has left', async () => {
    await publish('ERP', { number: 'TEE', name: 'T-shirt' });
    await arrived('TEE');
    await stage.simulator.control.receive({ article: 'TEE', quantity: 2 });
    await eventually(async () => ((await ask('/TEE')).body as { fields: object[] }).fields.length > 0);
    await publish('ERP', { number: 'TEE', active: false });
    await finds('gone-with-stock TEE ERP');
    expect((await there('TEE'))?.fields.isActive).not.toBe(false);
    await stage.simulator.control.adjust({ article: 'TEE', quantity: -2 });
    await eventually(async () => (await there('TEE'))?.fields.isActive === false);
    await finds();
  });

  it('keeps a renamed article going while there are pieces under its old number, and takes it back', async () => {
    await publish('ERP', { number: 'TEE', name: 'T-shirt' });
    await publish('SE', { number: 'TEE', name: 'T-shirt' });
    await arrived('TEE');
    await stage.simulator.control.receive({ article: 'TEE', quantity: 2 });
    await publish('ERP', { number: 'TEE-1', name: 'T-shirt' });
    await stage.publish(
      ArticleWithdrawn.of({ channel: 'ERP', article: 'TEE', shopArticleId: '7', renamedTo: 'TEE-1' }),
    );
    await finds('gone-with-stock TEE ERP', 'other-number TEE SE');
    expect((await there('TEE'))?.fields.isActive).not.toBe(false);
    await stage.publish(ArticleWithdrawn.of({ channel: 'SE', article: 'TEE', shopArticleId: '1' }));
    await stage.simulator.control.adjust({ article: 'TEE', quantity: -2 });
    await eventually(async () => (await there('TEE'))?.fields.isActive === false);
    await finds();
    await publish('ERP', { number: 'TEE', name: 'T-shirt' });
    await eventually(async () => (await there('TEE'))?.fields.isActive === true);
  });

  it('says that it knows nothing of an article, and what to do', async () => {
    expect(await ask('/NOTHING')).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining('Check the number') },
    });
    expect((await ask('?kind=colour')).status).toBe(422);
  });
});

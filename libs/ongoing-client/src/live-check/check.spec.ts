import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '@samlast/ongoing-simulator';
import { OngoingClient } from '../index.ts';
import type { Finding } from './finding.ts';
import { orderRegister, proposeStates, purchaseRegister } from './propose-states.ts';
import { readChecks } from './read-checks.ts';
import { writeChecks } from './write-checks.ts';

let simulator: Simulator;
let client: OngoingClient;
beforeAll(async () => {
  simulator = await startSimulator();
  const { apiUrl: baseUrl, user, password, goodsOwnerId } = simulator;
  client = new OngoingClient({ baseUrl, user, password, goodsOwnerId });
});
afterAll(async () => {
  client.close();
  await simulator.close();
});
beforeEach(async () => {
  const { control } = simulator;
  await control.reset();
  await control.seed({
    articles: [
      { number: 'TEE', stock: 10 },
      { number: 'CAP', stock: 5 },
    ],
  });
  await control.typeIn({ number: '5178-SE', lines: [{ article: 'TEE', quantity: 2 }] });
  await control.returnCauses({ causes: [{ code: 'BROKEN', remove: true }] });
});

async function found(findings: AsyncGenerator<Finding>): Promise<Map<string, Finding>> {
  const all = new Map<string, Finding>();
  for await (const finding of findings) all.set(finding.id, finding);
  return all;
}
const differing = (findings: Map<string, Finding>) =>
  [...findings.values()].filter(({ verdict }) => verdict !== 'holds').map(({ id }) => id);

describe('the live check', () => {
  it('finds that everything holds where it does, and changes nothing by reading', async () => {
    const before = await simulator.control.counts();
    const findings = await found(readChecks(client));
    expect(differing(findings)).toEqual([]);
    const after = await simulator.control.counts();
    const writes = (counts: { requests: Record<string, number> }) =>
      Object.keys(counts.requests).filter((endpoint) => !endpoint.startsWith('GET'));
    expect(writes(after)).toEqual(writes(before));
  });

  it('finds what is different, and says what the gateway is to be told', async () => {
    await simulator.control.knobs({
      numbersCompare: 'exact',
      readLatencyMs: 400,
      statusSet: [
        { number: 300, text: 'Frisläppt' },
        { number: 451, text: 'Hämtad av kund' },
        { number: 777, text: 'Blå' },
      ],
      purchaseStatusSet: [{ number: 350, text: 'Mottagen' }],
      returnStatusSet: [
        { number: 100, text: 'Anmäld retur' },
        { number: 210, text: 'Ankommen' },
        { number: 400, text: 'Returnerad' },
        { number: 700, text: 'Blå' },
        { number: 800, text: 'Makulerad' },
      ],
    });
    await simulator.control.seed({ articles: [{ number: 'tee', stock: 1 }] });
    const findings = await found(readChecks(client));
    expect(differing(findings)).toEqual(['A1', 'A2', 'A4', 'A10', 'A11', 'A14']);
    expect(findings.get('A1')).toMatchObject({
      settings: { ORDER_STATUSES: '451=collected' },
      found: expect.stringContaining('777 Blå'),
    });
    expect(findings.get('A2')?.settings).toEqual({ PURCHASE_STATUSES: '350=received' });
    expect(findings.get('A14')).toMatchObject({
      settings: { RETURN_CANCELLED: '800', RETURN_STARTED_FROM: '210' },
      found: expect.stringContaining('700 Blå'),
    });
    expect(Number(findings.get('A4')?.settings?.ORDER_TIMEOUT_MS)).toBeGreaterThan(3_000);
  });

  it('says what it cannot know of an empty tenant', async () => {
    await simulator.control.reset();
    const findings = await found(readChecks(client));
    const unknown = [...findings.values()].filter(({ verdict }) => verdict === 'unknown').map(({ id }) => id);
    expect(unknown).toEqual(['A3', 'A5', 'A6', 'A9', 'A11', 'A13']);
  });
});

describe('the live check that may write', () => {
  const lastOrder = async () => (await simulator.control.orders()).at(-1);

  it('makes one order, finds out what it shows, and leaves it cancelled', async () => {
    const findings = await found(writeChecks(client, 'TEE'));
    expect([...findings.keys()].toSorted()).toEqual(['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B8', 'B9']);
    expect(differing(findings)).toEqual([]);
    const made = (await simulator.control.orders()).slice(1);
    expect(made.map(({ status, puts }) => [status, puts.done])).toEqual([
      [1000, 2],
      [1000, 1],
      [1000, 1],
    ]);
  });

  it('finds other answers, another first status, figures that lag and a feed that passes over bookings', async () => {
    await simulator.control.knobs({
      forceStatus200: true,
      initialStatus: 150,
      deltaOnBooking: false,
      statusFeedHasNew: false,
      omittedMembers: 'cleared',
      stockLagMs: 1_500,
    });
    await simulator.control.clock({ advanceMs: 60_000 });
    const findings = await found(writeChecks(client, 'TEE'));
    expect(differing(findings)).toEqual(['B1', 'B2', 'B9', 'B3', 'B4', 'B8']);
    expect(findings.get('B8')?.settings).toEqual({ ARTICLE_PUT: 'whole' });
    expect(Number(findings.get('B3')?.settings?.WMS_SETTLE_MS)).toBeGreaterThanOrEqual(1_500);
  });

  it('takes a lag of 300 ms for one, measures it thrice, and proposes more than the longest', async () => {
    await simulator.control.knobs({ stockLagMs: 300 });
    const findings = await found(writeChecks(client, 'TEE'));
    expect(differing(findings)).toEqual(['B3']);
    expect(findings.get('B3')?.found).toMatch(/^after 3 of 3 orders .* longest lag was \d+ ms$/);
    expect(Number(findings.get('B3')?.settings?.WMS_SETTLE_MS)).toBeGreaterThanOrEqual(600);
  });

  it('takes slow reads for no lag', async () => {
    await simulator.control.knobs({ readLatencyMs: 150 });
    expect((await found(writeChecks(client, 'TEE'))).get('B3')?.verdict).toBe('holds');
  });

  it('cancels its order also where a check in between fails', async () => {
    await simulator.control.arm({ on: 'GET /orders', kind: 'error' });
    await expect(found(writeChecks(client, 'TEE'))).rejects.toThrow(/gave no answer/);
    expect(await lastOrder()).toMatchObject({ status: 1000 });
  });

  it('does nothing with an article that is not there', async () => {
    await expect(found(writeChecks(client, 'NOTHING'))).rejects.toThrow(/no article NOTHING/);
    expect(await simulator.control.orders()).toHaveLength(1);
  });
});

describe('a proposal for a tenant’s statuses', () => {
  it('knows words of several languages, and leaves to people what it does not know', () => {
    const norwegian = [
      { number: 300, text: 'Under plock' },
      { number: 425, text: 'Sendt, delvis' },
      { number: 475, text: 'Retur' },
      { number: 600, text: 'Xyz' },
    ];
    expect(proposeStates(norwegian, orderRegister)).toEqual({
      map: '300=picking,425=sent,475=returned',
      unclear: [{ number: 600, text: 'Xyz' }],
    });
    const swedish = [
      { number: 400, text: 'Avvikelse' },
      { number: 450, text: 'Inlevererad' },
    ];
    expect(proposeStates(swedish, purchaseRegister)).toEqual({ map: '450=received', unclear: [] });
  });
});

describe('docs/ongoing-assumptions.md', () => {
  it('has a row for each check, and none for a check that is not there', async () => {
    const text = readFileSync(new URL('../../../../docs/ongoing-assumptions.md', import.meta.url), 'utf8');
    const inText = [...text.matchAll(/^\| ([AB]\d+) /gm)].map(([, id]) => id);
    const made = [
      ...(await found(readChecks(client))).keys(),
      ...(await found(writeChecks(client, 'TEE'))).keys(),
    ];
    expect(inText.toSorted()).toEqual(made.toSorted());
  });
});

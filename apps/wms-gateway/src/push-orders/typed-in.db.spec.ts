import { afterEach, describe, expect, it } from '@jest/globals';
import { OrderAccepted, OrderRefused, type Order } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { anOrder, reserved, setStage, type Stage } from '../testing/stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const LIMIT = 50;
const lines = [{ row: '1', article: 'TEE', quantity: '1', picked: true }];
const ask = async <T>(url: string, body?: object) => {
  const response = await fetch(url, {
    ...(body && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  return (await response.json()) as T;
};

/** A warehouse where somebody has typed these numbers in for another article, and our gateway. */
async function begin(typed: string[], knobs: Parameters<typeof setStage>[0] = {}): Promise<string> {
  stage = await setStage(knobs);
  const { control } = stage.simulator;
  await control.seed({
    articles: [
      { number: 'TEE', stock: 100 },
      { number: 'CAP', stock: 100 },
    ],
  });
  for (const number of typed) await control.typeIn({ number, lines: [{ article: 'CAP', quantity: 3 }] });
  return (await stage.gateway()).url;
}

const there = async () =>
  (await stage.simulator.control.orders()).map(({ number, origin, status, lines: [line], puts }) => [
    number,
    origin,
    status,
    `${line?.ordered} ${line?.article}`,
    puts.done,
  ]);
const untouched = (number: string) => [number, 'hand', 200, '3 CAP', 0];
const accepted = (number: string) => [number, 'api', 300, '1 TEE', 1];
const listed = (url: string, typed: string[]) =>
  eventually(async () => {
    const foreign = await ask<{ number: string }[]>(`${url}/ops/foreign-orders`);
    expect(foreign.map(({ number }) => number).toSorted()).toEqual(typed.toSorted());
    return true;
  });

/** Gives an order that was typed in another number, as a person of the warehouse would. */
async function rename(from: string, to: string): Promise<void> {
  const { user, password, apiUrl, control } = stage.simulator;
  const typed = (await control.orders()).find(({ number }) => number === from);
  const answer = await fetch(`${apiUrl}orders/${typed?.orderId}/orderNumber`, {
    method: 'PATCH',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    },
    body: JSON.stringify({ orderNumber: to }),
  });
  expect(answer.status).toBe(200);
}

describe('a number that was typed in by hand at the warehouse', () => {
  it('is never written over where Ongoing takes it for ours: ours waits in a list, and goes out when a person has settled it', async () => {
    // The same, in another case, with blanks around it, and both.
    const pairs = [
      ['1-SE', '1-SE'],
      ['2-SE', '2-se'],
      ['3-SE', '  3-SE '],
      ['4-SE', ' 4-sE'],
    ] as const;
    const ours = pairs.map(([number]) => number);
    const typed = pairs.map(([, number]) => number);
    const url = await begin(typed);
    await stage.publish(...ours.map((number) => reserved(anOrder(number.slice(0, -3), 'SE', { lines }))));
    await eventually(async () => (await stage.told(OrderRefused)).length === ours.length);
    const told = await stage.told(OrderRefused);
    expect(told.map(({ number, reason }) => [number, reason]).toSorted()).toEqual(
      ours.map((number) => [number, 'foreign']),
    );
    expect(await there()).toEqual(typed.map(untouched));
    const refused = await ask<{ number: string; text: string }[]>(`${url}/ops/refused-orders`);
    expect(refused.map(({ number }) => number).toSorted()).toEqual(ours);
    for (const { text } of refused)
      expect(text).toMatch(/is taken in Ongoing by \d+.*rename that order and retry/);
    await listed(url, typed);
    for (const [number, other] of pairs) {
      await rename(other, `BY-HAND-${number}`);
      await ask(`${url}/ops/orders/${number}/retry`, { author: 'Karin', reason: 'theirs has a new number' });
    }
    await eventually(async () => (await stage.told(OrderAccepted)).length === ours.length);
    const all = await there();
    expect(all.slice(0, pairs.length)).toEqual(ours.map((number) => untouched(`BY-HAND-${number}`)));
    expect(all.slice(pairs.length).toSorted()).toEqual(ours.map(accepted));
  });

  const atTheLimit = `${'7'.repeat(LIMIT - 3)}-SE`;
  it.each([
    {
      when: 'more, less, or a blank within, and one over the limit',
      pairs: [
        ['1-SE', '1-SE1'],
        ['25-SE', '2-SE'],
        ['3-SE', '3 -SE'],
        [atTheLimit, `${atTheLimit}7`],
      ],
      knobs: {},
    },
    {
      when: 'another case, where Ongoing tells them apart',
      pairs: [['1-SE', '1-se']],
      knobs: { numbersCompare: 'exact' as const },
    },
  ])(
    'that is another one for Ongoing keeps ours from nothing ($when): both are there, and theirs is listed',
    async ({ pairs, knobs }) => {
      const ours = pairs.map(([number = '']) => number);
      const typed = pairs.map(([, number = '']) => number);
      const url = await begin(typed, knobs);
      await stage.publish(...ours.map((number) => reserved(anOrder(number.slice(0, -3), 'SE', { lines }))));
      await eventually(async () => (await stage.told(OrderAccepted)).length === ours.length);
      const all = await there();
      expect(all.slice(0, typed.length)).toEqual(typed.map(untouched));
      expect(all.slice(typed.length).toSorted()).toEqual(ours.map(accepted).toSorted());
      await listed(url, typed);
      expect(await stage.told(OrderRefused)).toEqual([]);
    },
  );

  it('while ours waits to be tried again is not written over either', async () => {
    const url = await begin([]);
    await stage.simulator.control.arm({ on: 'PUT /orders', kind: 'error' });
    await stage.publish(reserved(anOrder('1', 'SE', { lines })));
    await eventually(async () => (await stage.simulator.control.counts()).requests['PUT /orders'] === 1, {
      everyMs: 2,
    });
    // Where the second try is quicker than the person, ours is there too, and theirs is another order.
    await stage.simulator.control.typeIn({ number: '1-SE', lines: [{ article: 'CAP', quantity: 3 }] });
    await eventually(
      async () => (await stage.told(OrderRefused)).length + (await stage.told(OrderAccepted)).length === 1,
    );
    expect(await there()).toContainEqual(untouched('1-SE'));
    await listed(url, ['1-SE']);
  });
});

describe('an order whose number is one character over the limit', () => {
  it('is parked with its reason, and never sent', async () => {
    const url = await begin(['OTHER']);
    const order: Order = anOrder('1', 'SE', { lines });
    const number = `${'7'.repeat(LIMIT - 2)}-SE`;
    const long = { ...order, number, shopNumber: number.slice(0, -3) };
    const event = reserved(order);
    await stage.publish({ ...event, key: number, data: { ...(event.data as object), number, order: long } });
    await eventually(async () => {
      const [letter] = await ask<{ key: string; state: string; reason: string }[]>(`${url}/ops/dead-letters`);
      expect(letter).toMatchObject({ key: number, state: 'parked', reason: expect.stringMatching(/number/) });
      return true;
    });
    expect(await there()).toEqual([untouched('OTHER')]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { putOrder, line } from '../testing/ask.ts';
import { startSimulator, type Simulator } from '../start.ts';

const EVIL = `<img src=x onerror="alert('1')">&`;
const ESCAPED = '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
  await simulator.control.seed({
    articles: [
      { number: EVIL, name: EVIL, stock: 3 },
      { number: 'TEE', stock: 1 },
    ],
  });
  await putOrder(simulator, `1${EVIL.slice(0, 20)}`, [line('1', EVIL, 1)], {
    orderType: { code: EVIL },
    marketPlace: { marketPlace: EVIL, marketPlaceOrderNumber: EVIL },
  });
  await putOrder(simulator, '2-SE', [line('1', 'TEE', 2)]);
});
afterAll(() => simulator.close());

const get = async (path: string) => {
  const response = await fetch(new URL(path, simulator.url));
  return { response, text: await response.text() };
};

describe('the floor page', () => {
  it('shows orders and stock', async () => {
    const { text } = await get('/');
    expect(text).toContain('2-SE');
    expect(text).toContain('300 Released');
    expect(text).toMatch(/class="n short"><strong>-1</);
  });

  it('escapes whatever an order or an article brings along, and allows no script but its own', async () => {
    for (const path of ['/', '/floor', `/?search=${encodeURIComponent(EVIL)}`]) {
      const { text, response } = await get(path);
      expect(text).toContain(ESCAPED);
      expect(text).not.toContain('<img');
      expect(response.headers.get('content-security-policy')).toMatch(
        /default-src 'none'; script-src 'self'/,
      );
    }
  });

  it('sends its tables again only when something changed', async () => {
    const { response } = await get('/floor');
    const version = response.headers.get('x-version');
    expect((await get(`/floor?version=${version}`)).response.status).toBe(204);
    await simulator.control.receive({ article: 'TEE', quantity: 1 });
    expect((await get(`/floor?version=${version}`)).response.status).toBe(200);
  });

  it('finds an order by a part of its number, also one that has left', async () => {
    await simulator.control.pick({ order: '2-SE' });
    await simulator.control.ship({ order: '2-SE', parcels: [{ number: 'P1' }] });
    expect((await get('/floor?search=2-s')).text).not.toContain('2-SE');
    expect((await get('/floor?search=2-s&all=on')).text).toContain('450 Sent');
  });

  it('has its script and its style', async () => {
    for (const path of ['/floor.js', '/floor.css']) expect((await get(path)).response.status).toBe(200);
    expect((await get('/nothing')).response.status).toBe(404);
  });
});

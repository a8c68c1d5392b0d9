import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type DemoShop, startDemoShop } from './start.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

describe("a demo shop's page in a browser", () => {
  const shops: DemoShop[] = [];
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const args = ['--disable-gpu', '--no-first-run', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
    browser = await chromium.launch({ executablePath, args });
    page = await browser.newPage();
    page.setDefaultTimeout(10_000);
  });
  afterEach(async () => {
    for (const shop of shops.splice(0)) await shop.stop();
  });
  afterAll(() => browser?.close());

  async function open(options: { code: string; kind?: 'shop' | 'erp' }): Promise<DemoShop> {
    const shop = await startDemoShop({ token: 'a token for this spec only', ...options });
    shops.push(shop);
    shop.model.setStock('CANDLE', 2);
    await page.goto(shop.url);
    return shop;
  }
  const says = (text: string) => page.getByText(text).first().waitFor();
  const row = (article: string) => page.getByRole('row', { name: article });

  it('sells a piece to who presses Buy, and shows one less', async () => {
    const shop = await open({ code: 'SE' });
    await row('CANDLE').getByRole('button', { name: 'Buy' }).click();
    await says('Thank you: order 5178.');
    expect(shop.model.stockOf('CANDLE')).toBe(1);
    expect(await row('CANDLE').getByRole('cell').nth(2).innerText()).toBe('1');
  });

  it('cancels an order', async () => {
    const shop = await open({ code: 'SE' });
    await row('CANDLE').getByRole('button', { name: 'Buy' }).click();
    await says('Thank you: order 5178.');
    await page.getByRole('button', { name: 'Cancel' }).first().click();
    await says('Order 5178 is cancelled.');
    expect([...shop.model.orders.values()].map(({ state }) => state)).toEqual(['cancelled']);
  });

  it('changes an order, and takes what it wants more off its own shelf', async () => {
    const shop = await open({ code: 'SE' });
    await row('CANDLE').getByRole('button', { name: 'Buy' }).click();
    await says('Thank you: order 5178.');
    await page.getByText('Change', { exact: true }).click();
    await page.locator('details').getByLabel('CANDLE').fill('2');
    await page.locator('details').getByLabel('Address').fill('Hamngatan 2');
    await page.getByRole('button', { name: 'Save' }).click();
    await says('Order 5178 is changed.');
    await says('2 × CANDLE');
    await says('Hamngatan 2');
    expect(shop.model.stockOf('CANDLE')).toBe(0);
  });

  it('takes an order for more than there is in the ERP, and a new name', async () => {
    const shop = await open({ code: 'ERP', kind: 'erp' });
    await row('CANDLE').getByLabel('Quantity of CANDLE').fill('9');
    await row('CANDLE').getByRole('button', { name: 'Order', exact: true }).click();
    await says('Thank you: order 5178.');
    expect(shop.model.stockOf('CANDLE')).toBe(-7);
    await row('CANDLE').locator('input[name=name]').fill('Candle, 50 h');
    await row('CANDLE')
      .locator('form', { has: page.locator('input[name=name]') })
      .getByRole('button')
      .click();
    await says('CANDLE is now called Candle, 50 h.');
  });

  it('orders goods from a supplier in the ERP', async () => {
    await open({ code: 'ERP', kind: 'erp' });
    await row('CANDLE').getByRole('button', { name: 'Order goods' }).click();
    await says('the warehouse will expect the goods.');
    expect(await page.getByText('20 × CANDLE').count()).toBe(1);
  });

  it("refuses a form that another site sends in somebody's name, in words", async () => {
    const shop = await open({ code: 'SE' });
    const form = `<form method="post" action="${shop.url}/buy"><input name="article" value="CANDLE">
      <input name="quantity" value="1"><button>Win a prize</button></form>`;
    await page.goto(`data:text/html,${encodeURIComponent(form)}`);
    await page.getByRole('button').click();
    await says('This form was sent from another site.');
    expect(shop.model.orders.size).toBe(0);
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startSimulator, type Simulator } from '../start.ts';
import { getOrder, line, putOrder, putPurchase, stockOf } from '../testing/ask.ts';
import { environment } from '../testing/config.ts';

describe('the floor page in a browser', () => {
  let simulator: Simulator;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    simulator = await startSimulator();
    const args = ['--disable-gpu', '--no-first-run', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
    browser = await chromium.launch({ executablePath: environment.chromium, args });
    page = await browser.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('dialog', (dialog) => faults.push(`a script said ${dialog.message()}`));
  });
  afterAll(async () => {
    await browser?.close();
    await simulator?.close();
  });
  beforeEach(async () => {
    await simulator.control.reset();
    await simulator.control.seed({
      articles: [
        { number: 'TEE', name: 'T-shirt', stock: 3 },
        { number: 'CUP', stock: 9 },
      ],
    });
    await putOrder(simulator, '5178-SE', [line('1', 'TEE', 2), line('2', 'CUP', 1)]);
    await page.goto(`${simulator.url}/?all=on`);
  });
  afterEach(() => {
    expect(faults.splice(0)).toEqual([]);
  });

  const row = (text: string) => page.getByRole('row', { name: text });
  const press = (text: string, name: string) => row(text).getByRole('button', { name, exact: true }).click();
  const confirm = () => page.getByRole('button', { name: 'OK' }).click();

  it('picks, packs and ships an order with a tracking number', async () => {
    await press('5178-SE', 'Pick');
    await press('5178-SE', 'Pack');
    await press('5178-SE', 'Ship…');
    await page.getByLabel('Tracking number').fill('UA123');
    await confirm();
    await row('5178-SE').getByText('450 Sent').waitFor();
    await row('5178-SE').getByText('UA123').waitFor();
    await press('5178-SE', 'Collected');
    await row('5178-SE').getByText('500 Collected').waitFor();
    const order = await getOrder(simulator, '5178-SE');
    expect(order.tracking).toMatchObject([{ waybill: 'UA123' }]);
  });

  it('says why the floor refuses something', async () => {
    await simulator.control.adjust({ article: 'TEE', quantity: -2 });
    await press('5178-SE', 'Pick');
    await page.getByText('2 of TEE are to be picked for 5178-SE, and 1 are there.').waitFor();
  });

  it('edits an order: a quantity and a line that goes', async () => {
    await press('5178-SE', 'Edit…');
    await page.getByLabel('Row 1').fill('1');
    await page.getByLabel('Row 2').fill('0');
    await confirm();
    await row('5178-SE').getByText('1 × TEE').waitFor();
    expect((await getOrder(simulator, '5178-SE')).orderLines).toHaveLength(1);
  });

  it('types in an order and releases it', async () => {
    await page.getByRole('button', { name: 'Type in an order…' }).click();
    await page.getByLabel('Number').fill('COUNTER-1');
    await page.getByLabel('Article').fill('CUP');
    await confirm();
    await press('COUNTER-1', 'Release');
    await row('COUNTER-1').getByText('300 Released').waitFor();
  });

  it('receives, adjusts and locks stock', async () => {
    for (const [button, pieces] of [
      ['Receive…', '7'],
      ['Adjust…', '-1'],
      ['Lock…', '4'],
    ] as const) {
      await press('T-shirt', button);
      await page.getByLabel('Pieces').fill(pieces);
      await confirm();
      await page.getByText(`Done: ${button.slice(0, -1).toLowerCase()}.`).waitFor();
    }
    expect((await stockOf(simulator, 'TEE')).sellableNumberOfItems).toBe(3);
  });

  it('splits an order', async () => {
    await press('5178-SE', 'Split…');
    await page.getByLabel('Row 1').fill('1');
    await confirm();
    await row('5178-SE-1').getByText('1 × TEE').waitFor();
  });

  it('receives against a purchase order, too few, and finishes it', async () => {
    await putPurchase(simulator, 'P1-ERP', [line('10', 'TEE', 5)]);
    await press('P1-ERP', 'Receive…');
    await page.getByLabel('Row 10').fill('4');
    await page.getByLabel('Batch').fill('B7');
    await confirm();
    await row('P1-ERP').getByText('4 received').waitFor();
    await press('P1-ERP', 'Finish');
    await row('P1-ERP').getByText('400 Deflection').waitFor();
    expect((await stockOf(simulator, 'TEE')).numberOfItems).toBe(7);
  });

  it('shows by itself what others do, and runs no script that an order brings along', async () => {
    const evil = '<img src=x onerror=alert(1)>';
    await simulator.control.typeIn({ number: evil, lines: [{ article: 'TEE', quantity: 1 }], status: 300 });
    await row(evil).getByText('300 Released').waitFor();
    await press(evil, 'Edit…');
    await page.getByRole('dialog').getByText('Row 1: TEE').waitFor();
    expect(await page.locator('img').count()).toBe(0);
  });
});

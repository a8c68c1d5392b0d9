import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ArticlePublished,
  type Event,
  OrderPlaced,
  OrderReserved,
  OrderShort,
  PurchaseOrderPlaced,
  PurchaseOrderReceived,
  PurchaseOrderRefused,
  ShelfSet,
  StockExpected,
  StockLevelChanged,
  StockObserved,
} from '@samlast/contracts';
import { type Browser, chromium, type Page } from 'playwright-core';
import { environment } from './testing/config.ts';
import { faintTexts } from './testing/faint-texts.ts';
import { backOrderStory, heldStory, orderOf, shippedStory } from './testing/messages.ts';
import { PASSWORD, runningConsole } from './testing/running-console.ts';

const AT = '2026-11-24T09:00:00.000Z';
const arguments_ = [
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-sync',
  '--disable-component-update',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

const eventsOf = (messages: Event[]): Event[] =>
  messages.map(({ type, topic, key, channel, data }) => ({ type, topic, key, channel, data }));

describe('the console in a browser', () => {
  let stage: Awaited<ReturnType<typeof runningConsole>>;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    stage = await runningConsole();
    browser = await chromium.launch({ executablePath: environment.chromium, args: arguments_ });
    page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('status of 4')) faults.push(message.text());
    });
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.stop();
  });
  afterEach(() => {
    // A blocked script, a refused style or an exception in a page is a failure, whatever the page looks like.
    expect(faults).toEqual([]);
  });

  const show = (path: string) => page.goto(`${stage.url}${path}`);
  const sees = (text: string | RegExp) => page.getByText(text).first().waitFor();
  const gone = (text: string | RegExp) => page.getByText(text).first().waitFor({ state: 'hidden' });
  const command = (name: string) => page.getByRole('button', { name, exact: true });

  /** Fills in who decides and why, and sends it from the dialog. */
  async function decide(verb: string, what: string, reason: string): Promise<void> {
    await command(`${verb} ${what}`).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Your name').fill('Eva');
    await dialog.getByLabel('Reason').fill(reason);
    await dialog.getByRole('button', { name: verb, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  it('asks for the password, says when it is wrong, and lets in who has it', async () => {
    await show('/orders');
    await page.getByLabel('Password').fill('a guess');
    await page.keyboard.press('Enter');
    await sees('That is not the password');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Orders' }).waitFor();
  });

  it("finds an order by its shop's number and by the warehouse's, and tells its way", async () => {
    await stage.publish(...eventsOf(shippedStory('5178-SE')), ...eventsOf(heldStory('5178-EU')));
    await show('/');
    await page.getByRole('navigation').getByRole('link', { name: 'Orders' }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('5178');
    await page.getByRole('link', { name: '5178-EU' }).waitFor();
    await page.getByLabel('Find an order').fill('5178-SE');
    await page.getByRole('link', { name: '5178-EU' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: '5178-SE' }).click();
    await page.getByRole('heading', { name: '5178-SE' }).waitFor();
    const stops = await page.locator('.way > li').allInnerTexts();
    expect(stops).toHaveLength(5);
    expect(stops[0]).toContain('SE placed 5178 with 1 line');
    expect(stops[1]).toContain('All pieces reserved');
    expect(stops[2]).toContain('In the warehouse as order 61007');
    expect(stops[3]).toContain('Shipped in parcel P1 with PostNord, tracking SE123');
    expect(stops[4]).toContain('Back to shop SE');
    await show('/orders?search=61007');
    await page.getByRole('link', { name: '5178-SE' }).waitFor();
  });

  it("shows an article's stock, what each shop shows, and what it may show", async () => {
    const channels = { SE: { level: '4', mode: 'shared' }, EU: { level: '3', mode: 'shared' } } as const;
    const shelf = { channel: 'SE', article: 'POT/1', version: 7, writeId: 'w', shelf: '9', at: AT };
    await stage.publish(
      StockLevelChanged.of({ article: 'POT/1', version: 7, at: AT, free: '4', sellable: '6', reserved: '2', channels }),
      ShelfSet.of({ ...shelf, method: 'absolute' }),
      ArticlePublished.of({ channel: 'ERP', article: { number: 'POT/1', name: 'Pot of <b>iron</b>' } }),
    ); // prettier-ignore
    await show('/articles?search=pot');
    await page.getByRole('link', { name: 'POT/1' }).click();
    await sees('Pot of <b>iron</b>');
    const figures = await page.locator('.figures').innerText();
    expect(figures.replace(/\s+/g, ' ')).toMatch(/Free 4 .*Sellable 6 .*Reserved 2 /);
    const row = page.getByRole('row', { name: /^SE/ });
    expect((await row.innerText()).split(/\s+/).slice(0, 3)).toEqual(['SE', '9', '4']);
    expect(await page.getByRole('row', { name: /^EU/ }).innerText()).toContain(
      'newest level 7 not confirmed yet',
    );
  });

  it('shows a new order at once, without loading the page again', async () => {
    await show('/orders');
    await page.getByRole('link', { name: '5178-SE' }).waitFor();
    await page.evaluate(() => Object.assign(globalThis, { notLoadedAgain: true }));
    await stage.publish(OrderPlaced.of(orderOf('6001-SE')));
    await page.getByRole('link', { name: '6001-SE' }).click();
    await page.getByText('Placed', { exact: true }).waitFor();
    const order = orderOf('6001-SE');
    const reserved = { number: '6001-SE', channel: 'SE', revision: 1, order, counted: [] };
    await stage.publish(OrderReserved.of(reserved));
    await sees('All pieces reserved');
    expect(await page.evaluate(() => 'notLoadedAgain' in globalThis)).toBe(true);
  });

  it('shows what a held order lacks, and releases it', async () => {
    stage.authority.heldOrders.add('5178-EU');
    stage.authority.onDecision = async (number) => {
      const order = orderOf(number);
      await stage.publish(OrderReserved.of({ number, channel: 'EU', revision: 1, order, counted: [] }));
    };
    await show('/');
    await page.getByRole('link', { name: '1 held order' }).click();
    await sees('1 of 2 KETTLE missing');
    await decide('Release', 'order 5178-EU', 'two more come today');
    await sees('Order 5178-EU is released.');
    await sees('No order is held.');
    expect(stage.authority.commands).toEqual([
      { path: '/ops/orders/5178-EU/release', author: 'Eva', reason: 'two more come today' },
    ]);
  });

  it('says which orders wait for goods, and which of them were told a day that does not hold', async () => {
    const days = [{ expectedOn: '2026-12-03' }, { expectedBefore: '2026-12-03' }];
    await stage.publish(...eventsOf(backOrderStory('7001-EU', days)));
    await show('/');
    await page.getByRole('link', { name: '1 back-ordered order without a day, though one was told' }).click();
    await sees('Was expected on 2026-12-03, no other day is known');
    await page.getByRole('link', { name: '7001-EU' }).click();
    await sees('1 of 2 KETTLE missing, expected on 2026-12-03');
  });

  it('says so when somebody else has decided already', async () => {
    const order = orderOf('6002-EU');
    const shortages = [{ article: 'KETTLE', reason: 'stock' as const, wanted: '2', missing: '1' }];
    const ref = { number: '6002-EU', channel: 'EU', revision: 1 };
    await stage.publish(OrderPlaced.of(order), OrderShort.of({ ...ref, outcome: 'held', shortages }));
    await show('/orders/6002-EU');
    await command('Reject order 6002-EU').click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel('Your name').inputValue()).toBe('Eva');
    await dialog.getByLabel('Reason').fill('sold out');
    await dialog.getByRole('button', { name: 'Reject', exact: true }).click();
    await sees('Order 6002-EU is not held: nothing to decide.');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('retries a parked message, and discards one that stays wrong', async () => {
    stage.authority.park('11');
    stage.gateway.park('21', { key: 'KETTLE', type: 'article.published', code: 'article.invalid' });
    await show('/parked');
    await sees('lines.0.quantity must be greater than 0');
    await sees('channel-se cannot be reached');
    stage.authority.retryFails = 'Still not greater than 0.';
    await decide('Retry', 'order.placed 5178-SE', 'corrected in the shop');
    await sees('Parked again after 0 messages: Still not greater than 0.');
    stage.authority.retryFails = undefined;
    await decide('Retry', 'order.placed 5178-SE', 'corrected again');
    await gone('order.placed 5178-SE');
    await decide('Discard', 'article.published KETTLE', 'the ERP sends it again');
    await sees('Nothing is parked');
    expect(stage.gateway.commands).toEqual([
      { path: '/ops/dead-letters/21/discard', author: 'Eva', reason: 'the ERP sends it again' },
    ]);
  });

  it('lists orders that a channel could not take, and calls that its shop refused', async () => {
    const since = AT;
    const reason = 'its line 2 has no article number';
    stage.channelEu.unreadable = [
      { id: 'o/9', number: null, shopNumber: '77', state: 'unreadable', reason, since },
    ];
    stage.channelEu.jobs = [
      {
        id: '5',
        kind: 'fulfil',
        key: 'P1',
        state: 'parked',
        tries: 3,
        nextAt: AT,
        reason: 'the order is archived',
        createdAt: AT,
        number: '5178-EU',
        shopNumber: '5178',
      },
    ];
    await show('/parked');
    await sees(reason);
    await decide('Settle', 'order 77', 'cancelled by telephone');
    await gone(reason);
    await sees('the order is archived');
    await decide('Retry', 'a parcel of 5178-EU', 'taken out of the archive');
    await sees('The shop is called again.');
    expect(stage.channelEu.commands.map(({ path }) => path)).toEqual([
      '/ops/unreadable-orders/o%2F9/settle',
      '/ops/jobs/5/retry',
    ]);
  });

  it('shows stock figures in doubt, and takes the word of a person who asked the warehouse', async () => {
    const started = { started: 900, ended: 901, inFlight: [], at: AT };
    const reading = {
      article: 'POT/1',
      status: 'active' as const,
      sellable: '0',
      doubtful: true,
      ...started,
    };
    await stage.publish(StockObserved.of(reading));
    const held = { article: 'POT/1', sellable: '0', sellableBefore: '5', status: 'active', differs: true };
    const gate = {
      state: 'differs',
      doubt: 'zeroed',
      heldAt: AT,
      secondReadAt: null,
      count: 1,
      articles: [held],
    };
    stage.gateway.stockGate = gate;
    const lease = { channel: 'SE', article: 'POT/1', canSell: '3', alive: false };
    stage.authority.leases = [lease];
    stage.authority.atRisk = [
      { number: '5178-SE', channel: 'SE', article: 'POT/1', wanted: '2', missing: '1' },
    ];
    await show('/');
    await sees('Two stock readings differ');
    await sees('1 order whose goods have vanished');
    await show('/articles/POT%2F1');
    await sees('The last reading, 0, is in doubt');
    await page.getByRole('link', { name: 'What is to be done' }).click();
    await sees('It would leave nothing of too many articles.');
    await sees('read differently the second time');
    await decide('Accept', 'the held figures', 'the shelf is empty, they say');
    await sees('Everything is read once more');
    await sees('Somebody has decided');
    expect(stage.gateway.commands.at(-1)).toMatchObject({ path: '/ops/stock-gate/accept', author: 'Eva' });
    await decide('Give up', 'the pieces of SE', 'the shop has closed');
    await sees('7 pieces of SE are for the others now.');
    await sees('every shop that sells on lease is heard of');
    stage.gateway.stockGate = { ...gate, state: 'open', count: 0, articles: [] };
    stage.authority.atRisk = [];
    await sees('None: the last stock reading was believed.');
  });

  it("says on the first page what a shop lets fail, in the shop's own words", async () => {
    const reason = 'The shop answered 401 to GET orders. It says: The key has expired';
    stage.channelEu.failing = [{ work: 'orders', since: AT, reason }];
    await show('/');
    await sees(reason);
    stage.channelEu.failing = [];
    await gone(reason);
    const advice = "Ongoing's webhook for orders does not reach us: press Test.";
    stage.gateway.webhookAdvice = [advice];
    await sees(advice);
    stage.gateway.webhookAdvice = [];
    await gone(advice);
  });

  it('tells of a shipped order whether its shop knows, or that its channel does not answer', async () => {
    await show('/orders/5178-SE');
    await sees('Unknown: channel-se cannot be reached');
    await stage.publish(...eventsOf(shippedStory('5180-EU')));
    await show('/orders/5180-EU');
    await sees('Nothing is left to tell EU');
  });

  it.each(['light', 'dark'] as const)(
    'has a contrast of 4.5 for every text in %s colours',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      for (const path of [
        '/',
        '/orders',
        '/orders/5178-SE',
        '/orders/6002-EU',
        '/articles',
        '/held',
        '/parked',
        '/stock',
        '/catalogue',
      ]) {
        await show(path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await gone('One moment');
        expect({ path, faint: await page.evaluate(faintTexts) }).toEqual({ path, faint: [] });
      }
    },
  );

  it.each([
    '/',
    '/orders',
    '/orders/5178-SE',
    '/articles',
    '/articles/POT%2F1',
    '/held',
    '/parked',
    '/stock',
    '/catalogue',
    '/foreign',
    '/inbound',
  ])('fits %s into a narrow screen, and every control has a name', async (path) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await show(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle').catch(() => undefined);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll('button, a, input, select')]
        .filter((control) => {
          const labels = (control as HTMLInputElement).labels;
          return !control.textContent?.trim() && !control.getAttribute('aria-label') && !labels?.length;
        })
        .map((control) => control.outerHTML),
    );
    expect(nameless).toEqual([]);
  });

  it('shows what does not fit in article data, with what to do about it', async () => {
    stage.gateway.findings = [
      {
        article: 'KETTLE',
        kind: 'changed-in-wms',
        channel: '',
        text: 'The warehouse has weight 0.4 kg (ERP: 0.21 kg): it was changed at the warehouse.',
        remedy: 'If the warehouse is right, correct it in ERP. If not, press Write again.',
        since: AT,
      },
    ];
    await show('/');
    await page.getByRole('link', { name: '1 difference in article data' }).click();
    await sees('it was changed at the warehouse');
    await decide('Write again', 'article KETTLE', 'weighed with its pallet');
    await sees('KETTLE is written again as its owners have it.');
    await sees('Nothing waits for a person.');
    await show('/articles/KETTLE');
    await sees('weightKg');
    await sees('0.4');
  });

  it('shows the way of a purchase order, live', async () => {
    const ref = { number: 'PO-7-ERP', channel: 'ERP' };
    const lines = [{ row: '10', article: 'KETTLE', quantity: '20' }];
    await stage.publish(
      PurchaseOrderPlaced.of({ ...ref, shopNumber: 'PO-7', shopOrderId: '7', revision: 1, lines }),
    );
    await show('/inbound');
    await page.getByRole('link', { name: 'PO-7-ERP' }).click();
    await sees('ERP ordered PO-7: 20 KETTLE');
    await stage.publish(
      PurchaseOrderRefused.of({ ...ref, revision: 1, reason: 'wms', text: 'Unknown article.' }),
    );
    stage.gateway.refusedInbound.add('purchase-order/PO-7-ERP');
    await decide('Send again', 'purchase order PO-7-ERP', 'the article is there now');
    await sees('PO-7-ERP is sent to the warehouse again.');
    await stage.publish(PurchaseOrderReceived.of({ ...ref, receipt: 'R1', lines, receivedAt: AT }));
    await sees('Received: 20 KETTLE');
    await sees('Coming in');
    await stage.publish(
      StockExpected.of({ article: 'KETTLE', expected: [{ on: '2026-12-03', quantity: '20' }], at: AT }),
    );
    await show('/articles/KETTLE');
    await sees('20 on 2026-12-03');
  });

  it('signs out', async () => {
    await command('Sign out').click();
    await page.getByLabel('Password').waitFor();
    await show('/orders');
    await page.getByLabel('Password').waitFor();
  });
});

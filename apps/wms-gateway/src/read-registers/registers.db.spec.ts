import { afterEach, expect, it } from '@jest/globals';
import { OrderAccepted } from '@samlast/contracts';
import type { KnobSettings } from '@samlast/ongoing-simulator';
import { CONFIG, Log, type RunningService } from '@samlast/service';
import { eventually } from '@samlast/test-stack';
import type { Config } from '../config.ts';
import { Ongoing } from '../ongoing.ts';
import { Reachability } from '../reachability.ts';
import { anOrder, reserved, setStage, toldBy, type Stage } from '../testing/stage.ts';
import { TenantRegisters } from './tenant-registers.ts';

let stage: Stage;
let gateway: RunningService;
afterEach(() => stage.close());

async function begin(knobs: KnobSettings, env: Record<string, string> = {}): Promise<void> {
  stage = await setStage(knobs);
  await stage.simulator.control.seed({
    articles: [
      { number: 'TEE', stock: 10 },
      { number: 'FREIGHT', isStockArticle: false },
    ],
  });
  gateway = await stage.gateway(env);
}

interface Shown {
  readAt: string | null;
  orderStatuses: object[] | null;
  warehouses: object[] | null;
  advice: string[];
}
const shown = async () => (await (await fetch(`${gateway.url}/ops/registers`)).json()) as Shown;
/** Once the last of them has been read. */
const read = () =>
  eventually(async () => {
    const now = await shown();
    return now.warehouses !== null && now;
  });

const tenant: KnobSettings = {
  statusSet: [
    { number: 300, text: 'Frisläppt' },
    { number: 451, text: 'Klar att hämta' },
    { number: 460, text: 'Packad' },
  ],
  purchaseStatusSet: [
    { number: 100, text: 'Aviserad' },
    { number: 350, text: 'Vägd' },
  ],
  moreWarehouses: [{ id: 2, code: 'N', name: 'North' }],
};

it('names statuses that no setting explains, and more warehouses than one, with what to do', async () => {
  await begin(tenant, { ORDER_STATUSES: '451=sent' });
  const { advice, orderStatuses } = await read();
  expect(orderStatuses).toEqual(tenant.statusSet);
  expect(advice).toEqual([
    expect.stringMatching(/orders that nobody has explained: 460 "Packad"\. .* add 460=… to ORDER_STATUSES /),
    expect.stringMatching(/purchase orders .*: 350 "Vägd"\. .* add 350=… to PURCHASE_STATUSES /),
    expect.stringMatching(/^Ongoing lists 2 warehouses \(1 Main warehouse, 2 North\).*WAREHOUSES_LISTED=2/),
  ]);
});

it('says nothing where the settings answer for all of it', async () => {
  await begin(tenant, {
    ORDER_STATUSES: '451=sent,460=picked',
    PURCHASE_STATUSES: '350=receiving',
    WAREHOUSES_LISTED: '2',
  });
  expect((await read()).advice).toEqual([]);
});

it('and a register that cannot be read keeps neither the others nor orders waiting', async () => {
  stage = await setStage(tenant);
  const { control } = stage.simulator;
  await control.seed({
    articles: [
      { number: 'TEE', stock: 10 },
      { number: 'FREIGHT', isStockArticle: false },
    ],
  });
  await control.arm({ on: 'GET /orders/statuses', kind: 'error' });
  gateway = await stage.gateway();
  await stage.publish(reserved(anOrder('5178', 'SE')));
  await toldBy(stage, OrderAccepted);
  const { advice, orderStatuses } = await read();
  expect(orderStatuses).toBeNull();
  expect(advice).toEqual([expect.stringMatching(/purchase orders/), expect.stringMatching(/warehouses/)]);
});

it('warns of each in the log once, and again when it has come back', async () => {
  await begin(tenant);
  const { app } = gateway;
  const lines: string[] = [];
  const log = new Log('wms-gateway', 'warn', { write: (line: string) => void lines.push(line) });
  const registers = new TenantRegisters(
    app.get<Config>(CONFIG),
    app.get(Ongoing),
    app.get(Reachability),
    log,
  );
  const reads = async () => {
    await registers.read();
    return lines.splice(0).length;
  };
  expect([await reads(), await reads()]).toEqual([3, 0]);
  await stage.simulator.control.knobs({ moreWarehouses: [] });
  expect(await reads()).toBe(0);
  await stage.simulator.control.knobs({ moreWarehouses: [{ id: 2, code: 'N', name: 'North' }] });
  expect(await reads()).toBe(1);
});

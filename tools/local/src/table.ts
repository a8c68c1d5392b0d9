import type { Running } from './run.ts';

/** What a newcomer opens first, as one table. */
export function addressTable({ installation, data, readyAfterMs }: Running): string {
  const { url, consolePassword } = installation;
  const rows: [string, string, string][] = [
    ['Console', url('console'), `password ${consolePassword}`],
    ['Demo shop SE', url('shop-se'), 'buy something here'],
    ['Demo shop EU', url('shop-eu'), 'and watch its stock change here'],
    ['Demo ERP', url('erp'), 'article master; B2B orders'],
    ['Warehouse floor', url('simulator'), 'Ongoing WMS, simulated: pick, pack, ship'],
    ['Ongoing REST API', installation.ongoingUrl, 'of the simulator'],
    ['Stock authority', url('stock-authority'), '/health/ready, /ops'],
    ['WMS gateway', url('wms-gateway'), '/health/ready, /ops'],
    ['Channel SE, EU, ERP', `${url('channel-se')}, …22, …23`, '/health/ready, /ops'],
    ['Logs and data', data.path, ''],
  ];
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const lines = rows.map((row) =>
    `  ${row[0].padEnd(width(0))}  ${row[1].padEnd(width(1))}  ${row[2]}`.trimEnd(),
  );
  return [
    '',
    `Samlast is ready after ${(readyAfterMs / 1000).toFixed(1)} s. Ctrl-C stops it.`,
    '',
    ...lines,
    '',
  ].join('\n');
}

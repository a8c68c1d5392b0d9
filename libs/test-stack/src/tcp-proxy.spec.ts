import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { eventually } from './eventually.ts';
import { tcpProxy, type TcpProxy } from './tcp-proxy.ts';
import { testDatabase, type TestDatabase } from './test-database.ts';

let server: Server;
let proxy: TcpProxy;
let asked: string[];

beforeEach(async () => {
  asked = [];
  server = createServer((request, answer) => {
    asked.push(request.url ?? '');
    answer.end('x'.repeat(200_000));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await tcpProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}/base`);
});

afterEach(async () => {
  await proxy.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const get = async (path: string) => {
  const response = await fetch(`${proxy.url}${path}`, { headers: { connection: 'close' } });
  return (await response.text()).length;
};

describe('tcpProxy', () => {
  it('carries whole answers', async () => {
    expect(await Promise.all([get('/1'), get('/2')])).toEqual([200_000, 200_000]);
    expect(asked.toSorted()).toEqual(['/base/1', '/base/2']);
  });

  it('refuses connections while cut, and carries again after resume', async () => {
    proxy.cut();
    await expect(get('/1')).rejects.toThrow();
    proxy.resume();
    expect(await get('/2')).toBe(200_000);
    expect(asked).toEqual(['/base/2']);
  });

  it('holds everything while paused, and delivers it after resume', async () => {
    proxy.pause();
    const answer = get('/1');
    await expect(eventually(() => asked.length > 0, { withinMs: 150 })).rejects.toThrow('Not within');
    proxy.resume();
    expect(await answer).toBe(200_000);
  });

  it('drops the answers of the requests that are meant, after the target did them', async () => {
    proxy.dropAnswers((request) => request.includes('/booked'), 1);
    expect(await get('/other')).toBe(200_000);
    await expect(get('/booked')).rejects.toThrow();
    expect(await get('/booked')).toBe(200_000);
    expect(asked).toEqual(['/base/other', '/base/booked', '/base/booked']);
    expect(proxy.dropped).toBe(1);
  });

  it('refuses a target without a port', async () => {
    await expect(tcpProxy('http://shop.example')).rejects.toThrow('an address with a port');
  });
});

describe('tcpProxy before Postgres', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await testDatabase()));
  afterEach(() => database.drop());

  it('makes a commit happen whose answer never comes', async () => {
    await database.query('create table booking (n int)');
    const before = await tcpProxy(database.url);
    const client = new Client({ connectionString: before.url });
    client.on('error', () => {});
    await client.connect();
    before.dropAnswers((request) => request.includes('commit'));
    await client.query('begin');
    await client.query('insert into booking values (1)');
    await expect(client.query('commit')).rejects.toThrow('Connection terminated');
    await eventually(async () => (await database.query('select n from booking')).length === 1);
    await before.close();
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigurationError, defineConfig, readConfig } from './config.ts';

const dir = mkdtempSync(join(tmpdir(), 'samlast-config-'));
afterAll(() => rmSync(dir, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

const channelsFile = file(
  'channels.json',
  JSON.stringify({
    channels: [{ code: 'SE', kind: 'http', orderType: { code: 'B2C' }, startAt: '2026-01-01T00:00:00Z' }],
  }),
);
const good = { DATABASE_URL: 'postgres://u:p@localhost/d', BUS: 'embedded', CHANNELS_FILE: channelsFile };
const schema = defineConfig({ SHOP_URL: z.url(), SHOP_TOKEN: z.string().min(8) });
const own = { SHOP_URL: 'https://shop.example.test', SHOP_TOKEN: 'a-long-token' };

function faultsOf(environment: Record<string, string | undefined>): string[] {
  try {
    readConfig('a-service', schema, environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
  return [];
}

describe('a configuration', () => {
  it('is read with its defaults and the list of channels', () => {
    const { config, channels } = readConfig('a-service', schema, { ...good, ...own });
    expect(config).toMatchObject({ SERVICE_HOST: '127.0.0.1', SHOP_URL: own.SHOP_URL, TOPIC_PREFIX: '' });
    expect(channels.channels[0]).toMatchObject({ code: 'SE', mode: 'shared', margin: '0' });
  });

  it('is refused with all its faults at once, also those of channels.json', () => {
    const broken = file('broken.json', '{"channels": [{"code": "s e"}]}');
    const faults = faultsOf({ BUS: 'rabbit', CHANNELS_FILE: broken, SERVICE_PORT: 'many', SHOP_URL: 'shop' });
    expect(faults.join('\n')).toMatch(/DATABASE_URL is not set/);
    expect(faults.join('\n')).toMatch(/BUS /);
    expect(faults.join('\n')).toMatch(/SERVICE_PORT /);
    expect(faults.join('\n')).toMatch(/SHOP_URL /);
    expect(faults.join('\n')).toMatch(/SHOP_TOKEN is not set/);
    expect(faults.join('\n')).toMatch(/channels\.0\.code must be 1 to 10 capital letters/);
  });

  it('says what to do in its message', () => {
    expect(() => readConfig('a-service', schema, {})).toThrow(
      /a-service does not start.*docs\/operating\.md/s,
    );
  });

  it('takes a secret from a file', () => {
    const { SHOP_TOKEN: _, ...rest } = own;
    const path = file('token', 'token-in-a-file\n');
    const { config } = readConfig('a-service', schema, { ...good, ...rest, SHOP_TOKEN_FILE: path });
    expect(config.SHOP_TOKEN).toBe('token-in-a-file');
  });

  it('refuses a secret that is given twice, and a file that is not there', () => {
    expect(faultsOf({ ...good, ...own, SHOP_TOKEN_FILE: file('t', 'x'.repeat(9)) })).toEqual([
      'SHOP_TOKEN and SHOP_TOKEN_FILE are both set: keep one of them',
    ]);
    const { SHOP_TOKEN: _, ...rest } = own;
    expect(faultsOf({ ...good, ...rest, SHOP_TOKEN_FILE: join(dir, 'none') }).join()).toMatch(
      /cannot be read \(ENOENT\)/,
    );
  });

  it('leaves alone the files of other programs', () => {
    expect(faultsOf({ ...good, ...own, SSL_CERT_FILE: '/none', TF_CLI_CONFIG_FILE: '/none' })).toEqual([]);
  });

  it('refuses another host than loopback without tokens', () => {
    expect(faultsOf({ ...good, ...own, SERVICE_HOST: '0.0.0.0' }).join()).toMatch(
      /SERVICE_TOKENS is not set/,
    );
    expect(
      faultsOf({ ...good, ...own, SERVICE_HOST: '0.0.0.0', SERVICE_TOKENS: 'a:0123456789abcdef' }),
    ).toEqual([]);
  });

  it('refuses a token that can be guessed', () => {
    expect(faultsOf({ ...good, ...own, SERVICE_TOKENS: 'console:short' }).join()).toMatch(
      /at least 16 characters/,
    );
  });

  it('refuses Kafka without brokers', () => {
    expect(faultsOf({ ...good, ...own, BUS: 'kafka' })).toEqual([
      'KAFKA_BROKERS is not set, but BUS is kafka',
    ]);
  });

  it('lists what contradicts each other beside what is wrong by itself', () => {
    const faults = faultsOf({
      ...good,
      CHANNELS_FILE: file('none.json', '{'),
      BUS: 'kafka',
      SERVICE_HOST: '0.0.0.0',
      KAFKA_SASL_MECHANISM: 'plain',
      SHOP_URL: 'shop',
    });
    expect(faults.toSorted().map((fault) => fault.split(' ').slice(0, 4).join(' '))).toEqual([
      expect.stringContaining('none.json is not'),
      'KAFKA_BROKERS is not set,',
      'KAFKA_SASL_MECHANISM is set, so',
      'SERVICE_TOKENS is not set,',
      'SHOP_TOKEN is not set',
      expect.stringMatching(/^SHOP_URL /),
    ]);
  });

  it('is not said to contradict what could not be read', () => {
    expect(faultsOf({ ...good, ...own, BUS: 'kafka', KAFKA_BROKERS: 'broker' })).toEqual([
      'KAFKA_BROKERS must read host:port,host:port',
    ]);
  });

  it('does not repeat a secret in its message', () => {
    const secret = 'postgre://user:very-secret@host/db';
    expect(faultsOf({ ...good, ...own, DATABASE_URL: secret }).join()).not.toContain('very-secret');
  });
});

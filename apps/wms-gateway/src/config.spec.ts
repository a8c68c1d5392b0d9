import { describe, expect, it } from '@jest/globals';
import { config } from './config.ts';

const env = {
  DATABASE_URL: 'postgres://127.0.0.1/samlast',
  BUS: 'embedded',
  CHANNELS_FILE: 'channels.json',
  ONGOING_URL: 'https://api.ongoingsystems.se/demo/api/v1/',
  ONGOING_USER: 'WSI-demo',
  ONGOING_PASSWORD: 'secret',
  ONGOING_GOODS_OWNER_ID: '41',
  INSTALLATION: 'demo',
};
const faultsOf = (more: Record<string, string>) =>
  config.safeParse({ ...env, ...more }).error?.issues.map(({ path }) => path.join('.')) ?? [];

describe('the configuration', () => {
  it('needs nothing but where Ongoing is, who asks, and who this is', () => {
    expect(faultsOf({})).toEqual([]);
    for (const name of [
      'ONGOING_URL',
      'ONGOING_USER',
      'ONGOING_PASSWORD',
      'ONGOING_GOODS_OWNER_ID',
      'INSTALLATION',
    ]) {
      expect(
        config.safeParse({ ...env, [name]: undefined }).error?.issues.map(({ path }) => path[0]),
      ).toEqual([name]);
    }
  });

  it('refuses a request that may outlast the lease, because another process writes then', () => {
    expect(faultsOf({ LEASE_MS: '3000', ORDER_TIMEOUT_MS: '3000' })).toEqual(['ORDER_TIMEOUT_MS']);
    expect(faultsOf({ LEASE_MS: '30000', ORDER_TIMEOUT_MS: '20000' })).toEqual([]);
  });

  it('takes the parts of mutual TLS together or not at all, and a header with its value', () => {
    const parts = { WEBHOOK_TLS_CERT: 'c', WEBHOOK_TLS_KEY: 'k', WEBHOOK_CLIENT_CA: 'a' };
    expect(faultsOf({ ...parts, WEBHOOK_TLS_PORT: '8443' })).toEqual([]);
    expect(faultsOf(parts)).toEqual(['WEBHOOK_TLS_PORT']);
    expect(faultsOf({ WEBHOOK_TLS_PORT: '8443' })).toEqual(['WEBHOOK_TLS_PORT']);
    expect(faultsOf({ WEBHOOK_CLIENT_HEADER: 'x-client-verify' })).toEqual(['WEBHOOK_CLIENT_HEADER']);
    const header = config.parse({ ...env, WEBHOOK_CLIENT_HEADER: 'X-Client-Verify: SUCCESS' });
    expect(header.WEBHOOK_CLIENT_HEADER).toEqual({ name: 'x-client-verify', value: 'SUCCESS' });
  });

  it('reads what the numbers of a warehouse mean, and says what is wrong with them', () => {
    const parsed = config.parse({ ...env, ORDER_STATUSES: '451=collected, 475=returned' });
    expect([...parsed.ORDER_STATUSES]).toEqual([
      [451, 'collected'],
      [475, 'returned'],
    ]);
    expect(faultsOf({ ORDER_STATUSES: '451=gone' })).toEqual(['ORDER_STATUSES']);
    expect(faultsOf({ ORDER_STATUSES: 'collected' })).toEqual(['ORDER_STATUSES']);
  });

  it('lists all that is wrong at once', () => {
    expect(
      faultsOf({ ONGOING_URL: 'wms', INSTALLATION: 'Our Shop', WEBHOOK_TOKEN: 'short' }).toSorted(),
    ).toEqual(['INSTALLATION', 'ONGOING_URL', 'WEBHOOK_TOKEN']);
  });

  it('lists variables that contradict each other beside those that are wrong by themselves', () => {
    const contradicting = {
      LEASE_MS: '3000',
      ORDER_TIMEOUT_MS: '3000',
      RETRY_MIN_MS: '200',
      RETRY_MAX_MS: '100',
    };
    expect(faultsOf({ ...contradicting, ONGOING_URL: 'wms', BUS: 'kafka' }).toSorted()).toEqual([
      'KAFKA_BROKERS',
      'ONGOING_URL',
      'ORDER_TIMEOUT_MS',
      'RETRY_MIN_MS',
    ]);
    expect(faultsOf({ ...contradicting, LEASE_MS: 'long' })).toEqual(['LEASE_MS', 'RETRY_MIN_MS']);
  });
});

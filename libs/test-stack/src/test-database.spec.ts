import { afterEach, describe, expect, it } from '@jest/globals';
import { kafkaForTests, testPrefix } from './kafka.ts';
import { testDatabase } from './test-database.ts';

const saved = { ...process.env };

afterEach(() => {
  process.env.TEST_POSTGRES_URL = saved.TEST_POSTGRES_URL;
  delete process.env.KAFKA_BROKERS;
  if (saved.KAFKA_BROKERS !== undefined) process.env.KAFKA_BROKERS = saved.KAFKA_BROKERS;
});

describe('testDatabase', () => {
  it('gives every caller an empty database of its own, named after the spec', async () => {
    const [one, other] = await Promise.all([testDatabase(), testDatabase('Other one')]);
    await one.query('create table only_here (n int)');
    await one.query('insert into only_here values ($1)', [3]);
    expect(await one.query('select n from only_here')).toEqual([{ n: 3 }]);
    await expect(other.query('select n from only_here')).rejects.toThrow('does not exist');
    const [{ name }] = (await other.query('select current_database() as name')) as [{ name: string }];
    expect(name).toMatch(/^t_test_database_other_one_/);
    expect(other.url).toContain(`/${name}`);
    await Promise.all([one.drop(), other.drop()]);
  });

  it('is gone after drop, even while others are connected', async () => {
    const database = await testDatabase();
    const { Client } = await import('pg');
    const client = new Client({ connectionString: database.url });
    client.on('error', () => {});
    await client.connect();
    await database.drop();
    await expect(client.query('select 1')).rejects.toThrow();
    await expect(new Client({ connectionString: database.url }).connect()).rejects.toThrow('does not exist');
  });

  it('names the command to run when there is no Postgres', async () => {
    delete process.env.TEST_POSTGRES_URL;
    await expect(testDatabase()).rejects.toThrow('node tools/test.mjs');
  });
});

describe('kafkaForTests', () => {
  it('gives the brokers of KAFKA_BROKERS', () => {
    process.env.KAFKA_BROKERS = '127.0.0.1:9092,127.0.0.1:9094';
    expect(kafkaForTests()).toEqual({ brokers: ['127.0.0.1:9092', '127.0.0.1:9094'] });
  });

  it('names the command to run when there is none', () => {
    delete process.env.KAFKA_BROKERS;
    expect(() => kafkaForTests()).toThrow('tools/kafka-local/kafka-local start');
  });

  it('has a topic prefix that services accept, another one each time', () => {
    expect(testPrefix()).toMatch(/^[a-z0-9][a-z0-9-]{0,29}\.$/);
    expect(testPrefix()).not.toBe(testPrefix());
  });
});

import { describe as group, expect, it } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import { describe, isConflict, isOutage } from './failure.ts';

const database = (code: string) => {
  const cause = Object.assign(new Error('key (email)=(ada@example.org) is wrong'), {
    code,
    severity: 'ERROR',
    table: 'orders',
  });
  return new QueryFailedError('INSERT', [], cause);
};
const system = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

group('a failure', () => {
  it('is an outage where connection, serialisation, time-out or resources failed', () => {
    for (const code of [
      '08006',
      '40001',
      '40P01',
      '53300',
      '55P03',
      '57014',
      '57P01',
      '57P03',
      '58030',
      '25006',
    ]) {
      expect([code, isOutage(database(code))]).toEqual([code, true]);
    }
    for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN']) {
      expect([code, isOutage(system(code))]).toEqual([code, true]);
    }
    for (const message of [
      'Connection terminated unexpectedly',
      'timeout exceeded when trying to connect',
      'Client has encountered a connection error and is not queryable',
      'Query read timeout',
    ]) {
      expect([message, isOutage(new Error(message))]).toEqual([message, true]);
    }
  });

  it('is an outage where one is the cause of it, or one of several', () => {
    expect(isOutage(new Error('could not load', { cause: system('ECONNRESET') }))).toBe(true);
    expect(isOutage(new AggregateError([system('ECONNREFUSED')], 'all failed'))).toBe(true);
  });

  it("is the message's own where the database refuses what was asked, or the code is wrong", () => {
    for (const code of ['23505', '23514', '22P02', '22003', '42P01', '42601', 'P0001']) {
      expect([code, isOutage(database(code))]).toEqual([code, false]);
    }
    for (const error of [
      new RangeError('too long'),
      new TypeError('x is not a function'),
      'a text',
      undefined,
      null,
    ]) {
      expect(isOutage(error)).toBe(false);
    }
  });

  it('is a conflict where the same transaction may succeed at once', () => {
    expect(['40001', '40P01', '23505', '57P01'].map((code) => isConflict(database(code)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('does not quote what the database choked on', () => {
    expect(describe(database('23505'))).toBe('database error, 23505, table orders');
    expect(describe(new RangeError('the scale is broken'))).toBe('RangeError: the scale is broken');
    expect(describe('a text')).toBe('a thrown string');
  });

  it('ends in words where its causes form a circle', () => {
    const first = new Error('first');
    first.cause = new Error('second', { cause: first });
    expect(isOutage(first)).toBe(false);
  });
});

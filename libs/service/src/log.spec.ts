import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Log, type LogFields, NestLog } from './log.ts';

const CANARY = 'Karin Canary Ek';

function linesOf(write: (log: Log) => void): string {
  let text = '';
  write(new Log('a-service', 'debug', { write: (line: string) => void (text += line) }));
  return text;
}

describe('a log line', () => {
  it('holds the fields that may be logged', () => {
    const line = JSON.parse(linesOf((log) => log.info('order reserved', { number: '5178-SE', revision: 1 })));
    expect(line).toMatchObject({
      service: 'a-service',
      msg: 'order reserved',
      number: '5178-SE',
      revision: 1,
    });
  });

  it('leaves out every other field, whatever a caller passes', () => {
    const fields = { number: '5178-SE', consignee: { name: CANARY }, order: CANARY } as unknown as LogFields;
    expect(linesOf((log) => log.error('refused', fields))).not.toContain(CANARY);
  });

  it('does not repeat what an error quotes of its input', () => {
    const errors: unknown[] = [];
    try {
      JSON.parse(`{"name": "${CANARY}"`);
    } catch (error) {
      errors.push(error);
    }
    try {
      z.object({ name: z.literal('x') }).parse({ name: CANARY });
    } catch (error) {
      errors.push(error);
    }
    errors.push(
      Object.assign(new Error(`value ${CANARY} too long`), { severity: 'ERROR', code: '22001' }),
      CANARY,
    );
    const text = linesOf((log) => errors.forEach((error) => log.error('failed', { error })));
    expect(text).not.toContain(CANARY);
    expect(text).toContain('22001');
  });

  it('says where an error came from', () => {
    const text = linesOf((log) => log.error('failed', { error: new Error('the shop did not answer') }));
    expect(text).toContain('the shop did not answer');
    expect(text).toContain('log.spec.ts');
  });

  it('does not print objects that the framework logs', () => {
    expect(linesOf((log) => new NestLog(log).error({ name: CANARY }, undefined, 'Nest'))).not.toContain(
      CANARY,
    );
  });
});

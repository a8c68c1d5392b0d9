import { describe, expect, it } from '@jest/globals';
import { Metrics } from './metrics.controller.ts';

describe('the figures of a service', () => {
  it('are told although one of them cannot be read just now', async () => {
    const metrics = new Metrics();
    metrics.counter('orders_total', 'Orders').inc(3);
    metrics.gauge('waiting', 'Read from a database that is away', () => Promise.reject(new Error('away')));
    const text = await metrics.registry.metrics();
    expect(text).toContain('orders_total 3');
    expect(text).toContain('waiting Nan');
  });
});

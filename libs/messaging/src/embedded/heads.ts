import type { Outgoing } from '../transport.ts';

/** No JSON text holds it, and a header has no use for it; it parts what stands together in one text. */
export const PART = '\x1f';
const LINE = '\n';
/** What every message has, so that its value need not be kept: its id and its key stand beside it. */
const NAMES = 8;

/**
 * The headers as the log keeps them: type, source, time, trace and channel, one a line, and JSON where there is more
 * to them. Spelled out they would be a third of an order's event.
 */
export function headsOf({ id, key, headers }: Pick<Outgoing, 'id' | 'key' | 'headers'>): string {
  const { ce_type, ce_source, ce_time, traceparent, samlast_channel: channel = '' } = headers;
  const isUsual =
    ce_type !== undefined &&
    ce_source !== undefined &&
    ce_time !== undefined &&
    traceparent !== undefined &&
    headers.ce_specversion === '1.0' &&
    headers['content-type'] === 'application/json' &&
    headers.ce_id === id &&
    headers.ce_subject === key &&
    Object.keys(headers).length === (channel === '' ? NAMES : NAMES + 1);
  if (!isUsual) return JSON.stringify(headers);
  const heads = [ce_type, ce_source, ce_time, traceparent, channel].join(LINE);
  return isTold(heads) ? heads : JSON.stringify(headers);
}

/** Nobody takes it for another one when it is read. */
const isTold = (heads: string) =>
  !heads.startsWith('{') && !heads.includes(PART) && heads.split(LINE).length === 5;

/** The headers of a message that was kept under this id and key. */
export function headersOf(heads: string, id: string, key: string | null): Record<string, string> {
  if (heads.startsWith('{')) return JSON.parse(heads) as Record<string, string>;
  const [ce_type = '', ce_source = '', ce_time = '', traceparent = '', channel] = heads.split(LINE);
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: id,
    ce_type,
    ce_source,
    ce_time,
    ce_subject: key ?? '',
    'content-type': 'application/json',
    traceparent,
  };
  if (channel) headers.samlast_channel = channel;
  return headers;
}

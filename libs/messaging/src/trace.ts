import { randomBytes, randomUUID } from 'node:crypto';

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/** W3C trace context: the next step of the trace that a message belongs to, or the first step of a new one. */
export function nextTraceparent(parent: string | undefined): string {
  const [, trace = randomBytes(16).toString('hex'), flags = '01'] = TRACEPARENT.exec(parent ?? '') ?? [];
  return `00-${trace}-${randomBytes(8).toString('hex')}-${flags}`;
}

/** A UUID of version 7. It grows with time, so that the inbox's index grows at its end, not everywhere. */
export function newMessageId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

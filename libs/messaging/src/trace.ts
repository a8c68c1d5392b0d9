import { randomFillSync } from 'node:crypto';

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

const VARIANTS = '89ab';

/** Asking the system for each few bytes costs more than all the rest of a header. */
const pool = Buffer.alloc(65_536);
let used = pool.length;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}

/** W3C trace context: the next step of the trace that a message belongs to, or the first step of a new one. */
export function nextTraceparent(parent: string | undefined): string {
  const [, trace = randomHex(16), flags = '01'] = TRACEPARENT.exec(parent ?? '') ?? [];
  return `00-${trace}-${randomHex(8)}-${flags}`;
}

let millisecond = 0;
let head = '';

/** A UUID of version 7. It grows with time, so that the inbox's index grows at its end, not everywhere. */
export function newMessageId(): string {
  const now = Date.now();
  if (now !== millisecond) {
    millisecond = now;
    const time = now.toString(16).padStart(12, '0');
    head = `${time.slice(0, 8)}-${time.slice(8)}-7`;
  }
  const chance = randomHex(10);
  const variant = VARIANTS[Number.parseInt(chance.slice(3, 4), 16) % VARIANTS.length];
  return `${head}${chance.slice(0, 3)}-${variant}${chance.slice(4, 7)}-${chance.slice(8)}`;
}

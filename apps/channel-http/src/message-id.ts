import { createHash } from 'node:crypto';

/** Of what is told, the same for every try. Hashed, since a full stop, which ids of shops may hold, is not allowed. */
export function idOf(...parts: string[]): string {
  return `msg_${createHash('sha256').update(parts.join('\0')).digest('base64url')}`;
}

const SEED = 0x9747b28c;
const M = 0x5bd1e995;
const R = 24;

/**
 * The partition of a key, as Kafka's own clients choose it (murmur2), on both transports. A key must never move to
 * another partition, because its order would be lost: so the function is pinned here, with vectors, and not left to a
 * library.
 */
export function partitionOf(key: string, partitions: number): number {
  const bytes = key.length * 3 <= room.length ? room.subarray(0, room.write(key)) : Buffer.from(key, 'utf8');
  return (murmur2(bytes) & 0x7fffffff) % partitions;
}

/** A key is short, and its bytes are only looked at. */
const room = Buffer.alloc(512);

/** The 32-bit hash of Kafka's Java client, as a signed integer. */
export function murmur2(bytes: Uint8Array): number {
  const { length } = bytes;
  const byte = (at: number) => bytes[at] ?? 0;
  let hash = SEED ^ length;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    let k = byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24);
    k = Math.imul(k, M);
    k ^= k >>> R;
    hash = Math.imul(hash, M) ^ Math.imul(k, M);
  }
  if (at < length) {
    for (let i = length - 1; i >= at; i -= 1) hash ^= byte(i) << (8 * (i - at));
    hash = Math.imul(hash, M);
  }
  hash ^= hash >>> 13;
  hash = Math.imul(hash, M);
  return hash ^ (hash >>> 15);
}

/** Code that only somebody who knows the shop can write. Delete this file with the last call of `missing`. */
export class Missing extends Error {
  override readonly name = 'Missing';
}

/** @throws Missing with the file in which to write it, what it has to do, and where that is explained */
export function missing(file: string, name: string, what: string): never {
  const page = 'docs/adding-a-channel.md';
  throw new Missing(`Write '${name}' in apps/channel-acme/src/${file}: ${what} ${page} explains it.`);
}

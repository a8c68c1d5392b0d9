/** A promise that was broken, by its number in the README. */
export class Broken extends Error {
  override readonly name = 'Broken';

  constructor(
    readonly promise: string,
    readonly about: string,
    message: string,
  ) {
    super(message);
  }
}

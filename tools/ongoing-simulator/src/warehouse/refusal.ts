/**
 * What Ongoing would not do, with the answer it gives. The texts are ours: Ongoing's own were never captured
 * (ongoing-api reference, section 13, point 1), so nobody may decide by them.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly status: number,
    message: string,
    readonly fields?: Record<string, string[]>,
  ) {
    super(message);
  }
}

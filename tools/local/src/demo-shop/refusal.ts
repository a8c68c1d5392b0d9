/** The shop says no, in words for whoever asked. */
export class DemoRefusal extends Error {
  override readonly name = 'DemoRefusal';

  constructor(
    message: string,
    readonly status: 404 | 409 | 503,
    readonly details: object = {},
  ) {
    super(message);
  }
}

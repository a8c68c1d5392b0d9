/** No retry can help this message: it is parked with this reason, and its key's later messages queue behind it. */
export class Unprocessable extends Error {
  override readonly name = 'Unprocessable';

  /** @param code machine-readable, `area.reason`, such as `message.invalid` */
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

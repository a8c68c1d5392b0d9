/**
 * A call to the shop that came to nothing. `message` is the channel's own sentence and may be logged. What the shop
 * said to it is free text that could quote a buyer, so it is kept apart and out of sight of whatever prints errors.
 */
export abstract class ShopFailure extends Error {
  readonly #said: string | undefined;

  constructor(message: string, said?: string) {
    super(message);
    this.#said = said;
  }

  /** With the shop's own words: for the lists that people work off, never for a log. */
  get inFull(): string {
    return this.#said ? `${this.message} It says: ${this.#said}` : this.message;
  }
}

/** No retry can help. */
export class ShopRefused extends ShopFailure {
  override readonly name = 'ShopRefused';
  readonly status?: number;

  constructor(message: string, { status, said }: { status?: number; said?: string } = {}) {
    super(message, said);
    this.status = status;
  }
}

/** The shop did not answer, or answered that it cannot now. The outcome of what was asked is unknown. */
export class ShopUnavailable extends ShopFailure {
  override readonly name = 'ShopUnavailable';
  /** What it answered with, where it answered. */
  readonly status?: number;
  readonly retryAfterMs?: number;
  /** It was waited for as long as may be. */
  readonly isLate: boolean;

  constructor(
    message: string,
    {
      status,
      retryAfterMs,
      isLate = false,
      said,
    }: { status?: number; retryAfterMs?: number; isLate?: boolean; said?: string } = {},
  ) {
    super(message, said);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.isLate = isLate;
  }
}

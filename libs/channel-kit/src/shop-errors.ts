/** No retry can help; `message` is the shop's own words, for the list that people work off. */
export class ShopRefused extends Error {
  override readonly name = 'ShopRefused';

  constructor(
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}

/** The shop did not answer, or answered that it cannot now. The outcome of what was asked is unknown. */
export class ShopUnavailable extends Error {
  override readonly name = 'ShopUnavailable';

  constructor(
    message: string,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

'use strict';

/** Beside the time to pay: an order may be placed in its last second. */
const PLACED_LATE_S = 60;

/** A shop's claims at its own channel service, with options of `checkOptions` that have `claims`. */
class Claims {
  constructor({ channelUrl, claims }) {
    this.url = `${channelUrl}/claims`;
    this.options = claims;
  }

  /**
   * Asks for the pieces of a checkout and confirms them at once: both shop systems let a plugin refuse a sale in one
   * step only, the last one before the buyer's money moves.
   *
   * @param key new for each try: a key that was refused or given back is used up
   * @param lines `[{ article, quantity: '2' }]`
   * @returns `{ held: true }`, `{ held: false, shortages }`, or `{ held: undefined, why }` where nobody could say
   */
  async claim(key, lines) {
    const body = { expiresInS: PLACED_LATE_S, lines };
    const held = await this.ask('POST', '', body, { 'idempotency-key': key });
    if (held.status === 409) return { held: false, shortages: held.body.shortages ?? [] };
    if (held.status !== 201 && held.status !== 200) return { held: undefined, why: held.why };
    const checkoutEndsInS = this.options.payWithinS + PLACED_LATE_S;
    const change = { state: 'confirmed', checkoutEndsInS };
    const confirmed = await this.ask('PUT', `/${encodeURIComponent(key)}`, change);
    if (confirmed.status === 200) return { held: true };
    if (confirmed.status === 409) return { held: false, shortages: [] };
    return { held: undefined, why: confirmed.why };
  }

  /**
   * Gives the pieces back. Where that is lost, the channel does it once the time to pay is over.
   *
   * @returns why it was not done; undefined where it was, or where nothing was held
   */
  async release(key) {
    const { status, why } = await this.ask('DELETE', `/${encodeURIComponent(key)}`);
    return [200, 204, 404].includes(status) ? undefined : why;
  }

  async ask(method, path, body, headers) {
    try {
      const response = await fetch(this.url + path, {
        method,
        redirect: 'error',
        headers: {
          authorization: `Bearer ${this.options.token}`,
          ...(body && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(this.options.answerWithinMs),
      });
      const answer = await response.json().catch(() => ({}));
      // A key that is in flight has no answer yet; nobody knows what it will be.
      const status = answer.code === 'claim.in-flight' ? 503 : response.status;
      const says = typeof answer.message === 'string' ? `: ${answer.message.slice(0, 200)}` : '';
      return { status, body: answer, why: `it answered ${response.status}${says}` };
    } catch (error) {
      const why = error.name === 'TimeoutError' ? 'it did not answer in time' : 'it cannot be reached';
      return { status: 0, body: {}, why };
    }
  }
}

/** For the buyer. */
function soldOut(shortages) {
  const each = shortages.map(({ article, wanted, free }) => `${free} of ${article} are left, not ${wanted}`);
  return each.length > 0 ? `Sold out: ${each.join('; ')}.` : 'Sold out.';
}

module.exports = { Claims, soldOut };

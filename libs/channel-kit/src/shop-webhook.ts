export interface ShopWebhook {
  /**
   * Checks a delivery to `POST /webhooks/<name>` on its raw bytes, in constant time, before reading anything out of
   * it. Must not throw for whatever bytes it gets. What it speaks of is only a hint: the kit reads the truth from the
   * shop.
   */
  verify(delivery: WebhookDelivery): WebhookVerdict;
}

export interface WebhookDelivery {
  readonly name: string;
  readonly body: Buffer;
  /** Names in lower case; of a repeated header the first. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export type WebhookVerdict =
  | {
      readonly accepted: true;
      /** The sender's id of the message, the same when it tries again; with it a repeat has no effect. */
      readonly id?: string;
      /** Differs from try to try (a timestamp). The same id and attempt again is a replay and is refused. */
      readonly attempt?: string;
      /**
       * For so long after the first one the same id and attempt may come from the sender itself, which cannot tell its
       * deliveries of one moment apart: it is taken, and has no effect.
       */
      readonly mayRepeatMs?: number;
      readonly orders: readonly OrderHint[];
      /** Articles may have changed: all are read again. */
      readonly articles?: boolean;
      /** Purchase orders may have changed: they are read. */
      readonly inbound?: boolean;
      /**
       * Nothing but a try whether somebody is there, which its sender does not sign: answered with 200 and forgotten.
       */
      readonly ping?: boolean;
    }
  | {
      readonly accepted: false;
      /**
       * `forged`: no or a wrong signature. `stale`: too old or too new. `unreadable`: proven, but no such message is
       * known.
       */
      readonly refusal: 'forged' | 'stale' | 'unreadable';
      /** What is wrong and what to do, for the sender's log. */
      readonly message: string;
    };

export interface OrderHint {
  readonly id: string;
  /** The shop itself said that this order has been placed, which for Medusa is the only certain sign. */
  readonly placed?: boolean;
}

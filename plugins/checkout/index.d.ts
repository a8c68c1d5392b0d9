export interface ClaimsOptions {
  /** CLAIMS_TOKEN of the channel service. */
  token: string;
  /** Seconds that a buyer may take to pay. Afterwards the pieces of an order that never came are given back. */
  payWithinS?: number;
  /** How long a buyer is kept waiting for an answer, in milliseconds. */
  answerWithinMs?: number;
  /** What becomes of a sale when nobody can say whether its pieces are there. */
  unanswered?: 'refuse' | 'sell';
}

export interface SamlastOptions {
  /** Where this shop's channel service is, such as https://channel.example. */
  channelUrl: string;
  /** Absent for a shop that sells on lease or shared: it asks nobody before it sells. */
  claims?: ClaimsOptions;
  /** Seconds that a buyer may stand at the payment of a shop without claims, where its plugin holds pieces for them. */
  payWithinS?: number;
  /** Absent for a shop that tells nothing; its orders then arrive with the channel's next poll. */
  webhooks?: {
    /** WEBHOOK_SECRET of the channel service, whsec_... */
    secret: string;
  };
}

export type CheckedOptions = SamlastOptions & { payWithinS: number; claims?: Required<ClaimsOptions> };

/** @throws with all faults at once */
export declare function checkOptions(name: string, given: SamlastOptions): CheckedOptions;

export interface Shortage {
  article: string;
  wanted: string;
  free: string;
}

export type Answer =
  { held: true } | { held: false; shortages: Shortage[] } | { held: undefined; why: string };

export declare class Claims {
  constructor(options: CheckedOptions);
  claim(key: string, lines: { article: string; quantity: string }[]): Promise<Answer>;
  release(key: string): Promise<string | undefined>;
}

export declare function soldOut(shortages: Shortage[]): string;

export declare class Teller {
  constructor(options: CheckedOptions, path: string, warn: (message: string) => void);
  tell(type: string, data: Record<string, string>): Promise<void>;
}

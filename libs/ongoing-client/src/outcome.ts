/**
 * Why nobody knows whether a write was carried out. Read the order back by its number before deciding
 * anything.
 */
export interface UnknownCause {
  kind: 'timeout' | 'connection' | 'aborted' | 'too-large' | 'server-fault' | 'no-id' | 'not-json';
  /** The answer's status, where one came. */
  status?: number;
  /** A fixed text or an error code of the operating system; never anything that was sent or answered. */
  detail: string;
  /** false only where the request certainly never reached Ongoing. */
  sent: boolean;
}

export interface Refused {
  outcome: 'refused';
  status: number;
  /** What Ongoing said, for people. There is no reason code in it: never decide by this text. */
  text: string;
}

export interface Unknown {
  outcome: 'unknown';
  cause: UnknownCause;
}

export type OrderWriteOutcome = { outcome: 'done'; orderId: number; status: number } | Refused | Unknown;
export type ArticleWriteOutcome =
  { outcome: 'done'; articleSystemId: number; status: number } | Refused | Unknown;
export type PurchaseOrderWriteOutcome =
  { outcome: 'done'; purchaseOrderId: number; status: number } | Refused | Unknown;
export type ReturnOrderWriteOutcome =
  { outcome: 'done'; returnOrderId: number; status: number } | Refused | Unknown;

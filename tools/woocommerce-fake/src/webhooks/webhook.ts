export const TOPICS = [
  'order.created',
  'order.updated',
  'order.deleted',
  'product.created',
  'product.updated',
] as const;
export type Topic = (typeof TOPICS)[number];

export interface Webhook {
  readonly id: number;
  readonly topic: Topic;
  readonly url: string;
  readonly secret: string;
  readonly created: number;
  status: 'active' | 'paused' | 'disabled';
  /** In a row. */
  failures: number;
  /** What the ping was answered with; only 200 is right. */
  ping?: number | 'failed';
}

/** One try to deliver, or one that was lost on the way. */
export interface Delivery {
  readonly webhook: number;
  readonly topic: Topic;
  /** Of the order or the product. */
  readonly resource: number;
  readonly deliveryId: string;
  readonly result: number | 'failed' | 'lost';
}

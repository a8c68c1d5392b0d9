import type { ShopTools } from '@samlast/channel-kit';
import { z } from 'zod';
import type { ShopifyConfig } from './config.ts';
import { refuse, type ShopifyAdmin, UserErrors } from './shopify-admin.ts';

const LOOK_EVERY_MS = 10 * 60_000;

/**
 * What makes the channel read sooner. Not products/update: Shopify sends it with every change of stock, each sale
 * among them, and each would make all articles be read.
 */
const TOPICS = ['ORDERS_CREATE', 'ORDERS_UPDATED', 'ORDERS_CANCELLED'];
const RETURN_TOPICS = ['RETURNS_APPROVE', 'RETURNS_CANCEL'];

/** Registers the channel's webhooks, and again when Shopify has removed them after eight failures in a row. */
export class Subscriptions {
  private lookAtMs = 0;

  constructor(
    private readonly admin: ShopifyAdmin,
    private readonly config: Pick<ShopifyConfig, 'SHOPIFY_WEBHOOK_URL' | 'SHOPIFY_RETURNS'>,
    private readonly log: ShopTools['log'],
  ) {}

  /** Looks now and then. What fails is told and tried again: without webhooks the channel polls. */
  async keep(): Promise<void> {
    const { SHOPIFY_WEBHOOK_URL: url } = this.config;
    if (!url || performance.now() < this.lookAtMs) return;
    this.lookAtMs = performance.now() + LOOK_EVERY_MS;
    try {
      await this.register(`${url.replace(/\/+$/, '')}/webhooks/shopify`);
    } catch (error) {
      this.log.warn('webhooks could not be registered in the shop', { error });
    }
  }

  private async register(uri: string): Promise<void> {
    const Answer = z.object({
      webhookSubscriptions: z.object({ nodes: z.array(z.object({ topic: z.string(), uri: z.string() })) }),
    });
    const { webhookSubscriptions } = await this.admin.graphql.ask(
      Answer,
      '{ webhookSubscriptions(first: 200) { nodes { topic uri } } }',
    );
    const has = new Set(
      webhookSubscriptions.nodes.filter((one) => one.uri === uri).map(({ topic }) => topic),
    );
    const wanted = [...TOPICS, ...(this.config.SHOPIFY_RETURNS ? RETURN_TOPICS : [])];
    for (const topic of wanted.filter((one) => !has.has(one))) {
      const { webhookSubscriptionCreate } = await this.admin.graphql.ask(
        z.object({ webhookSubscriptionCreate: z.object({ userErrors: UserErrors }) }),
        `mutation($topic: WebhookSubscriptionTopic!, $uri: String!) {
          webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri, format: JSON }) {
            userErrors { message }
          }
        }`,
        { topic, uri },
      );
      refuse(`send ${topic}`, webhookSubscriptionCreate.userErrors);
      this.log.info('a webhook was registered in the shop', { kind: topic });
    }
  }
}

import { gid, ShopRefusal } from '../shop/world.ts';
import { answering, type Context, need } from './context.ts';
import { numberOf } from './refusals.ts';

interface CreateArguments {
  readonly topic: string;
  readonly webhookSubscription: { uri?: string | null; format?: string | null };
}

/** Which access a topic asks for. */
function scopesOf(topic: string): string[] {
  if (topic.startsWith('ORDERS_') || topic.startsWith('REFUNDS_')) return ['read_orders'];
  if (topic.startsWith('RETURNS_')) return ['read_returns'];
  if (topic.startsWith('PRODUCTS_')) return ['read_products'];
  return topic.startsWith('INVENTORY_') ? ['read_inventory'] : [];
}

export const webhookMutations = {
  webhookSubscriptionCreate({ topic, webhookSubscription: input }: CreateArguments, context: Context) {
    const scopes = scopesOf(topic);
    if (scopes.length > 0) need(context, ...scopes);
    return answering(
      () => {
        const { world, views } = context;
        const uri = input.uri ?? '';
        const isOwn = /^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(uri);
        // The real one takes HTTPS alone; this one takes the machine that it runs on, too.
        if (!URL.canParse(uri) || !(uri.startsWith('https://') || isOwn))
          throw new ShopRefusal('Address protocol http:// is not supported', 'INVALID', [
            'webhookSubscription',
            'uri',
          ]);
        const name = topicOf(topic);
        if ([...world.subscriptions.values()].some((one) => one.topic === name && one.uri === uri))
          throw new ShopRefusal('Address for this topic has already been taken', 'INVALID', [
            'webhookSubscription',
            'uri',
          ]);
        const id = world.id();
        const made = { id, topic: name, uri, createdAt: world.now(), failures: 0 };
        world.subscriptions.set(id, made);
        return { webhookSubscription: views.subscription(made) };
      },
      { codes: false },
    );
  },

  webhookSubscriptionDelete({ id }: { id: string }, { world }: Context) {
    return answering(
      () => {
        const number = numberOf(id, 'WebhookSubscription');
        if (!world.subscriptions.delete(number))
          throw new ShopRefusal('Webhook subscription does not exist', 'NOT_FOUND', ['id']);
        return { deletedWebhookSubscriptionId: gid('WebhookSubscription', number) };
      },
      { codes: false },
    );
  },
};

/** ORDERS_CREATE in the API is orders/create in a webhook's header. */
function topicOf(name: string): string {
  const known = ['ORDERS', 'REFUNDS', 'RETURNS', 'PRODUCTS', 'INVENTORY_LEVELS', 'APP'];
  const group = known.find((one) => name.startsWith(`${one}_`)) ?? '';
  return `${group}/${name.slice(group.length + 1)}`.toLowerCase();
}

import { Faults } from './faults.ts';
import { calm, type Knobs, type KnobSettings } from './knobs.ts';
import { renderOrder, renderProduct } from './rest/render.ts';
import { Checkout } from './selling/checkout.ts';
import type { Order } from './selling/order.ts';
import { Orders } from './selling/orders.ts';
import { type Product, Products } from './selling/products.ts';
import { SiteClock } from './site-clock.ts';
import type { Topic } from './webhooks/webhook.ts';
import { Webhooks } from './webhooks/webhooks.ts';

export interface ApiKey {
  readonly key: string;
  readonly secret: string;
  readonly permissions: 'read' | 'write' | 'read_write';
}

export interface WooShopOptions {
  readonly keys?: readonly ApiKey[];
  /** The site's zone, in which half of its times are. */
  readonly zone?: string;
  /** "Hold stock (minutes)". */
  readonly holdMinutes?: number;
  /** The plugin of plugins/woocommerce is installed. */
  readonly stockEndpoint?: boolean;
  /** The extension Shipment Tracking is installed. */
  readonly trackingExtension?: boolean;
  readonly knobs?: KnobSettings;
}

export const DEFAULT_KEY: ApiKey = { key: 'ck_fake', secret: 'cs_fake', permissions: 'read_write' };

/** The shop itself, without HTTP. */
export class WooShop {
  readonly keys: readonly ApiKey[];
  readonly clock: SiteClock;
  readonly hasStockEndpoint: boolean;
  readonly hasTrackingExtension: boolean;
  readonly knobs: Knobs = calm();
  readonly faults = new Faults(this.knobs);
  readonly products: Products;
  readonly orders: Orders;
  readonly checkout: Checkout;
  readonly webhooks: Webhooks;
  /** Its own address, once it has one. */
  home = 'http://127.0.0.1/';
  private lastId = 100;

  constructor(options: WooShopOptions = {}) {
    this.keys = options.keys ?? [DEFAULT_KEY];
    this.clock = new SiteClock(options.zone ?? 'America/New_York');
    this.hasStockEndpoint = options.stockEndpoint ?? false;
    this.hasTrackingExtension = options.trackingExtension ?? false;
    this.turn(options.knobs ?? {});
    const nextId = () => ++this.lastId;
    const payload = (topic: Topic, id: number) => this.payload(topic, id);
    this.webhooks = new Webhooks({ nextId, knobs: this.knobs, source: () => this.home, payload });
    this.products = new Products(nextId, (product, event) => {
      this.webhooks.announce(`product.${event}`, product.id);
    });
    this.orders = new Orders({
      nextId,
      products: this.products,
      render: (order) => this.renderOrder(order),
      onSaved: (order, event) => this.webhooks.announce(`order.${event}`, order.id),
      listDelayMs: () => Math.random() * this.knobs.listDelayMs,
    });
    this.checkout = new Checkout(this.orders, this.products, nextId, options.holdMinutes ?? 60);
  }

  turn(settings: KnobSettings): void {
    for (const [name, value] of Object.entries(settings))
      if (value !== undefined) this.knobs[name as keyof Knobs] = value;
  }

  renderOrder(order: Order): object {
    return renderOrder(this.clock, order, (line) => this.orders.productOf(line));
  }

  renderProduct(product: Product): object {
    const variations = this.products.list().filter(({ parentId }) => parentId === product.id);
    return renderProduct(
      this.clock,
      product,
      variations.map(({ id }) => id),
    );
  }

  private payload(topic: Topic, id: number): object | undefined {
    if (topic === 'order.deleted') return { id };
    const order = topic.startsWith('order.') && this.orders.find(id);
    if (order) return this.renderOrder(order);
    const product = topic.startsWith('product.') && this.products.find(id);
    return product ? this.renderProduct(product) : undefined;
  }
}

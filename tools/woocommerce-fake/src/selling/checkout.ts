import { type Address, emptyAddress, type Order } from './order.ts';
import type { Orders } from './orders.ts';
import type { Product, Products } from './products.ts';

/** `card` is paid at once, `bank` waits for a transfer, `later` is a buyer who stands at the payment. */
export type Payment = 'card' | 'bank' | 'later';

export interface Cart {
  readonly lines: readonly { sku: string; quantity: number }[];
  readonly payment?: Payment;
  readonly number?: string;
  readonly currency?: string;
  readonly customerNote?: string;
  readonly shipping?: Partial<Address>;
  readonly billing?: Partial<Address>;
}

const buyer = (): Address => ({
  ...emptyAddress(),
  first_name: 'Kim',
  last_name: 'Buyer',
  address_1: 'Storgatan 1',
  city: 'Malmö',
  postcode: '21142',
  country: 'SE',
});

/** The shop sells by itself, by its own number and what other checkouts hold. */
export class Checkout {
  constructor(
    private readonly orders: Orders,
    private readonly products: Products,
    private readonly nextId: () => number,
    private readonly holdMinutes: number,
  ) {}

  /** Undefined where the shop refuses the sale. */
  buy(cart: Cart): Order | undefined {
    const wanted = cart.lines.map(({ sku, quantity }) => ({ product: this.onSale(sku), quantity }));
    if (!this.isThere(wanted)) return undefined;
    const order = this.orderOf(cart, wanted);
    this.orders.insert(order);
    if (cart.payment === 'bank') this.orders.setStatus(order, 'on-hold');
    else if (cart.payment !== 'later') this.orders.setStatus(order, 'processing');
    return order;
  }

  /** The payment of one that waited for it. It asks for no stock again. */
  pay(order: Order): void {
    this.orders.setStatus(order, 'processing');
  }

  private onSale(sku: string): Product | undefined {
    return this.products.bySku(sku).find(({ status }) => status === 'publish');
  }

  private isThere(wanted: readonly { product: Product | undefined; quantity: number }[]): boolean {
    const sums = new Map<Product, number>();
    for (const { product, quantity } of wanted) {
      if (!product) return false;
      sums.set(product, (sums.get(product) ?? 0) + quantity);
    }
    return [...sums].every(([product, pieces]) => {
      return !product.manageStock || (product.stock ?? 0) - this.orders.held(product.id) >= pieces;
    });
  }

  private orderOf(cart: Cart, wanted: readonly { product: Product | undefined; quantity: number }[]): Order {
    const now = Date.now();
    const id = this.nextId();
    return {
      id,
      number: cart.number ?? String(id),
      status: 'pending',
      createdVia: 'checkout',
      currency: cart.currency ?? 'SEK',
      created: now,
      modified: now,
      customerNote: cart.customerNote ?? '',
      billing: { ...buyer(), email: 'kim@buyer.example', ...cart.billing },
      shipping: { ...buyer(), ...cart.shipping },
      stockReduced: false,
      heldUntil: now + this.holdMinutes * 60_000,
      meta: [],
      lines: wanted.flatMap(({ product, quantity }) =>
        product
          ? [
              {
                id: this.nextId(),
                productId: product.parentId || product.id,
                variationId: product.parentId ? product.id : 0,
                name: product.name,
                quantity,
                price: product.price,
                reduced: 0,
                meta: [],
              },
            ]
          : [],
      ),
      shippingLines: [
        {
          id: this.nextId(),
          method_id: 'flat_rate',
          instance_id: '3',
          method_title: 'Parcel',
          total: '49.00',
        },
      ],
      feeLines: [],
      refunds: [],
      notes: [],
      trackings: [],
      versions: [],
    };
  }
}

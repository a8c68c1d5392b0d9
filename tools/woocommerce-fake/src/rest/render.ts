import type { LineItem, Note, Order, Refund } from '../selling/order.ts';
import type { Product } from '../selling/products.ts';
import type { SiteClock } from '../site-clock.ts';

export const money = (amount: number) => amount.toFixed(2);

/** Both writings of a time, under their two names. */
function time(clock: SiteClock, name: string, at: number | undefined): object {
  return {
    [name]: at === undefined ? null : clock.local(at),
    [`${name}_gmt`]: at === undefined ? null : clock.gmt(at),
  };
}

export function renderOrder(
  clock: SiteClock,
  order: Order,
  productOf: (line: LineItem) => Product | undefined,
) {
  const goods = order.lines.reduce((sum, line) => sum + Number(line.price) * line.quantity, 0);
  const shipping = order.shippingLines.reduce((sum, line) => sum + Number(line.total), 0);
  const fees = order.feeLines.reduce((sum, line) => sum + Number(line.total), 0);
  return {
    id: order.id,
    parent_id: 0,
    status: order.status,
    currency: order.currency,
    version: '10.3.0',
    prices_include_tax: false,
    ...time(clock, 'date_created', order.created),
    ...time(clock, 'date_modified', order.modified),
    discount_total: '0.00',
    shipping_total: money(shipping),
    total: money(goods + shipping + fees),
    total_tax: '0.00',
    customer_id: 0,
    order_key: `wc_order_${order.id}`,
    billing: order.billing,
    shipping: order.shipping,
    payment_method: 'cod',
    payment_method_title: 'Cash on delivery',
    transaction_id: '',
    created_via: order.createdVia,
    customer_note: order.customerNote,
    ...time(clock, 'date_completed', order.completed),
    ...time(clock, 'date_paid', order.paid),
    number: order.number,
    meta_data: order.meta.map((meta) => ({ ...meta })),
    line_items: order.lines.map((line) => renderLine(line, line.quantity, productOf(line))),
    tax_lines: [],
    shipping_lines: order.shippingLines.map((line) => ({
      ...line,
      total_tax: '0.00',
      taxes: [],
      meta_data: [],
    })),
    fee_lines: order.feeLines.map((line) => ({ ...line, total_tax: '0.00', taxes: [], meta_data: [] })),
    coupon_lines: [],
    refunds: order.refunds.map(({ id, reason, amount }) => ({ id, reason, total: money(-amount) })),
  };
}

/** The SKU is the product's of now, and null once there is no such product. */
function renderLine(line: LineItem, quantity: number, product: Product | undefined) {
  const total = money(Number(line.price) * quantity);
  return {
    id: line.id,
    name: line.name,
    product_id: line.productId,
    variation_id: line.variationId,
    quantity,
    tax_class: '',
    subtotal: total,
    subtotal_tax: '0.00',
    total,
    total_tax: '0.00',
    taxes: [],
    meta_data: line.meta,
    sku: product ? product.sku : null,
    price: Number(line.price),
  };
}

export function renderRefund(
  clock: SiteClock,
  refund: Refund,
  productOf: (line: LineItem) => Product | undefined,
) {
  return {
    id: refund.id,
    ...time(clock, 'date_created', refund.at),
    amount: money(refund.amount),
    reason: refund.reason,
    refunded_by: 1,
    refunded_payment: false,
    meta_data: [],
    line_items: refund.lines.map(({ id, of, quantity }) => ({
      ...renderLine(of, -quantity, productOf(of)),
      id,
      meta_data: [{ id: id + 1_000_000, key: '_refunded_item_id', value: String(of.id) }],
    })),
  };
}

export function renderNote(clock: SiteClock, note: Note) {
  return {
    id: note.id,
    author: note.author,
    ...time(clock, 'date_created', note.at),
    note: note.text,
    customer_note: note.toCustomer,
  };
}

export function renderProduct(clock: SiteClock, product: Product, variations: readonly number[]) {
  return {
    id: product.id,
    name: product.name,
    ...time(clock, 'date_created', product.created),
    ...time(clock, 'date_modified', product.modified),
    type: product.type,
    status: product.status,
    sku: product.sku,
    global_unique_id: product.uniqueId,
    price: product.price,
    regular_price: product.price,
    virtual: product.virtual,
    downloadable: false,
    manage_stock: product.manageStock,
    stock_quantity: product.manageStock ? product.stock : null,
    backorders: 'no',
    stock_status: !product.manageStock || (product.stock ?? 0) > 0 ? 'instock' : 'outofstock',
    weight: '',
    parent_id: product.parentId,
    variations,
    meta_data: [],
  };
}

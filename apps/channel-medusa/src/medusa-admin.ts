import { type Shipment, ShopHttp, ShopRefused, ShopUnavailable } from '@samlast/channel-kit';
import { z } from 'zod';
import { ORDER_FIELDS } from './medusa-orders.ts';
import { RETURN_FIELDS } from './medusa-returns.ts';

const VARIANTS_AT_ONCE = 100;
/** Each is some fifty bytes of an address, of which Node takes 16 KB. */
const LINES_AT_ONCE = 100;
const NOT_FOUND = 404;
const BEING_CHANGED = /existing active order change/i;

const Orders = z.object({ orders: z.array(z.unknown()) });
const Returns = z.object({ returns: z.array(z.unknown()) });
const Level = z.object({
  location_id: z.string(),
  stocked_quantity: z.number(),
  reserved_quantity: z.number(),
});
const InventoryItems = z.object({
  inventory_items: z.array(
    z.object({ id: z.string(), sku: z.string().nullish(), location_levels: z.array(Level) }),
  ),
});
const Fulfillments = z.object({
  order: z.object({
    status: z.string(),
    fulfillments: z
      .array(
        z.object({
          id: z.string(),
          canceled_at: z.string().nullish(),
          shipped_at: z.string().nullish(),
          metadata: z.record(z.string(), z.unknown()).nullish(),
        }),
      )
      .nullish(),
  }),
});
const Variants = z.object({
  variants: z.array(
    z.object({
      id: z.string(),
      title: z.string().nullish(),
      sku: z.string().nullish(),
      barcode: z.string().nullish(),
      ean: z.string().nullish(),
      upc: z.string().nullish(),
      manage_inventory: z.boolean().nullish(),
      product: z.object({ title: z.string().nullish(), status: z.string().nullish() }).nullish(),
    }),
  ),
});
const Reservations = z.object({ reservations: z.array(z.object({ line_item_id: z.string().nullish() })) });

/** A parcel's mark in a fulfilment's metadata, by which it is found again after a lost answer. */
const PARCEL = 'samlast_parcel';
const CARRIER = 'samlast_carrier';

/** The calls of Medusa's admin interface that a channel needs, with their answers parsed. */
export class MedusaAdmin {
  private readonly http: ShopHttp;

  constructor(url: string, apiKey: string) {
    // A secret key is the user name of Basic authentication, with an empty password.
    const authorization = `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`;
    this.http = new ShopHttp({ url, headers: () => ({ authorization }) });
  }

  /** Ids and names of its stock locations. */
  async stockLocations(): Promise<{ id: string; name: string }[]> {
    const Location = z.object({ id: z.string(), name: z.string() });
    const answer = await this.get(z.object({ stock_locations: z.array(Location) }), 'admin/stock-locations', {
      fields: 'id,name',
      limit: '1000',
    });
    return answer.stock_locations;
  }

  /** The shop's own id, which no other Medusa has. */
  async storeId(): Promise<string> {
    const { stores } = await this.get(
      z.object({ stores: z.array(z.object({ id: z.string() })).min(1) }),
      'admin/stores',
      {
        fields: 'id',
      },
    );
    return stores[0]?.id ?? '';
  }

  /**
   * Orders changed at or after a time, by time of change; each as it came, since one broken must not hide the others.
   */
  async changedOrders(since: string, limit: number): Promise<unknown[]> {
    return (await this.changed(Orders, 'admin/orders', since, limit, ORDER_FIELDS)).orders;
  }

  async order(id: string): Promise<unknown> {
    // From the list, since the order's own address leaves the quantities of lines out with these fields (2.21.2).
    const { orders } = await this.get(Orders, 'admin/orders', { id, limit: 1, fields: ORDER_FIELDS });
    return orders[0];
  }

  /** Returns changed at or after a time, by time of change; each as it came. */
  async changedReturns(since: string, limit: number): Promise<unknown[]> {
    return (await this.changed(Returns, 'admin/returns', since, limit, RETURN_FIELDS)).returns;
  }

  async orderOfReturn(id: string): Promise<string> {
    const Answer = z.object({ return: z.object({ order_id: z.string() }) });
    const path = `admin/returns/${encodeURIComponent(id)}`;
    return (await this.get(Answer, path, { fields: 'id,order_id' })).return.order_id;
  }

  /** Which of these lines have pieces reserved; so many at a time as an address holds. */
  async reservedLines(lines: readonly string[]): Promise<Set<string>> {
    const reserved = new Set<string>();
    for (let from = 0; from < lines.length; from += LINES_AT_ONCE) {
      const query = new URLSearchParams({ limit: '1000', fields: 'id,line_item_id' });
      for (const line of lines.slice(from, from + LINES_AT_ONCE)) query.append('line_item_id[]', line);
      const { reservations } = await this.get(Reservations, `admin/reservations?${query}`);
      for (const { line_item_id: line } of reservations) if (line) reserved.add(line);
    }
    return reserved;
  }

  /** Numbers at one location, by article number; articles that are not kept there are left out. */
  async levels(location: string, articles: readonly string[]) {
    const query = new URLSearchParams({
      limit: String(articles.length * 2),
      fields: 'id,sku,*location_levels',
    });
    for (const article of articles) query.append('sku[]', article);
    const { inventory_items: items } = await this.get(InventoryItems, `admin/inventory-items?${query}`);
    return items.flatMap(({ id, sku, location_levels: levels }) => {
      const level = levels.find((candidate) => candidate.location_id === location);
      return sku && level
        ? [{ id, sku, stocked: level.stocked_quantity, reserved: level.reserved_quantity }]
        : [];
    });
  }

  /** Sets several numbers at once. Its answer holds the numbers before, so it says nothing that could be used. */
  async setLevels(location: string, levels: readonly { id: string; stocked: number }[]): Promise<void> {
    await this.post('admin/inventory-items/location-levels/batch', {
      update: levels.map(({ id, stocked }) => ({
        inventory_item_id: id,
        location_id: location,
        stocked_quantity: stocked,
      })),
    });
  }

  async fulfilments(orderId: string) {
    const { order } = await this.get(Fulfillments, `admin/orders/${encodeURIComponent(orderId)}`, {
      fields: 'id,status,*fulfillments',
    });
    return {
      cancelled: order.status === 'canceled',
      parcels: (order.fulfillments ?? [])
        .filter((fulfilment) => !fulfilment.canceled_at)
        .map(({ id, shipped_at, metadata }) => ({
          id,
          shipped: Boolean(shipped_at),
          parcel: metadata?.[PARCEL],
        })),
    };
  }

  /** Takes the pieces off stock and reservation. */
  async pack(
    orderId: string,
    location: string,
    items: { id: string; quantity: number }[],
    { parcel, carrier }: Shipment,
  ): Promise<void> {
    await this.post(`admin/orders/${encodeURIComponent(orderId)}/fulfillments`, {
      location_id: location,
      items,
      // It has no member of its own for who carries it.
      metadata: { [PARCEL]: parcel, ...(carrier && { [CARRIER]: carrier }) },
    });
  }

  /** Tells the buyer; all three members of a label are required, two of them may be empty. */
  async ship(
    orderId: string,
    fulfilmentId: string,
    items: { id: string; quantity: number }[],
    tracking: { number?: string; url?: string },
  ): Promise<void> {
    const { number, url = '' } = tracking;
    const labels = number ? [{ tracking_number: number, tracking_url: url, label_url: '' }] : [];
    const path = `admin/orders/${encodeURIComponent(orderId)}/fulfillments/${encodeURIComponent(fulfilmentId)}/shipments`;
    await this.post(path, { items, labels });
  }

  async cancel(orderId: string): Promise<void> {
    await this.post(`admin/orders/${encodeURIComponent(orderId)}/cancel`, {});
  }

  async remark(orderId: string, metadata: Record<string, string>): Promise<void> {
    await this.post(`admin/orders/${encodeURIComponent(orderId)}`, { metadata });
  }

  /** At any order, a cancelled one too, by the plugin in the shop; one without the plugin has no such address. */
  async remarkByPlugin(orderId: string, remarks: Record<string, string>): Promise<void> {
    try {
      await this.post(`admin/samlast/orders/${encodeURIComponent(orderId)}/remarks`, { remarks });
    } catch (error) {
      if (!(error instanceof ShopRefused) || error.status !== NOT_FOUND) throw error;
    }
  }

  /** Variants in the order of their ids. The interface takes no `id[$gt]` here, only how many are to be left out. */
  async variantsFrom(offset: number) {
    const { variants } = await this.get(Variants, 'admin/product-variants', {
      offset,
      order: 'id',
      limit: VARIANTS_AT_ONCE,
      fields: 'id,title,sku,barcode,ean,upc,manage_inventory,product.title,product.status',
    });
    return variants;
  }

  private changed<Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    since: string,
    limit: number,
    fields: string,
  ) {
    return this.get(schema, path, { 'updated_at[$gte]': since, order: 'updated_at', limit, fields });
  }

  private async get<Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    query?: Record<string, string | number | undefined>,
  ): Promise<z.output<Schema>> {
    const { body } = await this.http.request({ path, query });
    return parsed(schema, body, path);
  }

  /**
   * While staff puts a return or an edit together, Medusa refuses to ship what belongs to the order (seen on 2.21.2:
   * 400). That ends when they confirm it or give it up.
   */
  private async post(path: string, body: unknown): Promise<void> {
    try {
      await this.http.request({ method: 'POST', path, body });
    } catch (error) {
      if (!(error instanceof ShopRefused) || !BEING_CHANGED.test(error.inFull)) throw error;
      const { status } = error;
      throw new ShopUnavailable(
        'The order is being changed in Medusa (a return or an edit): confirm it there, or give it up.',
        { status },
      );
    }
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown, path: string): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ShopUnavailable(
    `Medusa's answer to GET ${path.split('?')[0]} has ${issue?.path.join('.')} that ${issue?.message}: ` +
      'is it version 2, and MEDUSA_URL its backend?',
  );
}

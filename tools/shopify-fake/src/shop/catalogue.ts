import type { Quantities, Variant } from './model.ts';
import { gid, ShopRefusal, type World } from './world.ts';

export interface NewVariant {
  readonly sku: string;
  readonly available?: number;
  readonly barcode?: string;
  readonly title?: string;
  readonly price?: string;
  readonly tracked?: boolean;
  readonly requiresShipping?: boolean;
  readonly inventoryPolicy?: Variant['inventoryPolicy'];
}

/** A new product of one variant, stocked at the first location. */
export function addVariant(world: World, { sku, available = 0, ...rest }: NewVariant): Variant {
  const [location] = world.locations;
  const level: Quantities = {
    available,
    committed: 0,
    reserved: 0,
    damaged: 0,
    safety_stock: 0,
    quality_control: 0,
  };
  const variant: Variant = {
    id: world.id(),
    productId: world.id(),
    inventoryItemId: world.id(),
    sku,
    barcode: rest.barcode ?? '',
    title: 'Default Title',
    productTitle: rest.title ?? `Article ${sku}`,
    price: rest.price ?? '20.00',
    active: true,
    tracked: rest.tracked ?? true,
    requiresShipping: rest.requiresShipping ?? true,
    inventoryPolicy: rest.inventoryPolicy ?? 'DENY',
    levels: new Map(location ? [[location.id, level]] : []),
  };
  world.variants.push(variant);
  return variant;
}

const QUANTITY_MOST = 1_000_000_000;

/** The reasons for a change of quantities that Shopify lists. */
const REASONS = new Set([
  'correction',
  'cycle_count_available',
  'damaged',
  'movement_canceled',
  'movement_created',
  'movement_received',
  'movement_updated',
  'other',
  'promotion',
  'quality_control',
  'received',
  'reservation_created',
  'reservation_deleted',
  'reservation_updated',
  'restock',
  'safety_stock',
  'shrinkage',
]);

export interface SetQuantity {
  readonly item: number;
  readonly location: number;
  readonly quantity: number;
  /** Null asks for no comparison. */
  readonly changeFromQuantity: number | null;
}

export interface QuantityChange {
  readonly variant: Variant;
  readonly location: number;
  readonly delta: number;
  readonly after: number;
}

export const onHandOf = (level: Quantities): number =>
  Object.values(level as unknown as Record<string, number>).reduce((sum, quantity) => sum + quantity, 0);

/** Sets all of them or, where one is refused, none. */
export function setQuantities(
  world: World,
  input: { name: string; reason: string; referenceDocumentUri?: string | null; quantities: SetQuantity[] },
): QuantityChange[] {
  const { name, reason, referenceDocumentUri: uri, quantities } = input;
  if (name !== 'available' && name !== 'on_hand') {
    const text = "The quantity name must be either 'available' or 'on_hand'.";
    throw new ShopRefusal(text, 'INVALID_NAME', ['input', 'name']);
  }
  if (!REASONS.has(reason))
    throw new ShopRefusal('The specified reason is invalid.', 'INVALID_REASON', ['input', 'reason']);
  if (uri && !URL.canParse(uri)) {
    const text = 'The specified reference document is invalid.';
    throw new ShopRefusal(text, 'INVALID_REFERENCE_DOCUMENT', ['input', 'referenceDocumentUri']);
  }
  const pairs = new Set(quantities.map(({ item, location }) => `${item} ${location}`));
  if (pairs.size < quantities.length) {
    const text = 'The combination of inventoryItemId and locationId must be unique.';
    throw new ShopRefusal(text, 'NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR', ['input', 'quantities']);
  }
  const found = quantities.map((wish, index) => checked(world, name, wish, index));
  return found.map(({ variant, level, wish }) => {
    const before = name === 'available' ? level.available : onHandOf(level);
    level.available += wish.quantity - before;
    tellOfLevel(world, variant, wish.location, level);
    return { variant, location: wish.location, delta: wish.quantity - before, after: wish.quantity };
  });
}

function checked(world: World, name: string, wish: SetQuantity, index: number) {
  const at = (member: string) => ['input', 'quantities', String(index), member];
  const variant = world.variants.find((one) => one.inventoryItemId === wish.item);
  if (!variant) {
    const text = 'The specified inventory item could not be found.';
    throw new ShopRefusal(text, 'INVALID_INVENTORY_ITEM', at('inventoryItemId'));
  }
  if (!world.locations.some(({ id }) => id === wish.location))
    throw new ShopRefusal('The specified location could not be found.', 'INVALID_LOCATION', at('locationId'));
  const level = variant.levels.get(wish.location);
  if (!level) {
    const text = 'The specified inventory item is not stocked at the location.';
    throw new ShopRefusal(text, 'ITEM_NOT_STOCKED_AT_LOCATION', at('locationId'));
  }
  if (wish.quantity < 0)
    throw new ShopRefusal("The quantity can't be negative.", 'INVALID_QUANTITY_NEGATIVE', at('quantity'));
  if (wish.quantity > QUANTITY_MOST) {
    const text = "The total quantity can't be higher than 1,000,000,000.";
    throw new ShopRefusal(text, 'INVALID_QUANTITY_TOO_HIGH', at('quantity'));
  }
  const persisted = name === 'available' ? level.available : onHandOf(level);
  if (wish.changeFromQuantity !== null && wish.changeFromQuantity !== persisted) {
    const text = 'The changeFromQuantity value does not match persisted value.';
    throw new ShopRefusal(text, 'CHANGE_FROM_QUANTITY_STALE', at('changeFromQuantity'));
  }
  return { variant, level, wish };
}

export function tellOfLevel(world: World, variant: Variant, location: number, level: Quantities): void {
  world.tell('inventory_levels/update', {
    inventory_item_id: variant.inventoryItemId,
    location_id: location,
    available: level.available,
    admin_graphql_api_id: gid('InventoryLevel', variant.inventoryItemId),
  });
}

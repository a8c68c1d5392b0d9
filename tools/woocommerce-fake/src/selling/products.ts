export type ProductType = 'simple' | 'variable' | 'variation' | 'grouped' | 'external';

export interface Product {
  readonly id: number;
  /** 0 but for a variation. */
  readonly parentId: number;
  readonly type: ProductType;
  status: 'publish' | 'draft' | 'pending' | 'private' | 'trash';
  name: string;
  sku: string;
  price: string;
  virtual: boolean;
  manageStock: boolean;
  /** Net of orders that took theirs, and not of what checkouts hold; null where no stock is managed. */
  stock: number | null;
  /** GTIN, UPC, EAN or ISBN. */
  uniqueId: string;
  readonly created: number;
  modified: number;
}

export interface NewProduct {
  readonly sku?: string;
  readonly name?: string;
  readonly stock?: number | null;
  readonly price?: string;
  readonly type?: ProductType;
  readonly parentId?: number;
  readonly virtual?: boolean;
  readonly status?: Product['status'];
  readonly uniqueId?: string;
}

/** The catalogue and its stock. */
export class Products {
  private readonly all = new Map<number, Product>();

  constructor(
    private readonly nextId: () => number,
    private readonly onSaved: (product: Product, event: 'created' | 'updated') => void,
  ) {}

  add(given: NewProduct): Product {
    const { stock = 0, parentId = 0 } = given;
    const now = Date.now();
    const product: Product = {
      id: this.nextId(),
      parentId,
      type: given.type ?? (parentId ? 'variation' : 'simple'),
      status: given.status ?? 'publish',
      name: given.name ?? `Product ${given.sku ?? ''}`.trim(),
      sku: given.sku ?? '',
      price: given.price ?? '20.00',
      virtual: given.virtual ?? false,
      manageStock: stock !== null,
      stock,
      uniqueId: given.uniqueId ?? '',
      created: now,
      modified: now,
    };
    this.all.set(product.id, product);
    this.onSaved(product, 'created');
    return product;
  }

  find(id: number): Product | undefined {
    return this.all.get(id);
  }

  /** In the order of their ids, without the trash. */
  list(): Product[] {
    return [...this.all.values()].filter(({ status }) => status !== 'trash');
  }

  bySku(sku: string): Product[] {
    return this.list().filter((product) => product.sku === sku);
  }

  /** What a person or an integration saves of a product. */
  save(product: Product, change: Partial<Omit<Product, 'id' | 'parentId' | 'type' | 'created'>> = {}): void {
    Object.assign(product, change);
    product.modified = Date.now();
    this.onSaved(product, 'updated');
  }

  /** One statement in the database: nothing comes between reading and writing, and below 0 is possible. */
  addStock(product: Product, pieces: number): { from: number; to: number } | undefined {
    if (!product.manageStock) return undefined;
    const from = product.stock ?? 0;
    this.save(product, { stock: from + pieces });
    return { from, to: from + pieces };
  }
}

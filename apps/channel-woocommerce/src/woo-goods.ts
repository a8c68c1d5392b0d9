import type { ShopArticle } from '@samlast/channel-kit';
import { fitText } from '@samlast/contracts';
import type { WooApi, WooProduct } from './woo-api.ts';

const PAGE = 100;
/** How long it is believed that a product is one that is picked, or is none. */
const BELIEVED_MS = 10 * 60_000;

interface Ordered {
  readonly product_id: number;
  readonly variation_id: number;
}

/** What the shop sells: an order does not say of its lines which of them somebody has to pick. */
export class WooGoods {
  private readonly virtual = new Map<number, { isVirtual: boolean; untilMs: number }>();

  constructor(private readonly api: WooApi) {}

  /** Of these lines' products and variations, those that are virtual: services, vouchers, downloads. */
  async servicesAmong(lines: readonly Ordered[]): Promise<Set<number>> {
    const unknown = new Map<number, Set<number>>();
    for (const { product_id: product, variation_id: variation } of lines) {
      if (this.isKnown(variation || product)) continue;
      const parent = variation ? product : 0;
      unknown.set(parent, (unknown.get(parent) ?? new Set()).add(variation || product));
    }
    for (const [parent, ids] of unknown)
      await this.learn(
        parent,
        [...ids].filter((id) => id > 0),
      );
    const ids = lines.map(({ product_id: product, variation_id: variation }) => variation || product);
    return new Set(ids.filter((id) => this.virtual.get(id)?.isVirtual));
  }

  /** Everything with a SKU, page by page. One that is deleted meanwhile lets another slip through until next time. */
  async *articles(): AsyncIterable<ShopArticle[]> {
    for (let page = 1; ; page++) {
      const products = await this.api.products(page);
      this.remember(products);
      const articles: ShopArticle[] = [];
      for (const product of products) {
        if (isSoldItself(product)) articles.push(...toArticle(product));
        if (product.type === 'variable') articles.push(...(await this.variationsOf(product)));
      }
      yield articles;
      if (products.length < PAGE) return;
    }
  }

  private async variationsOf(product: WooProduct): Promise<ShopArticle[]> {
    const articles: ShopArticle[] = [];
    for (let page = 1; ; page++) {
      const variations = await this.api.products(page, { parent: product.id });
      this.remember(variations);
      articles.push(...variations.flatMap((variation) => toArticle(variation, product)));
      if (variations.length < PAGE) return articles;
    }
  }

  private async learn(parent: number, ids: readonly number[]): Promise<void> {
    for (let from = 0; from < ids.length; from += PAGE) {
      const include = ids.slice(from, from + PAGE);
      this.remember(await this.api.products(1, { parent, include }));
      // One that is deleted was as good as any other.
      for (const id of include) if (!this.isKnown(id)) this.keep(id, false);
    }
  }

  private remember(products: readonly WooProduct[]): void {
    for (const { id, virtual } of products) this.keep(id, virtual === true);
  }

  private keep(id: number, isVirtual: boolean): void {
    this.virtual.set(id, { isVirtual, untilMs: performance.now() + BELIEVED_MS });
  }

  private isKnown(id: number): boolean {
    return (this.virtual.get(id)?.untilMs ?? 0) > performance.now();
  }
}

/** Groups and products of other shops have no stock; a product with variations has some only where it keeps theirs. */
function isSoldItself({ type, manage_stock: manages }: WooProduct): boolean {
  return type === 'variable' ? manages === true : type !== 'grouped' && type !== 'external';
}

function toArticle(product: WooProduct, parent?: WooProduct): ShopArticle[] {
  if (!product.sku) return [];
  const options = (product.attributes ?? []).map(({ option }) => option).filter(Boolean);
  const name = parent ? [parent.name, ...options].filter(Boolean).join(' ') : product.name;
  return [
    {
      id: String(product.id),
      listed: product.status === 'publish' && (parent === undefined || parent.status === 'publish'),
      article: {
        number: product.sku,
        ...(name && { name: fitText(name, 300) }),
        ...(product.global_unique_id && { barcode: product.global_unique_id }),
        stocked: product.virtual !== true,
      },
    },
  ];
}

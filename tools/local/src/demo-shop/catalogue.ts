/** What a demo system knows of an article. Only the ERP has barcodes, weights and full names. */
export interface DemoArticle {
  readonly number: string;
  readonly name: string;
  readonly price: string;
  readonly barcode?: string;
  readonly weightKg?: string;
  /** The system's own id; the first number when left out. */
  readonly id?: string;
  /** Whatever else it sends of the article. */
  readonly more?: Readonly<Record<string, unknown>>;
}

interface CatalogueEntry {
  readonly number: string;
  readonly erp: string;
  readonly se: string;
  readonly eu: string;
  readonly barcode: string;
  readonly weightKg: string;
  readonly price: string;
}

const entry = (number: string, erp: string, se: string, eu: string, rest: string): CatalogueEntry => {
  const [barcode = '', weightKg = '', price = ''] = rest.split(' ');
  return { number, erp, se, eu, barcode, weightKg, price };
};

const catalogue: readonly CatalogueEntry[] = [
  entry('MUG-BLUE', 'Mug, blue, 30 cl', 'Mugg, blå', 'Mug, blue', '7310001000019 0.35 129'),
  entry('MUG-WHITE', 'Mug, white, 30 cl', 'Mugg, vit', 'Mug, white', '7310001000026 0.35 129'),
  entry('SCARF-RED', 'Scarf, wool, red', 'Halsduk, röd', 'Scarf, red', '7310001000033 0.18 349'),
  entry('TOTE-BAG', 'Tote bag, canvas', 'Tygkasse', 'Tote bag', '7310001000040 0.12 99'),
  entry('CANDLE', 'Candle, 40 h', 'Doftljus', 'Scented candle', '7310001000057 0.28 189'),
  entry('NOTEBOOK', 'Notebook A5, lined', 'Anteckningsbok', 'Notebook', '7310001000064 0.21 79'),
];

/** The demo's articles as one system has them: the same numbers everywhere, the shops' own names for them. */
export function demoArticles(kind: 'shop' | 'erp', code: string): DemoArticle[] {
  return catalogue.map(({ number, erp, se, eu, barcode, weightKg, price }) =>
    kind === 'erp'
      ? { number, name: erp, price, barcode, weightKg }
      : { number, name: code === 'SE' ? se : eu, price },
  );
}

import type { Ground } from './ground.ts';
import type { Fields } from './model.ts';

interface CodeAndName {
  code: string;
  name: string | null;
}

const KINDS = ['orderTypes', 'wayOfDeliveryTypes', 'orderClasses', 'purchaseOrderTypes'] as const;
type RegisterKind = (typeof KINDS)[number];

export interface RegisterState {
  codes: Partial<Record<RegisterKind, CodeAndName[]>>;
  customers: [string, number][];
  suppliers?: string[] | undefined;
}

/** Small registers that grow by what orders name. */
export class Registers {
  readonly codes: Record<RegisterKind, Map<string, CodeAndName>> = {
    orderTypes: new Map(),
    wayOfDeliveryTypes: new Map(),
    orderClasses: new Map(),
    purchaseOrderTypes: new Map(),
  };
  readonly customers = new Map<string, number>();
  readonly suppliers = new Set<string>();

  constructor(private readonly ground: Ground) {}

  /** Notes what an order names; answers what a person is told about it. */
  learn(fields: Fields): string[] {
    const told: string[] = [];
    this.note('orderTypes', fields.orderType);
    this.note('wayOfDeliveryTypes', fields.wayOfDelivery);
    for (const one of Array.isArray(fields.classes) ? fields.classes : []) this.note('orderClasses', one);
    const consignee = fields.consignee as { customerNumber?: unknown } | null | undefined;
    const number = consignee?.customerNumber;
    if (typeof number === 'string' && number !== '' && !this.customers.has(number)) {
      const id = this.ground.ids.next('customer');
      this.customers.set(number, id);
      told.push(`Customer with customer number '${number}' and ID '${id}' created.`);
    }
    return told;
  }

  /** The same for what a purchase order names. */
  learnPurchase(fields: Fields): string[] {
    this.note('purchaseOrderTypes', fields.purchaseOrderType);
    const { supplierNumber } = (fields.supplierInfo ?? {}) as { supplierNumber?: unknown };
    if (typeof supplierNumber !== 'string' || supplierNumber === '' || this.suppliers.has(supplierNumber))
      return [];
    this.suppliers.add(supplierNumber);
    return [`Supplier with supplier number '${supplierNumber}' created.`];
  }

  save(): RegisterState {
    const codes = KINDS.map((kind) => [kind, [...this.codes[kind].values()]]);
    return {
      codes: Object.fromEntries(codes) as RegisterState['codes'],
      customers: [...this.customers],
      suppliers: [...this.suppliers],
    };
  }

  load(state: RegisterState | undefined): void {
    for (const kind of KINDS) {
      this.codes[kind].clear();
      for (const one of state?.codes[kind] ?? []) this.codes[kind].set(one.code, one);
    }
    this.customers.clear();
    for (const [number, id] of state?.customers ?? []) this.customers.set(number, id);
    this.suppliers.clear();
    for (const number of state?.suppliers ?? []) this.suppliers.add(number);
  }

  private note(kind: RegisterKind, value: unknown): void {
    const { code, name } = (value ?? {}) as { code?: unknown; name?: unknown };
    if (typeof code !== 'string' || code === '' || this.codes[kind].has(code)) return;
    this.codes[kind].set(code, { code, name: typeof name === 'string' ? name : null });
  }
}

import type { TrytonErp } from './tryton-erp.mjs';

/** A sale or a purchase, by Tryton's own id. */
export interface Document {
  id: number;
  number: string;
  state: string;
}

export function keeperOf(erp: TrytonErp): {
  addArticle(
    code: string,
    options?: { stock?: number; grams?: number; barcode?: string; name?: string },
  ): Promise<void>;
  /** A carrier of that name, whose freight costs nothing. */
  addCarrier(name: string): Promise<void>;
  setStock(code: string, quantity: number): Promise<void>;
  /** Pieces that Tryton believes to be in its storage. */
  onHand(code: string): Promise<number>;
  /** From now on the article has no number. */
  takeCodeOff(code: string): Promise<void>;
  /** An offer, which no customer has said yes to. */
  quote(code: string, quantity: number): Promise<Document>;
  confirm(id: number): Promise<Document>;
  sell(code: string, quantity: number): Promise<Document>;
  changeSale(id: number, quantity: number): Promise<void>;
  touchSale(id: number): Promise<void>;
  cancelSale(id: number): Promise<void>;
  /** Of all shipments of a sale. */
  chooseCarrier(id: number, name: string): Promise<void>;
  sale(id: number): Promise<{
    state: string;
    shipmentState: string;
    shipments: {
      state: string;
      reference: string | null;
      carrier: string | undefined;
      notes: string[];
      tracking: string[];
      quantity: number;
    }[];
  }>;
  order(code: string, quantity: number): Promise<Document>;
  changePurchase(id: number, quantity: number): Promise<void>;
  touchPurchase(id: number): Promise<void>;
  cancelPurchase(id: number): Promise<void>;
  purchase(id: number): Promise<{
    state: string;
    shipmentState: string;
    receipts: { state: string; reference: string; quantity: number }[];
  }>;
  /** The notes at a document, such as sale.sale,1. */
  notes(resource: string): Promise<string[]>;
};

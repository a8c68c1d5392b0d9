import { Calls, type ClientOptions } from './calls.ts';

/**
 * Ongoing's bookmark: how many pieces of each line an integration has taken note of. There is one for each line,
 * whoever sets it, so of all integrations on a goods owner only one may. Setting the same number again changes nothing.
 */
export class ReportedNumbers {
  private readonly calls: Calls;

  constructor(options: ClientOptions) {
    this.calls = new Calls(options);
  }

  /** False where nobody knows what became of it, or where it was refused. */
  async setPicked(orderId: number, lineId: number, quantity: string): Promise<boolean> {
    const path = `orders/${orderId}/lines/${lineId}/reportedNumberOfItems`;
    return this.set(path, { reportedNumberOfItems: Number(quantity) }, 'orderId');
  }

  async setReturned(orderId: number, lineId: number, quantity: string): Promise<boolean> {
    const path = `orders/${orderId}/lines/${lineId}/reportedReturnedNumberOfItems`;
    return this.set(path, { reportedReturnedNumberOfItems: Number(quantity) }, 'orderId');
  }

  async setReceived(purchaseOrderId: number, lineId: number, quantity: string): Promise<boolean> {
    const path = `purchaseOrders/${purchaseOrderId}/lines/${lineId}/reportedNumberOfItems`;
    return this.set(path, { reportedNumberOfItems: Number(quantity) }, 'purchaseOrderId');
  }

  private async set(path: string, body: object, idMember: string): Promise<boolean> {
    return (await this.calls.write('PATCH', path, {}, body, idMember)).outcome === 'done';
  }
}

import type { World } from './world.ts';

interface ApiLine {
  rowNumber: string;
  pickedNumberOfItems: number | null;
  reportedNumberOfItems: number | null;
  reportedReturnedNumberOfItems: number | null;
}

/** Lines of an order as any integration of the goods owner reads them over Ongoing's API. */
export async function orderLinesInApi({ system: { simulator } }: World, number: string): Promise<ApiLine[]> {
  const { apiUrl, user, password, goodsOwnerId } = simulator;
  const url = new URL(
    `orders?goodsOwnerId=${goodsOwnerId}&orderNumbers=${encodeURIComponent(number)}`,
    apiUrl,
  );
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const orders = (await (await fetch(url, { headers: { authorization } })).json()) as {
    orderLines: ApiLine[];
  }[];
  return orders[0]?.orderLines ?? [];
}

import { z } from 'zod';

/** What was told of a parcel is kept at the order under a key of its own, so that none is told twice. */
const PARCEL = '_samlast_parcel_';

const Parcel = z.object({
  /** Pieces by the order's line. */
  lines: z.record(z.string(), z.number()),
  carrier: z.string().optional(),
  trackingNumber: z.string().optional(),
  trackingUrl: z.string().optional(),
  shippedAt: z.string().optional(),
});
export type Parcel = z.infer<typeof Parcel>;

/** The parcels that were told, by their ids. */
export function parcelsOf(meta: readonly { key: string; value?: unknown }[]): Map<string, Parcel> {
  return new Map(
    meta.flatMap(({ key, value }) => {
      if (!key.startsWith(PARCEL) || typeof value !== 'string') return [];
      const parcel = Parcel.safeParse(parse(value));
      return parcel.success ? [[key.slice(PARCEL.length), parcel.data]] : [];
    }),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How a parcel is kept at its order. */
export const parcelMeta = (id: string, parcel: Parcel) => ({
  key: `${PARCEL}${id}`,
  value: JSON.stringify(parcel),
});

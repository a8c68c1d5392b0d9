/** Stands at the end of the reference of a shipment that tells of a parcel, so that none is made twice. */
export const markOf = (parcel: string) => `[samlast ${parcel}]`;

/** Whether a shipment was carried out by this channel and not by staff. */
export const isOurs = (reference: string | null | undefined) => /\[samlast [^\]]+\]$/.test(reference ?? '');

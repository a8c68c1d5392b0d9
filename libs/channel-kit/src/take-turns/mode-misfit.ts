import type { Channel } from '@samlast/contracts';
import type { Shop } from '../shop.ts';

/** What is wrong with a way of selling that a shop of this kind does not have, for those who set it up. */
export function modeMisfit(
  { code, kind, mode }: Pick<Channel, 'code' | 'kind' | 'mode'>,
  { features: { safety = [] }, shelf }: Pick<Shop, 'features' | 'shelf'>,
  claimsToken?: string,
): string | undefined {
  const says = `channels.json says "mode": "${mode}" of channel ${code}, but a shop of kind ${kind}`;
  if (mode === 'lease' && !shelf)
    return `${says} shows no stock, so what is lent to it would be kept from the others for nothing. Leave the mode out.`;
  if (mode === 'claim' && !safety.includes('claim-safe')) {
    const better = safety.includes('lease-safe') ? 'Say "lease".' : 'Say "shared", with a margin.';
    return `${says} does not ask for pieces before it sells them, so its sales are promised to nobody. ${better}`;
  }
  if (mode === 'claim' && claimsToken === undefined)
    return `channels.json says "mode": "claim" of channel ${code}, but CLAIMS_TOKEN is not set, so nobody is told yes. Set it here and in the shop.`;
  return undefined;
}

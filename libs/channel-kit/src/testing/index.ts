export { channelContract, erpParts } from './channel-contract.ts';
export type {
  FarMessage,
  FarOrder,
  FarPurchases,
  FarReturns,
  FarSale,
  FarSide,
  FarWebhook,
} from './far-side.ts';
export { CODE, Stage, type StageOptions } from './stage.ts';

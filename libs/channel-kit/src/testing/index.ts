export { channelContract } from './channel-contract.ts';
export type { FarMessage, FarOrder, FarSide, FarWebhook } from './far-side.ts';
export { CODE, Stage, type StageOptions } from './stage.ts';

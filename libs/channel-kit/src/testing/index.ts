export { channelContract } from './channel-contract.ts';
export type { FarOrder, FarSide } from './far-side.ts';
export { CODE, Stage, type StageOptions } from './stage.ts';

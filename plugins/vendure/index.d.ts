import type { SamlastOptions } from '@samlast/checkout';
import { MultiChannelStockLocationStrategy } from '@vendure/core';

// oxlint-disable-next-line no-extraneous-class -- Vendure takes plugins as classes with a static init
export declare class SamlastPlugin {
  static init(options: SamlastOptions): typeof SamlastPlugin;
}

/** Counts every order in full among the allocated pieces, also where several are placed in the same moment. */
export declare class LockingStockLocationStrategy extends MultiChannelStockLocationStrategy {}

/** Injects the channel's entry of channels.json. */
export const CHANNEL = Symbol('CHANNEL');
/** Injects the kind's definition. */
export const DEFINITION = Symbol('DEFINITION');
/** Injects the adapter. */
export const SHOP = Symbol('SHOP');
/** Injects the channel's configuration. */
export const SETTINGS = Symbol('SETTINGS');

/** Injects the service's own configuration, as its schema parsed it. */
export const CONFIG = Symbol('CONFIG');
/** Injects the list of channels: `Channel[]` of contracts. */
export const CHANNELS = Symbol('CHANNELS');

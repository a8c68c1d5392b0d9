export const OPTIONS = Symbol('messaging options');
export const TRANSPORT = Symbol('messaging transport');
export const COUNTS = Symbol('messaging counts');

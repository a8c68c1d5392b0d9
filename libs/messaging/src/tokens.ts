export const OPTIONS = Symbol('messaging options');
export const TRANSPORT = Symbol('messaging transport');

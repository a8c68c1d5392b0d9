export { Consumes, type Handler } from './consumes.ts';
export type { Message, MessageOf } from './message.ts';
export { Unprocessable } from './unprocessable.ts';

export { config } from './config.ts';
export { service } from './service.ts';

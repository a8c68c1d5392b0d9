import { startNest } from './nest.ts';
import type { ContestantSettings } from './order-effects.ts';
import { startSamlast } from './samlast.ts';

const settings = JSON.parse(process.argv[2] ?? '{}') as ContestantSettings;
await (settings.kind === 'samlast' ? startSamlast(settings) : startNest(settings));
console.log('ready');

import { setFlagsFromString } from 'node:v8';
import { runService } from '@samlast/service';
import { service } from './service.ts';

// V8 lets its heap double and more before it collects what is dead in it: a sweep over 100,000 articles then holds
// 250 MiB for the 60 that are in use. This is 65, for as long a sweep (docs/benchmarks.md, gateway).
setFlagsFromString('--heap-growing-percent=40');

await runService(service);

import { runService } from '@samlast/service';
import { service } from './service.ts';

await runService(service);

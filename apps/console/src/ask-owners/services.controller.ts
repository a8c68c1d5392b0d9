import { Controller, Get, Header, UseGuards } from '@nestjs/common';
import { Public } from '@samlast/service';
import { z } from 'zod';
import type { ServiceNow } from '../look-up/shapes.ts';
import { SessionGuard } from '../sign-in/session.guard.ts';
import { ChannelAnswers } from './channel-lists.ts';
import { Owners } from './owners.ts';
import { DeadLetterList, parkedMessages } from './parked.controller.ts';

const GATEWAY = 'wms-gateway';
const Advice = z.object({ advice: z.array(z.string()) });
/** Where the gateway says what a person should do although it does its work. */
const ADVICE_OF_GATEWAY = ['/ops/webhooks', '/ops/registers'];

/** How the services are, asked at this moment. One that is down is a line on the page and nothing else. */
@Public()
@UseGuards(SessionGuard)
@Controller('api/services')
export class ServicesController {
  constructor(
    private readonly owners: Owners,
    private readonly channels: ChannelAnswers,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async list(): Promise<{ services: ServiceNow[] }> {
    return { services: await Promise.all(this.owners.names().map((service) => this.now(service))) };
  }

  private async now(service: string): Promise<ServiceNow> {
    const [readiness, letters, onLists, failing] = await Promise.all([
      this.owners.readiness(service),
      this.owners.get(service, '/ops/dead-letters', DeadLetterList),
      this.onLists(service),
      this.failing(service),
    ]);
    if (readiness.outcome !== 'answered') return { service, problem: readiness.text, faults: [] };
    const { ready, faults = {} } = readiness.value;
    return {
      service,
      ready,
      onLists,
      failing,
      faults: Object.entries(faults).map(([name, fault]) => `${name}: ${fault}`),
      ...(letters.outcome === 'answered'
        ? { parked: parkedMessages(letters.value).length }
        : { problem: letters.text }),
    };
  }

  /** What fails again and again though the service is well, in sentences that say what to do. */
  private async failing(service: string): Promise<string[] | undefined> {
    if (this.owners.channels().includes(service)) return this.channels.failing(service);
    if (service !== GATEWAY) return undefined;
    const answers = await Promise.all(
      ADVICE_OF_GATEWAY.map((path) => this.owners.get(service, path, Advice)),
    );
    return answers.flatMap((answer) => (answer.outcome === 'answered' ? answer.value.advice : []));
  }

  private async onLists(service: string): Promise<number | undefined> {
    if (!this.owners.channels().includes(service)) return undefined;
    const { orders, calls } = await this.channels.of(service);
    return orders.length + calls.filter((call) => call.state === 'parked').length;
  }
}

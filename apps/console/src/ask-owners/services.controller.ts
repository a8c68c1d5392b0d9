import { Controller, Get, Header, UseGuards } from '@nestjs/common';
import { Public } from '@samlast/service';
import type { ServiceNow } from '../look-up/shapes.ts';
import { SessionGuard } from '../sign-in/session.guard.ts';
import { ChannelAnswers } from './channel-lists.ts';
import { Owners } from './owners.ts';
import { DeadLetterList, parkedMessages } from './parked.controller.ts';

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
      this.owners.channels().includes(service) ? this.channels.failing(service) : undefined,
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

  private async onLists(service: string): Promise<number | undefined> {
    if (!this.owners.channels().includes(service)) return undefined;
    const { orders, calls } = await this.channels.of(service);
    return orders.length + calls.filter((call) => call.state === 'parked').length;
  }
}

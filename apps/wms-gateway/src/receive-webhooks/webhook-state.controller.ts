import { Controller, Get, Inject } from '@nestjs/common';
import { CONFIG } from '@samlast/service';
import { type Config, takesWebhooks } from '../config.ts';
import { advise } from './advice.ts';
import { WebhookGaps } from './gaps.ts';

/** Whether webhooks and polling find the same, and what to do where they do not. */
@Controller('ops/webhooks')
export class WebhookStateController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly gaps: WebhookGaps,
  ) {}

  @Get()
  async show() {
    const { refusedAt } = this.gaps;
    const isOn = takesWebhooks(this.config);
    const withinMin = this.config.WEBHOOK_GAP_MIN;
    const { gaps, received, lastAt } = await this.gaps.lastDay();
    const advice = advise({ isOn, withinMin, gaps, received, lastAt, refusedAt });
    return { isOn, withinMin, received, lastAt, refusedAt: refusedAt ?? null, gaps, advice };
  }
}

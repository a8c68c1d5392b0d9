import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Log } from '@samlast/service';
import { DataSource } from 'typeorm';
import { dueClaims } from '../tables/claims.ts';
import { AskAgain } from './ask-again.ts';
import { ClaimDesk } from './claim-desk.ts';
import { RepeatedLook } from '../repeated-look.ts';

const LOOK_EVERY_MS = 500;
const AT_ONCE = 256;

/**
 * Ends claims whose time is up. Any number of processes may do it: an expiry names the state that it was decided on,
 * so that of an expiry and a confirmation only the first one counts.
 */
@Injectable()
export class ExpireClaims implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly looks = new RepeatedLook(LOOK_EVERY_MS, () => this.look());

  constructor(
    private readonly source: DataSource,
    private readonly desk: ClaimDesk,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.looks.begin();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.looks.end();
  }

  private async look(): Promise<boolean> {
    let more = false;
    try {
      const due = await dueClaims(this.source.manager, AT_ONCE);
      await Promise.all(due.map((claim) => this.desk.ask({ kind: 'expire', ...claim })));
      more = due.length === AT_ONCE;
    } catch (error) {
      // The desk is full or the database away: what is due now is due at the next look.
      if (!(error instanceof AskAgain))
        this.log.warn('claims could not be ended and are looked at again', { error });
    }
    return more;
  }
}

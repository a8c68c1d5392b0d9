import { Body, Controller, Get, HttpCode, NotFoundException, Param, Post } from '@nestjs/common';
import { fitText } from '@samlast/contracts';
import { Authored } from '@samlast/service';
import { DataSource } from 'typeorm';
import { InboundCaller } from './inbound-caller.ts';

const ROWS_MOST = 500;

/** What a person can see of announcements and do about them. Every command carries who gave it and why, and is kept. */
@Controller('ops/inbound')
export class OperateInbound {
  constructor(
    private readonly database: DataSource,
    private readonly caller: InboundCaller,
  ) {}

  /** Those that a person should look at: not readable, refused, cancelled too late. */
  @Get('attention')
  attention() {
    return this.database.query(
      `SELECT kind, id, number, shop_number AS "shopNumber", state, attention AS reason, attention_at AS since
       FROM inbound WHERE attention IS NOT NULL ORDER BY attention_at DESC LIMIT ${ROWS_MOST}`,
    );
  }

  /** Takes one off that list: a person has settled it. */
  @Post('attention/:kind/:id/settle')
  @HttpCode(200)
  async settle(
    @Param('kind') kind: string,
    @Param('id') id: string,
    @Body({ schema: Authored }) { author, reason }: Authored,
  ) {
    await this.keep('settle-inbound', `${kind}/${id}`, author, reason);
    await this.database.query(
      'UPDATE inbound SET attention = NULL, attention_at = NULL WHERE kind = $1 AND id = $2',
      [kind, id],
    );
    return { settled: true };
  }

  /** What is still to be told to the system, or was refused by it. */
  @Get('calls')
  calls() {
    return this.database.query(
      `SELECT c.id, c.kind, c.news ->> 'kind' AS news, c.key, c.state, c.tries, c.next_at AS "nextAt", c.reason, i.number
       FROM inbound_calls c JOIN inbound i ON i.kind = c.kind AND i.id = c.inbound_id
       WHERE c.state <> 'done' ORDER BY c.id LIMIT ${ROWS_MOST}`,
    );
  }

  @Post('calls/:id/retry')
  @HttpCode(200)
  retry(@Param('id') id: string, @Body({ schema: Authored }) { author, reason }: Authored) {
    return this.endParked(id, author, reason, 'waiting');
  }

  @Post('calls/:id/discard')
  @HttpCode(200)
  discard(@Param('id') id: string, @Body({ schema: Authored }) { author, reason }: Authored) {
    return this.endParked(id, author, reason, 'done');
  }

  private async endParked(id: string, author: string, reason: string, state: 'waiting' | 'done') {
    const [, count] = (await this.database.query(
      `UPDATE inbound_calls SET state = $2, next_at = now() WHERE id::text = $1 AND state = 'parked'`,
      [id, state],
    )) as [unknown, number];
    if (count === 0) throw new NotFoundException('No call with this id has been refused by the system.');
    await this.keep(`inbound-call-${state}`, id, author, reason);
    this.caller.wake();
    return { id, state };
  }

  private async keep(command: string, subject: string, author: string, reason: string): Promise<void> {
    await this.database.query(
      'INSERT INTO commands (command, subject, author, reason) VALUES ($1, $2, $3, $4)',
      [command, fitText(subject, 200), author, reason],
    );
  }
}

import { Controller, Get, Header, NotFoundException, Param, Query, UseGuards } from '@nestjs/common';
import { Public } from '@samlast/service';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { SessionGuard } from '../sign-in/session.guard.ts';
import { searchKey } from './search-key.ts';
import type { InboundDetail, InboundRow } from './shapes.ts';
import { Text } from './text.ts';

const ROWS_MAX = 100;
const Wanted = z.strictObject({ search: Text.optional() });
const Kind = z.enum(['purchase-order', 'return']);

const COLUMNS = `kind, number, channel, state, first_at AS "firstAt", last_at AS "lastAt"`;

/** What is announced to come in to the warehouse, and one announcement's way. */
@Public()
@UseGuards(SessionGuard)
@Controller('api/inbound')
export class InboundController {
  constructor(private readonly database: DataSource) {}

  @Get()
  @Header('cache-control', 'no-store')
  async list(
    @Query({ schema: Wanted }) { search }: z.output<typeof Wanted>,
  ): Promise<{ inbound: InboundRow[] }> {
    const key = searchKey(search ?? '');
    const inbound = await this.database.query<InboundRow[]>(
      `SELECT ${COLUMNS} FROM inbound
       WHERE $1 = '' OR starts_with(number_key, $1) OR starts_with(shop_number_key, $1)
       ORDER BY first_at DESC, number LIMIT ${ROWS_MAX}`,
      [key],
    );
    return { inbound };
  }

  @Get(':kind/:number')
  @Header('cache-control', 'no-store')
  async one(
    @Param('kind', { schema: Kind }) kind: string,
    @Param('number', { schema: Text }) number: string,
  ): Promise<InboundDetail> {
    const [row] = await this.database.query<InboundRow[]>(
      `SELECT ${COLUMNS} FROM inbound WHERE kind = $1 AND number = $2`,
      [kind, number],
    );
    if (!row)
      throw new NotFoundException(`Nothing of the number ${number} was announced. Search by its number.`);
    const events = await this.database.query<InboundDetail['events']>(
      `SELECT id, at, source, type, station, text FROM inbound_events WHERE kind = $1 AND number = $2
       ORDER BY at, topic LIKE 'wms.%', position`,
      [kind, number],
    );
    return { ...row, events };
  }
}

import { Controller, Get, Header, UseGuards } from '@nestjs/common';
import { Public } from '@samlast/service';
import { z } from 'zod';
import type { ForeignOrder } from '../look-up/shapes.ts';
import { SessionGuard } from '../sign-in/session.guard.ts';
import { Owners } from './owners.ts';
import { valueOf } from './relay-answer.ts';

const ForeignList = z.array(
  z.object({
    wms_order_id: z.int(),
    number: z.string(),
    order_type: z.string().nullable(),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
);

/** Orders in the warehouse that no channel sent: passed over in silence, for whoever wants to see them (promise P5). */
@Public()
@UseGuards(SessionGuard)
@Controller('api/foreign-orders')
export class ForeignController {
  constructor(private readonly owners: Owners) {}

  @Get()
  @Header('cache-control', 'no-store')
  async list(): Promise<{ orders: ForeignOrder[] }> {
    const rows = valueOf(await this.owners.get('wms-gateway', '/ops/foreign-orders', ForeignList));
    return {
      orders: rows.map((row) => ({
        number: row.number,
        wmsOrderId: row.wms_order_id,
        type: row.order_type ?? undefined,
        firstSeen: row.first_seen,
        lastSeen: row.last_seen,
      })),
    };
  }
}

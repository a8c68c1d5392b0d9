import { Controller, Get, Header, NotFoundException, Param, Query, UseGuards } from '@nestjs/common';
import { Public } from '@samlast/service';
import { z } from 'zod';
import { orderStates } from '../follow-orders/fold.ts';
import { SessionGuard } from '../sign-in/session.guard.ts';
import { OrderSearch } from './order-search.ts';
import { Text } from './text.ts';

const Wanted = z.strictObject({
  search: Text.optional(),
  state: z.enum(orderStates).optional(),
  /** The last order of the page before: its first time and number. */
  before: z
    .string()
    .max(100)
    .refine((text) => !Number.isNaN(Date.parse(text.split(' ')[0] ?? '')) && text.includes(' '), {
      message: "must be '<time> <number>' of the last order shown",
    })
    .optional(),
});

/** Orders by either number, and one order's way. */
@Public()
@UseGuards(SessionGuard)
@Controller('api/orders')
export class OrdersController {
  constructor(private readonly orders: OrderSearch) {}

  @Get()
  @Header('cache-control', 'no-store')
  list(@Query({ schema: Wanted }) wanted: z.output<typeof Wanted>) {
    return this.orders.list(wanted);
  }

  @Get(':number')
  @Header('cache-control', 'no-store')
  async one(@Param('number', { schema: Text }) number: string) {
    const order = await this.orders.one(number);
    if (order) return order;
    throw new NotFoundException(
      `No order ${number} has been seen. Search by the shop's number or with -CODE behind it.`,
    );
  }
}

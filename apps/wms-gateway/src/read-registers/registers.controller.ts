import { Controller, Get } from '@nestjs/common';
import { TenantRegisters } from './tenant-registers.ts';

/** How the tenant is set up, and what the settings do not answer for. */
@Controller('ops/registers')
export class RegistersController {
  constructor(private readonly registers: TenantRegisters) {}

  @Get()
  show() {
    const { readAt, orderStatuses, purchaseStatuses, warehouses, advice } = this.registers.show();
    return {
      readAt: readAt ?? null,
      orderStatuses: orderStatuses ?? null,
      purchaseStatuses: purchaseStatuses ?? null,
      warehouses: warehouses ?? null,
      advice,
    };
  }
}

import { pickability } from './pickability.ts';
import { ok, time, type Route } from './route.ts';
import { fromMilli } from '../warehouse/milli.ts';

const WAREHOUSE = { id: 1, code: 'MAIN', name: 'Main warehouse' };

/** Registers and what is read only. They stand before the routes with ids, whose paths they resemble. */
export const registerRoutes: Route[] = [
  {
    method: 'GET',
    path: '/orders/statuses',
    handle: ({ warehouse }) => ok({ orderStatuses: warehouse.ground.knobs.statusSet }),
  },
  {
    method: 'GET',
    path: '/orders/types',
    handle: ({ warehouse }) => ok({ orderTypes: [...warehouse.registers.codes.orderTypes.values()] }),
  },
  {
    method: 'GET',
    path: '/orders/classes',
    handle: ({ warehouse }) => ok({ orderClasses: [...warehouse.registers.codes.orderClasses.values()] }),
  },
  {
    method: 'GET',
    path: '/orders/wayOfDeliveryTypes',
    handle: ({ warehouse }) =>
      ok({
        wayOfDeliveryTypes: [...warehouse.registers.codes.wayOfDeliveryTypes.values()].map((one, index) => ({
          id: index + 1,
          ...one,
        })),
      }),
  },
  { method: 'GET', path: '/orders/pickability', handle: (call) => ok(pickability(call)) },
  {
    method: 'GET',
    path: '/warehouses',
    handle: ({ warehouse }) =>
      ok([WAREHOUSE, ...warehouse.ground.knobs.moreWarehouses].map((one) => ({ ...one, address: null }))),
  },
  {
    method: 'GET',
    path: '/transporterContracts',
    handle: () =>
      ok([
        {
          ediCode: 'SIM',
          transporterName: 'Simulated Post',
          transporterCode: 'SIMULATED_POST',
          transporterServiceCode: 'STANDARD',
          transporterServices: [{ transporterServiceName: 'Standard', transporterServiceCode: 'STANDARD' }],
        },
      ]),
  },
  {
    method: 'GET',
    path: '/inventoryAdjustments',
    handle: ({ warehouse, query }) => {
      const from = query.time('from') ?? -Infinity;
      const to = query.time('toTime') ?? query.time('to') ?? Infinity;
      return ok(
        warehouse.adjustments
          .filter(({ at }) => at >= from && at <= to)
          .map((adjustment) => ({
            article: {
              articleSystemId: adjustment.articleId,
              articleNumber: warehouse.articles.get(adjustment.articleId).number,
            },
            inventoryAdjustments: [
              {
                inventoryId: adjustment.id,
                numberOfItems: fromMilli(adjustment.quantity),
                inventoryTime: time(adjustment.at),
                articleItemComment: null,
                inventoryItemComment: adjustment.comment,
                inventoryAdjustmentCause: adjustment.cause
                  ? { code: adjustment.cause, name: adjustment.cause }
                  : null,
                location: adjustment.location,
                batchNumber: null,
                serial: null,
                articleItemStatus: null,
                expiryDate: null,
                warehouse: WAREHOUSE,
              },
            ],
          })),
      );
    },
  },
];
